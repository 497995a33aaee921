import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Store, StoredAssociation } from '../../../src/server/store/store.ts'

const DAY_MS = 86_400_000
const NOW_MS = Date.UTC(2026, 10, 21)

const newId = (): string => randomBytes(16).toString('base64url')

const association = (fields: Partial<StoredAssociation> = {}): StoredAssociation => ({
  id: newId(),
  organisationId: 'example',
  accountHash: new Uint8Array(randomBytes(32)),
  addressHash: new Uint8Array(randomBytes(32)),
  provider: 'microsoft',
  assurance: 'mailbox',
  createdAtMs: NOW_MS,
  lastProvenAtMs: NOW_MS,
  lapsesAtMs: NOW_MS + DAY_MS,
  ...fields,
})

/** A part of the suite of describe-store.ts; `stores` gives two connections to one database. */
export function describeAssociations(stores: () => readonly [Store, Store]): void {
  describe('associations', () => {
    let a: Store
    let b: Store
    beforeEach(() => {
      ;[a, b] = stores()
    })

    it('are found by account and by address, before their organisation alone', async () => {
      const first = association()
      const second = association({ accountHash: first.accountHash, createdAtMs: NOW_MS + 1 })
      expect(await a.associations.put(first)).toBe(true)
      expect(await a.associations.put(second)).toBe(true)
      await a.associations.put(association({ ...first, id: newId(), organisationId: 'other' }))
      const own = await b.associations.ofAccount('example', first.accountHash, NOW_MS)
      expect(own).toEqual([first, second])
      expect(await b.associations.ofAddress('example', second.addressHash, NOW_MS)).toEqual([
        second,
      ])
      expect(await b.associations.ofAddress('third', first.addressHash, NOW_MS)).toEqual([])
    })

    it('are made once for an account and an address, however many nodes make them', async () => {
      const first = association()
      const again = { ...first, id: newId(), createdAtMs: NOW_MS + 5, lapsesAtMs: NOW_MS + 9 }
      const made = await Promise.all([a.associations.put(first), b.associations.put(again)])
      expect(made.filter(Boolean)).toHaveLength(1)
      expect(await a.associations.ofAccount('example', first.accountHash, NOW_MS)).toHaveLength(1)
    })

    it('live as long as their mailbox is proven now and then, and are swept afterwards', async () => {
      const one = association()
      await a.associations.put(one)
      expect(await b.associations.renew(one, NOW_MS + 5, NOW_MS + 2 * DAY_MS)).toBe(true)
      const [renewed] = await a.associations.ofAccount('example', one.accountHash, NOW_MS + DAY_MS)
      expect(renewed).toMatchObject({
        id: one.id,
        createdAtMs: NOW_MS,
        lastProvenAtMs: NOW_MS + 5,
        lapsesAtMs: NOW_MS + 2 * DAY_MS,
      })
      const late = NOW_MS + 2 * DAY_MS
      expect(await a.associations.ofAccount('example', one.accountHash, late)).toEqual([])
      expect(await a.associations.renew(one, late, late + DAY_MS)).toBe(false)
      expect(await a.sweep(late)).toBe(1)
    })

    it('are new again once they have lapsed, swept or not', async () => {
      const one = association()
      await a.associations.put(one)
      const late = one.lapsesAtMs
      const again = { ...one, id: newId(), createdAtMs: late, lapsesAtMs: late + DAY_MS }
      expect(await b.associations.put({ ...again, createdAtMs: late - 1 })).toBe(false)
      await b.associations.put({ ...one, lapsesAtMs: late })
      const made = await Promise.all([a.associations.put(again), b.associations.put(again)])
      expect(made).toContain(true)
      expect(await a.associations.ofAccount('example', one.accountHash, late)).toEqual([again])
    })

    it('are removed once, by their name and organisation', async () => {
      const one = association()
      await a.associations.put(one)
      expect(await b.associations.remove('other', one.id)).toBe(false)
      expect(await b.associations.remove('example', one.id)).toBe(true)
      expect(await a.associations.remove('example', one.id)).toBe(false)
      expect(await a.associations.ofAddress('example', one.addressHash, NOW_MS)).toEqual([])
    })
  })
}
