import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Store, StoredPasskey } from '../../../src/server/store/store.ts'

const DAY_MS = 86_400_000
const NOW_MS = Date.UTC(2026, 10, 21)

const passkey = (fields: Partial<StoredPasskey> = {}): StoredPasskey => ({
  id: randomBytes(16).toString('base64url'),
  credentialId: randomBytes(32).toString('base64url'),
  organisationId: 'example',
  addressHash: new Uint8Array(randomBytes(32)),
  publicKey: new Uint8Array(randomBytes(77)),
  counter: 0,
  assurance: 'mailbox',
  ground: null,
  mailboxProven: false,
  createdAtMs: NOW_MS,
  lastProvenAtMs: NOW_MS,
  lapsesAtMs: NOW_MS + 180 * DAY_MS,
  ...fields,
})

/** Passkeys, on two nodes of one database. */
export function describePasskeys(nodes: () => readonly [Store, Store]): void {
  describe('passkeys', () => {
    it('are found by their credential id while they live, each once', async () => {
      const [a, b] = nodes()
      const one = passkey()
      expect(await a.passkeys.add(one)).toBe(true)
      expect(await b.passkeys.add({ ...passkey(), credentialId: one.credentialId })).toBe(false)
      expect(await b.passkeys.find(one.credentialId, NOW_MS)).toEqual(one)
      expect(await b.passkeys.find(one.credentialId, one.lapsesAtMs)).toBeUndefined()
      expect(await b.passkeys.find('another', NOW_MS)).toBeUndefined()
    })

    it('are found by their own id, before their organisation alone, with what they were made under', async () => {
      const [a, b] = nodes()
      const one = passkey({ assurance: 'mfa', ground: { provider: 'microsoft', realm: 'x.y' } })
      await a.passkeys.add(one)
      expect(await b.passkeys.byId('example', one.id, NOW_MS)).toEqual(one)
      expect(await b.passkeys.byId('other', one.id, NOW_MS)).toBeUndefined()
      expect(await b.passkeys.byId('example', one.id, one.lapsesAtMs)).toBeUndefined()
    })

    it('are listed by organisation and address, oldest first', async () => {
      const [a, b] = nodes()
      const second = passkey({ createdAtMs: NOW_MS + 1 })
      const first = passkey({ addressHash: second.addressHash })
      const foreign = passkey({ addressHash: second.addressHash, organisationId: 'other' })
      for (const each of [second, first, foreign, passkey()]) await a.passkeys.add(each)
      const listed = await b.passkeys.ofAddress('example', second.addressHash, NOW_MS)
      expect(listed.map(({ id }) => id)).toEqual([first.id, second.id])
    })

    it('let their counter only rise, and exactly one of two nodes note a value', async () => {
      const [a, b] = nodes()
      const { id } = passkey()
      await a.passkeys.add(passkey({ id }))
      expect(await a.passkeys.count(id, 0)).toBe(true)
      const both = await Promise.all([a.passkeys.count(id, 5), b.passkeys.count(id, 5)])
      expect(both.filter(Boolean)).toHaveLength(1)
      for (const counter of [4, 5, 0]) expect(await b.passkeys.count(id, counter)).toBe(false)
      expect(await b.passkeys.count(id, 6)).toBe(true)
    })

    it('are renewed while they live', async () => {
      const [a, b] = nodes()
      const one = passkey()
      await a.passkeys.add(one)
      const laterMs = NOW_MS + DAY_MS
      expect(await b.passkeys.renew(one.id, laterMs, laterMs + DAY_MS)).toBe(true)
      expect(await a.passkeys.find(one.credentialId, laterMs)).toEqual({
        ...one,
        lastProvenAtMs: laterMs,
        lapsesAtMs: laterMs + DAY_MS,
        mailboxProven: true,
      })
      expect(await b.passkeys.renew(one.id, laterMs + DAY_MS, laterMs + 9 * DAY_MS)).toBe(false)
    })

    it('are removed by organisation, address and id together, and by time', async () => {
      const [a, b] = nodes()
      const one = passkey()
      const old = passkey({ lapsesAtMs: NOW_MS })
      await a.passkeys.add(one)
      await a.passkeys.add(old)
      const { addressHash, id } = one
      expect(await b.passkeys.remove('other', addressHash, id)).toBe(false)
      expect(await b.passkeys.remove('example', old.addressHash, id)).toBe(false)
      expect(await b.passkeys.remove('example', addressHash, id)).toBe(true)
      expect(await b.passkeys.remove('example', addressHash, id)).toBe(false)
      await b.sweep(NOW_MS)
      expect(await a.passkeys.find(old.credentialId, 0)).toBeUndefined()
    })
  })
}
