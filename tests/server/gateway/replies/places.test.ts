import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { Places } from '../../../../src/server/gateway/replies/places.ts'
import type { Holder } from '../../../../src/server/gateway/replies/places.ts'
import { patienceMs } from '../../../support/patience.ts'

const limits = { places: 2, placesOfWriter: 1, waiting: 9, waitingMs: 60_000, lookMs: 5 }

interface Held extends Holder {
  readonly breakOff: ReturnType<typeof vi.fn<() => void>>
  readonly done: Promise<void>
}

/** Works in a place, late from the beginning, until it is broken off. */
function hold(places: Places, writer: string, ending: AbortSignal): Held {
  let end = (): void => undefined
  const work = new Promise<void>(resolve => (end = resolve))
  const holder = { lateMs: 1, breakOff: vi.fn<() => void>(() => end()) }
  const done = places.run(writer, holder, ending, () => work).catch(() => undefined)
  return { ...holder, done }
}

describe('places that are all taken', () => {
  it('threat: a writer who has all of theirs does not press others out of places that stay empty', async () => {
    const ending = new AbortController()
    const places = new Places(limits)
    const slow = hold(places, 'alice', ending.signal)
    const others = ['mallory', 'mallory'].map(writer => hold(places, writer, ending.signal))
    await delay(8 * limits.lookMs)
    expect(slow.breakOff).not.toHaveBeenCalled()
    const next = hold(places, 'bob', ending.signal)
    await vi.waitFor(() => expect(slow.breakOff).toHaveBeenCalledTimes(1), patienceMs)
    ending.abort()
    for (const each of [slow, ...others, next]) each.breakOff()
    await Promise.all([slow, ...others, next].map(({ done }) => done))
  })
})
