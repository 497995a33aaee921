import { expect, it } from 'vitest'
import { watchUpload } from '../../../src/browser/composer/upload-watch.ts'

const total = 100_000_000

/** @param steps bytes that are told, and after how many milliseconds */
function mayBeWhole(
  steps: readonly (readonly [loaded: number, atMs: number])[],
  askedAtMs: number,
  isOffline = false,
): boolean {
  let nowMs = 0
  const watch = watchUpload(total, () => nowMs, isOffline)
  for (const [loaded, atMs] of steps) {
    nowMs = atMs
    watch.tell(loaded)
  }
  nowMs = askedAtMs
  return watch.mayBeWhole()
}

it('an upload that nothing was told of may be whole, unless there was no connection to begin with', () => {
  expect(mayBeWhole([], 50)).toBe(true)
  expect(mayBeWhole([], 50, true)).toBe(false)
})

it('one that was told to its end is', () => {
  expect(mayBeWhole([[total, 100]], 100, true)).toBe(true)
})

it('one that was told to its middle is not, unless the rest may have gone since it was told', () => {
  expect(mayBeWhole([[10_000_000, 10_000]], 10_100)).toBe(false)
  expect(mayBeWhole([[10_000_000, 10_000]], 60_000)).toBe(true)
  expect(mayBeWhole([[40_000_000, 100]], 150)).toBe(true)
  expect(
    mayBeWhole(
      [
        [40_000_000, 100],
        [50_000_000, 20_000],
      ],
      20_100,
    ),
  ).toBe(false)
})
