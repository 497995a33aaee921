import { onTestFinished, describe, expect, it } from 'vitest'
import { ALLOWANCES } from '../../../src/server/identity/limits.ts'
import { createRateLimiter } from '../../../src/server/identity/rate-limiter.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import type { RateStore } from '../../../src/server/store/store.ts'

const DAY_MS = 86_400_000
const secret = new Uint8Array(32).fill(3)

async function limiter(options: { scale?: number } = {}) {
  const store = await openStore('sqlite::memory:')
  onTestFinished(() => store.close())
  const keys: string[] = []
  const rates: Pick<RateStore, 'take'> = {
    take: (key, startMs, endMs) => {
      keys.push(key)
      return store.rates.take(key, startMs, endMs)
    },
  }
  const state = { nowMs: Date.UTC(2026, 10, 21, 12, 3) }
  const take = createRateLimiter({ rates, secret, clock: () => state.nowMs, ...options })
  return { take, keys, state }
}

describe('createRateLimiter', () => {
  const [first] = ALLOWANCES['passcode-address']

  it('allows what the allowance says, then names the seconds to wait', async () => {
    const { take } = await limiter()
    for (let i = 0; i < first.count; i += 1)
      expect(await take('passcode-address', 'bob@example.net')).toEqual({ allowed: true })
    expect(await take('passcode-address', 'bob@example.net')).toEqual({
      allowed: false,
      retryAfterSeconds: 7 * 60,
    })
  })

  it('slows down and never locks: a new window allows again, however often it was refused', async () => {
    const { take, state } = await limiter()
    for (let i = 0; i < 50; i += 1) await take('passcode-message', 'x')
    expect((await take('passcode-message', 'x')).allowed).toBe(false)
    state.nowMs += first.windowMs
    expect((await take('passcode-message', 'x')).allowed).toBe(true)
  })

  it('counts each subject and each limit for itself, and multiplies by the factor and the scale', async () => {
    const { take } = await limiter()
    for (let i = 0; i < 4; i += 1) await take('passcode-message', 'x')
    expect((await take('passcode-message', 'x')).allowed).toBe(false)
    expect((await take('passcode-message', 'x', 2)).allowed).toBe(true)
    expect((await take('passcode-message', 'y')).allowed).toBe(true)
    expect((await take('usage-network', 'x')).allowed).toBe(true)
    const relaxed = await limiter({ scale: 10 })
    for (let i = 0; i < 40; i += 1)
      expect((await relaxed.take('passcode-message', 'x')).allowed).toBe(true)
  })

  it('keeps keys that say nothing and change every day', async () => {
    const { take, keys, state } = await limiter()
    await take('passcode-message', 'bob@example.net')
    state.nowMs += DAY_MS
    await take('passcode-message', 'bob@example.net')
    expect(new Set(keys).size).toBe(2)
    for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9_-]{22}\.\d+$/)
  })

  it('has no window that spans the daily change', () => {
    for (const allowances of Object.values(ALLOWANCES))
      for (const { windowMs } of allowances) expect(DAY_MS % windowMs).toBe(0)
  })
})
