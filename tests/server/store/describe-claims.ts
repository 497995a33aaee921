import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Store } from '../../../src/server/store/store.ts'

const NOW_MS = Date.UTC(2026, 10, 21)

/** A submission that is being delivered belongs to one of all nodes. docs/replies.md §4 */
export function describeClaims(nodes: () => { readonly a: Store; readonly b: Store }): void {
  it('gives a claim to exactly one of 1,000 parallel callers, until it ends', async () => {
    const { a, b } = nodes()
    const hash = randomBytes(32)
    const claims = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) =>
        (i % 2 === 0 ? a : b).deliveries.claim(hash, NOW_MS, NOW_MS + 10),
      ),
    )
    expect(claims.filter(Boolean)).toHaveLength(1)
    expect(await b.deliveries.claim(hash, NOW_MS + 9, NOW_MS + 30)).toBe(false)
    const again = await Promise.all(
      [a, b, a, b].map(store => store.deliveries.claim(hash, NOW_MS + 10, NOW_MS + 30)),
    )
    expect(again.filter(Boolean)).toHaveLength(1)
  })

  it('prolongs and gives back a claim of one’s own alone', async () => {
    const { a, b } = nodes()
    const hash = randomBytes(32)
    await a.deliveries.claim(hash, NOW_MS, NOW_MS + 10)
    expect(await a.deliveries.prolong(hash, NOW_MS + 10, NOW_MS + 20)).toBe(true)
    expect(await b.deliveries.claim(hash, NOW_MS + 10, NOW_MS + 50)).toBe(false)
    expect(await a.deliveries.prolong(hash, NOW_MS + 10, NOW_MS + 90)).toBe(false)
    expect(await b.deliveries.claim(hash, NOW_MS + 20, NOW_MS + 60)).toBe(true)
    expect(await a.deliveries.prolong(hash, NOW_MS + 20, NOW_MS + 90)).toBe(false)
    await a.deliveries.giveUp(hash, NOW_MS + 20)
    expect(await a.deliveries.claim(hash, NOW_MS + 21, NOW_MS + 90)).toBe(false)
    await b.deliveries.giveUp(hash, NOW_MS + 60)
    expect(await a.deliveries.claim(hash, NOW_MS + 21, NOW_MS + 90)).toBe(true)
  })
}
