import { beforeEach, describe, expect, it } from 'vitest'
import { CLOCK_STEP_MS, MAX_CLOCK_GAP_MS } from '../../../src/server/store/limits.ts'
import type { Store } from '../../../src/server/store/store.ts'

const HOUR_MS = 3_600_000

/** A part of the suite of describe-store.ts; `stores` gives two connections to one database. */
export function describeClock(
  stores: () => readonly [Store, Store],
  parallel: <T>(count: number, call: (store: Store) => Promise<T>) => Promise<T[]>,
): void {
  describe('threat: a clock that jumps ahead', () => {
    // PostgreSQL compares with its own clock, so the times here are about now.
    const nowMs = Date.now()
    let a: Store
    let b: Store
    beforeEach(() => {
      ;[a, b] = stores()
    })
    const reason = (verdict: Awaited<ReturnType<Store['clock']['judge']>>) =>
      verdict.believed ? 'believed' : verdict.reason

    it('is believed at first, and while it goes on as clocks do', async () => {
      expect(await a.clock.advance(nowMs)).toEqual({ believed: true, lastMs: null, watchedMs: 0 })
      const next = { believed: true, lastMs: nowMs, watchedMs: HOUR_MS }
      expect(await b.clock.advance(nowMs + HOUR_MS)).toEqual(next)
      expect(await a.clock.judge(nowMs)).toEqual({ ...next, lastMs: nowMs + HOUR_MS })
    })

    it('is not believed after a leap of more than 40 days, until a person confirms the date', async () => {
      await a.clock.confirm(nowMs - MAX_CLOCK_GAP_MS - 1)
      for (let rounds = 0; rounds < 3; rounds += 1)
        expect(reason(await b.clock.advance(nowMs))).toBe('gap')
      expect(reason(await a.clock.judge(nowMs))).toBe('gap')
      await a.clock.confirm(nowMs)
      expect(reason(await b.clock.advance(nowMs))).toBe('believed')
    })

    it('is believed again, without anyone, once it is set right', async () => {
      await a.clock.confirm(nowMs - MAX_CLOCK_GAP_MS - HOUR_MS)
      expect(reason(await a.clock.advance(nowMs))).toBe('gap')
      expect(reason(await a.clock.advance(nowMs - HOUR_MS))).toBe('believed')
    })

    it('is not believed after a leap back of more than 40 days either, so that the right time is no leap later', async () => {
      await a.clock.advance(nowMs)
      const back = await b.clock.advance(nowMs - MAX_CLOCK_GAP_MS - HOUR_MS)
      expect(back.believed).toBe(false) // PostgreSQL's own clock says so too
      expect(await a.clock.advance(nowMs + HOUR_MS)).toMatchObject({ watchedMs: HOUR_MS })
    })

    it('adds no more than two hours to what was watched, however far it leaps, and nothing when it goes back', async () => {
      await a.clock.confirm(nowMs - MAX_CLOCK_GAP_MS)
      expect(await a.clock.advance(nowMs)).toMatchObject({ watchedMs: CLOCK_STEP_MS })
      expect(await a.clock.advance(nowMs - HOUR_MS)).toMatchObject({ watchedMs: CLOCK_STEP_MS })
      const hourLater = await a.clock.advance(nowMs)
      expect(hourLater).toMatchObject({ watchedMs: CLOCK_STEP_MS + HOUR_MS })
    })

    it('counts an hour once when many nodes come at its end', async () => {
      await a.clock.advance(nowMs - HOUR_MS)
      const verdicts = await parallel(20, store => store.clock.advance(nowMs))
      expect(verdicts.map(reason)).toEqual(verdicts.map(() => 'believed'))
      expect(await a.clock.judge(nowMs)).toMatchObject({ watchedMs: HOUR_MS })
    })
  })
}
