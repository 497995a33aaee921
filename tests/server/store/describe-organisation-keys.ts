import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { KEY_GRACE_MS } from '../../../src/server/store/limits.ts'
import type { Store, StoredKey } from '../../../src/server/store/store.ts'

const DAY_MS = 86_400_000
const NOW_MS = Date.UTC(2026, 10, 21)

export const storedKey = (fields: Partial<StoredKey> = {}): StoredKey => ({
  id: randomBytes(16).toString('hex'),
  organisationId: 'example',
  purpose: 'sealing',
  publicKey: new Uint8Array(randomBytes(32)),
  wrappedPrivateKey: new Uint8Array(randomBytes(60)),
  certificate: new Uint8Array(randomBytes(64)),
  month: '2026-11',
  expiryClass: 'month',
  createdAtMs: NOW_MS,
  retiredAtMs: null,
  destroyAfterMs: NOW_MS + 62 * DAY_MS,
  ...fields,
})

/** Housekeeping by a clock that is believed, now and after the grace. */
export async function destroyAt(
  { organisationKeys }: Store,
  nowMs: number,
): Promise<readonly string[]> {
  await organisationKeys.destroyExpired(nowMs, 0)
  return organisationKeys.destroyExpired(nowMs, KEY_GRACE_MS)
}

