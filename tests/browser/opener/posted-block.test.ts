import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ENVELOPE_BLOCK, takeBlock } from '../../../src/browser/opener/posted-block.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A page that comes in piece by piece, as a parser builds it. */
function comingPage() {
  const events = new EventTarget()
  const block = {
    childNodes: [] as { length: number }[],
    nextElementSibling: null as object | null,
    remove: vi.fn<() => void>(),
  }
  const page = {
    readyState: 'loading',
    getElementById: (id: string) => (id === ENVELOPE_BLOCK ? block : null),
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  }
  let taken: unknown = 'waits'
  void takeBlock(page as unknown as Document, ENVELOPE_BLOCK).then(block => (taken = block))
  return {
    block,
    taken: () => taken,
    /** As many seconds pass, in each of which so many pieces come. */
    async pass(seconds: number, pieces = 0): Promise<void> {
      for (let second = 0; second < seconds; second += 1) {
        for (let piece = 0; piece < pieces; piece += 1) block.childNodes.push({ length: 10 })
        await vi.advanceTimersByTimeAsync(1000)
      }
    },
    async becomes(readyState: string): Promise<void> {
      page.readyState = readyState
      events.dispatchEvent(new Event('readystatechange'))
      await vi.advanceTimersByTimeAsync(0)
    },
  }
}

describe('the block of a page that is coming in', () => {
  it('is taken out as soon as all of it is there', async () => {
    const { block, becomes, pass, taken } = comingPage()
    await pass(5, 1)
    expect(taken()).toBe('waits')
    block.nextElementSibling = {}
    await becomes('interactive')
    expect(taken()).toBe(block)
    expect(block.remove).toHaveBeenCalledOnce()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is none when its line broke, or the person stopped it, before its end', async () => {
    const { becomes, pass, taken } = comingPage()
    await pass(1, 1)
    await becomes('complete') // without DOMContentLoaded: HTML, abort a parser
    expect(taken()).toBeNull()
  })

  it('is none when nothing has come for twenty seconds, where the browser does not say that its line broke', async () => {
    const { pass, taken } = comingPage()
    await pass(1, 1)
    await pass(19)
    expect(taken()).toBe('waits')
    await pass(1)
    expect(taken()).toBeNull()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is waited for as long as something comes, however slowly', async () => {
    const { block, becomes, pass, taken } = comingPage()
    for (let minute = 0; minute < 20; minute += 1) {
      await pass(15)
      await pass(1, 1)
    }
    expect(taken()).toBe('waits')
    block.nextElementSibling = {}
    await becomes('interactive')
    expect(taken()).toBe(block)
  })
})