/** A part of the suite of describe-store.ts; `stores` gives two connections to one database. */
export function describeOrganisationKeys(
  stores: () => readonly [Store, Store],
  parallel: <T>(count: number, call: (store: Store) => Promise<T>) => Promise<T[]>,
): void {
  describe('organisation keys', () => {
    let a: Store
    let b: Store
    beforeEach(() => {
      ;[a, b] = stores()
    })

    it('gives back every field of a key, bytes included', async () => {
      const key = storedKey()
      expect(await a.organisationKeys.add(key)).toBe(true)
      expect(await b.organisationKeys.find(key.id)).toEqual(key)
      expect(await b.organisationKeys.find('nobody')).toBeUndefined()
    })

    it('lets exactly one of many nodes add the current key of a month and class', async () => {
      const added = await parallel(40, store => store.organisationKeys.add(storedKey()))
      expect(added.filter(Boolean)).toHaveLength(1)
      expect(await a.organisationKeys.list('example', 'sealing')).toHaveLength(1)
    })

    it('adds of many keys those that are missing, also when nodes do so at once', async () => {
      const months = ['2026-11', '2026-12', '2027-01']
      const present = storedKey({ month: '2026-12' })
      await a.organisationKeys.add(present)
      await parallel(12, store =>
        store.organisationKeys.addMissing(months.map(month => storedKey({ month }))),
      )
      const listed = await b.organisationKeys.list('example', 'sealing')
      expect(listed.map(({ month }) => month).toSorted()).toEqual(months)
      expect(listed).toContainEqual(present)
      await a.organisationKeys.addMissing([])
    })

    it('adds of many keys all or none', async () => {
      const bad = storedKey({ month: '2026-12', publicKey: null as unknown as Uint8Array })
      await expect(a.organisationKeys.addMissing([storedKey(), bad])).rejects.toThrow()
      expect(await b.organisationKeys.all()).toEqual([])
    })

    it('replaces the current key and keeps the old one, retired', async () => {
      const old = storedKey()
      const fresh = storedKey({ createdAtMs: NOW_MS + 1 })
      await a.organisationKeys.add(old)
      await a.organisationKeys.replace(fresh)
      const keys = await b.organisationKeys.list('example', 'sealing')
      expect(keys).toEqual([{ ...old, retiredAtMs: NOW_MS + 1 }, fresh])
    })

    it('keeps exactly one key current when many nodes replace it at once, and loses none', async () => {
      const keys = Array.from({ length: 12 }, () => storedKey())
      let next = 0
      await parallel(12, store => store.organisationKeys.replace(keys[next++] ?? storedKey()))
      const listed = await a.organisationKeys.list('example', 'sealing')
      expect(listed.map(({ id }) => id).toSorted()).toEqual(keys.map(({ id }) => id).toSorted())
      expect(listed.filter(({ retiredAtMs }) => retiredAtMs === null)).toHaveLength(1)
    })

    it('lists by organisation and purpose', async () => {
      await a.organisationKeys.add(storedKey())
      await a.organisationKeys.add(storedKey({ purpose: 'signing' }))
      await a.organisationKeys.add(storedKey({ organisationId: 'other' }))
      expect(await a.organisationKeys.list('example')).toHaveLength(2)
      expect(await a.organisationKeys.list('example', 'signing')).toHaveLength(1)
      expect(await a.organisationKeys.list('nobody')).toHaveLength(0)
      expect(await a.organisationKeys.all()).toHaveLength(3)
    })

    it('destroys the private half when its time is over, and not before', async () => {
      const key = storedKey({ destroyAfterMs: NOW_MS + 10 })
      const forever = storedKey({ expiryClass: 'never', destroyAfterMs: null })
      await a.organisationKeys.add(key)
      await a.organisationKeys.add(forever)
      expect(await destroyAt(a, NOW_MS + 9)).toEqual([])
      expect(await destroyAt(a, NOW_MS + 10)).toEqual([key.id])
      expect(await b.organisationKeys.find(key.id)).toEqual({
        ...key,
        wrappedPrivateKey: null,
        retiredAtMs: NOW_MS + 10,
      })
      expect(await b.organisationKeys.find(forever.id)).toEqual(forever)
      expect(await destroyAt(a, NOW_MS + 11)).toEqual([])
    })

    it('destroys a key only when it was found to be over a day of watching before, and ever since', async () => {
      const key = storedKey({ destroyAfterMs: NOW_MS })
      await a.organisationKeys.add(key)
      const destroyed = (nowMs: number, watchedMs: number) =>
        b.organisationKeys.destroyExpired(nowMs, watchedMs)
      expect(await destroyed(NOW_MS, 5)).toEqual([])
      expect(await destroyed(NOW_MS + 99 * DAY_MS, 4 + KEY_GRACE_MS)).toEqual([])
      expect(await destroyed(NOW_MS - 1, 4 + KEY_GRACE_MS)).toEqual([]) // the clock was wrong: the mark goes
      expect(await destroyed(NOW_MS, 5 + KEY_GRACE_MS)).toEqual([])
      expect(await destroyed(NOW_MS, 5 + 2 * KEY_GRACE_MS)).toEqual([key.id])
    })

    it('forgets that a key was over when its time is moved later', async () => {
      const key = storedKey({ destroyAfterMs: NOW_MS })
      await a.organisationKeys.add(key)
      await a.organisationKeys.destroyExpired(NOW_MS, 0)
      await a.organisationKeys.extendDestroyAfter(key.id, NOW_MS + 10)
      await a.organisationKeys.destroyExpired(NOW_MS, KEY_GRACE_MS)
      expect(await a.organisationKeys.destroyExpired(NOW_MS + 10, KEY_GRACE_MS)).toEqual([])
    })

    it('moves the time of destruction later, never earlier', async () => {
      const key = storedKey({ destroyAfterMs: NOW_MS + 10 })
      await a.organisationKeys.add(key)
      const after = async () => (await b.organisationKeys.find(key.id))?.destroyAfterMs
      expect(await a.organisationKeys.extendDestroyAfter(key.id, NOW_MS + 5)).toBe(true)
      expect(await after()).toBe(NOW_MS + 10)
      await a.organisationKeys.extendDestroyAfter(key.id, NOW_MS + 20)
      expect(await after()).toBe(NOW_MS + 20)
      await a.organisationKeys.extendDestroyAfter(key.id, null)
      expect(await after()).toBe(null)
      await a.organisationKeys.extendDestroyAfter(key.id, NOW_MS + 30)
      expect(await after()).toBe(null)
    })

    it('does not bring a destroyed key back by extending it', async () => {
      const key = storedKey({ destroyAfterMs: NOW_MS })
      await a.organisationKeys.add(key)
      await destroyAt(a, NOW_MS)
      expect(await a.organisationKeys.extendDestroyAfter(key.id, null)).toBe(false)
      expect((await a.organisationKeys.find(key.id))?.wrappedPrivateKey).toBeNull()
    })

    it('retires a key once', async () => {
      const key = storedKey()
      await a.organisationKeys.add(key)
      await a.organisationKeys.retire(key.id, NOW_MS + 1)
      await a.organisationKeys.retire(key.id, NOW_MS + 2)
      expect((await a.organisationKeys.find(key.id))?.retiredAtMs).toBe(NOW_MS + 1)
    })
  })
}
