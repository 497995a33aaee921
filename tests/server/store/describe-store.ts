import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store, StoredOverride } from '../../../src/server/store/store.ts'
import { describeClaims } from './describe-claims.ts'
import { describeClock } from './describe-clock.ts'
import { describeOrganisationKeys } from './describe-organisation-keys.ts'
import { describeAssociations } from './describe-associations.ts'
import { describePasskeys } from './describe-passkeys.ts'
import { describeSubjects } from './describe-subjects.ts'
import { describeOrganisationUsage } from './describe-organisation-usage.ts'

const DAY_MS = 86_400_000
const NOW_MS = Date.UTC(2026, 10, 21)

export const messageId = (): string => randomBytes(16).toString('base64url')

const journalEntry = (fields = {}) => ({
  messageId: messageId(),
  organisationId: 'example',
  sender: 'alice@example.com',
  recipients: ['bob@example.org'],
  createdAtMs: NOW_MS,
  expiresAtMs: NOW_MS + DAY_MS,
  template: 'default',
  ...fields,
})

const override = (fields: Partial<StoredOverride> = {}): StoredOverride => ({
  messageId: messageId(),
  organisationId: 'example',
  recipient: null,
  revoked: true,
  changesExpiry: false,
  expiresAtMs: null,
  lastExpiryMs: NOW_MS,
  createdAtMs: NOW_MS,
  ...fields,
})

const auditEntry = (fields = {}) => ({
  organisationId: 'example',
  messageId: messageId(),
  event: 'released' as const,
  recipient: 'bob@example.org',
  method: 'passcode' as const,
  assurance: 'mailbox' as const,
  atMs: NOW_MS,
  ...fields,
})

/** An empty database that can be opened twice, as two nodes would. */
export interface StoreUnderTest {
  open(): Promise<Store>
  remove(): Promise<void>
}

/** The one suite that every database must pass. `make` gives a new empty database. */
export function describeStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`store on ${name}`, () => {
    let database: StoreUnderTest
    let a: Store
    let b: Store

    beforeEach(async () => {
      database = await make()
      ;[a, b] = await Promise.all([database.open(), database.open()])
    })

    afterEach(async () => {
      await a.close()
      await b.close()
      await database.remove()
    })

    /** Calls on both openings in turn, all at once. */
    const parallel = <T>(count: number, call: (store: Store) => Promise<T>): Promise<T[]> =>
      Promise.all(Array.from({ length: count }, (_, i) => call(i % 2 === 0 ? a : b)))

    describe('schema', () => {
      it('is brought up to date by many nodes at once', async () => {
        expect(await parallel(10, store => store.migrate())).toEqual(Array(10).fill(0))
        await expect(a.ping()).resolves.toBeUndefined()
      })
    })

    describeOrganisationKeys(() => [a, b], parallel)
    describeClock(() => [a, b], parallel)
    describeOrganisationUsage(() => [a, b])
    describeSubjects(() => [a, b])

    describe('journal', () => {
      it('remembers a message with its recipients', async () => {
        const entry = journalEntry({ recipients: ['bob@example.org', 'carol@example.net'] })
        await a.journal.record(entry)
        expect(await b.journal.find(entry.messageId)).toEqual(entry)
        expect(await b.journal.find(messageId())).toBeUndefined()
      })

      it('adds the recipients of a retry and keeps the later expiry', async () => {
        const entry = journalEntry()
        const retry = { ...entry, recipients: ['carol@example.net', 'bob@example.org'] }
        await a.journal.record(entry)
        await b.journal.record({ ...retry, createdAtMs: NOW_MS + 5, expiresAtMs: NOW_MS + 5 })
        expect(await a.journal.find(entry.messageId)).toEqual({
          ...entry,
          recipients: ['bob@example.org', 'carol@example.net'],
        })
        await b.journal.record({ ...entry, expiresAtMs: null })
        expect((await a.journal.find(entry.messageId))?.expiresAtMs).toBeNull()
        await b.journal.record(entry)
        expect((await a.journal.find(entry.messageId))?.expiresAtMs).toBeNull()
      })

      it('loses no recipient when many nodes record the same message at once', async () => {
        const id = messageId()
        const names = Array.from(
          { length: 60 },
          (_, i) => `r${String(i).padStart(2, '0')}@example.org`,
        )
        let next = 0
        await parallel(60, store =>
          store.journal.record(journalEntry({ messageId: id, recipients: [names[next++] ?? ''] })),
        )
        expect((await a.journal.find(id))?.recipients).toEqual(names)
      })

      it('lists the newest first, by organisation, in pages', async () => {
        const entries = [1, 2, 3].map(i => journalEntry({ createdAtMs: NOW_MS + i }))
        for (const entry of entries) await a.journal.record(entry)
        await a.journal.record(journalEntry({ organisationId: 'other' }))
        expect(await a.journal.list('example', { limit: 2 })).toEqual([entries[2], entries[1]])
        const rest = await a.journal.list('example', { limit: 2, beforeMs: NOW_MS + 2 })
        expect(rest).toEqual([entries[0]])
      })

      it('refuses a message id that is not 16 bytes', async () => {
        await expect(a.journal.record(journalEntry({ messageId: 'short' }))).rejects.toMatchObject({
          code: 'bad-id',
        })
      })
    })

    describe('overrides', () => {
      it('keeps one for all and one for a single recipient beside each other', async () => {
        const all = override()
        const one = override({
          messageId: all.messageId,
          recipient: 'bob@example.org',
          revoked: false,
          changesExpiry: true,
          expiresAtMs: NOW_MS + DAY_MS,
        })
        await a.overrides.put(all)
        await a.overrides.put(one)
        expect(await b.overrides.list(all.messageId)).toEqual([all, one])
        expect(await b.overrides.list(messageId())).toEqual([])
      })

      it('takes the last word', async () => {
        const first = override()
        await a.overrides.put(first)
        await b.overrides.put({ ...first, revoked: false })
        expect(await a.overrides.list(first.messageId)).toEqual([{ ...first, revoked: false }])
      })
    })

    describe('audit', () => {
      it('lists the newest first, by organisation and message, in pages', async () => {
        const id = messageId()
        await a.audit.append(auditEntry())
        await a.audit.append(auditEntry({ messageId: id }))
        await a.audit.append(auditEntry({ messageId: id, recipient: 'carol@example.net' }))
        await a.audit.append(auditEntry({ organisationId: 'other' }))
        const all = await b.audit.list('example', { limit: 10 })
        expect(all).toHaveLength(3)
        expect(all[0]).toEqual({
          id: all[0]?.id,
          ...auditEntry({ messageId: id, recipient: 'carol@example.net' }),
        })
        const older = await b.audit.list('example', { limit: 10, beforeId: all[0]?.id ?? 0 })
        expect(older).toEqual(all.slice(1))
        expect(await b.audit.list('example', { limit: 1, messageId: id })).toEqual([all[0]])
      })
    })

    describeAssociations(() => [a, b])
    describePasskeys(() => [a, b])

    describe('passcodes', () => {
      it('counts tries and knows nothing of a challenge that was never opened', async () => {
        await a.passcodes.open('c1', NOW_MS + 10)
        expect(await a.passcodes.countTry('c1', NOW_MS)).toBe(1)
        expect(await b.passcodes.countTry('c1', NOW_MS)).toBe(2)
        expect(await b.passcodes.countTry('c2', NOW_MS)).toBeUndefined()
      })

      it('takes no try once the challenge is used or expired', async () => {
        await a.passcodes.open('used', NOW_MS + 10)
        expect(await a.passcodes.use('used')).toBe(true)
        expect(await b.passcodes.countTry('used', NOW_MS)).toBeUndefined()
        await a.passcodes.open('old', NOW_MS)
        expect(await b.passcodes.countTry('old', NOW_MS)).toBeUndefined()
      })

      it('threat: racing verifications: gives 1,000 parallel tries 1,000 different numbers', async () => {
        await a.passcodes.open('c1', NOW_MS + 10)
        const tries = await parallel(1_000, store => store.passcodes.countTry('c1', NOW_MS))
        expect(tries.toSorted((x, y) => (x ?? 0) - (y ?? 0))).toEqual(
          Array.from({ length: 1_000 }, (_, i) => i + 1),
        )
      })

      it('threat: replay: lets exactly one of 1,000 parallel callers use a challenge', async () => {
        await a.passcodes.open('c1', NOW_MS + 10)
        const used = await parallel(1_000, store => store.passcodes.use('c1'))
        expect(used.filter(Boolean)).toHaveLength(1)
        expect(await a.passcodes.use('unknown')).toBe(false)
      })

      it('remembers what became of the mail', async () => {
        await a.passcodes.open('c1', NOW_MS + 10)
        expect(await a.passcodes.delivery('c1')).toBeUndefined()
        const delivery = { state: 'refused', atMs: NOW_MS, reason: '550 no' } as const
        await a.passcodes.setDelivery('c1', delivery)
        expect(await b.passcodes.delivery('c1')).toEqual(delivery)
        expect(await b.passcodes.delivery('c2')).toBeUndefined()
      })
    })

    describe('sessions, halves, rates, usage', () => {
      it('ends a session on every node at once', async () => {
        expect(await a.sessions.isEnded('s1')).toBe(false)
        await a.sessions.end('s1', NOW_MS + 10)
        await b.sessions.end('s1', NOW_MS + 10)
        expect(await b.sessions.isEnded('s1')).toBe(true)
      })

      it('knows a delivered half until it expires', async () => {
        const hash = randomBytes(32)
        await a.deliveries.add(hash, NOW_MS + 10)
        await b.deliveries.add(hash, NOW_MS + 10)
        expect(await b.deliveries.has(hash, NOW_MS)).toBe(true)
        expect(await b.deliveries.has(hash, NOW_MS + 10)).toBe(false)
        expect(await b.deliveries.has(randomBytes(32), NOW_MS)).toBe(false)
      })

      describeClaims(() => ({ a, b }))

      it('threat: mail bomb: counts 1,000 parallel takes as 1,000', async () => {
        const takes = await parallel(1_000, store => store.rates.take('k', NOW_MS, NOW_MS + 10))
        expect(new Set(takes).size).toBe(1_000)
        expect(Math.max(...takes)).toBe(1_000)
        expect(await a.rates.take('k', NOW_MS + 10, NOW_MS + 20)).toBe(1)
        expect(await a.rates.take('other', NOW_MS, NOW_MS + 10)).toBe(1)
      })

      it('adds up usage by day', async () => {
        await parallel(100, store => store.usage.add('2026-11-21', 'opened', 'firefox', 2))
        await a.usage.add('2026-11-22', 'opened', 'chrome', 1)
        const row = { day: '2026-11-21', metric: 'opened', dimension: 'firefox', count: 200 }
        expect(await a.usage.list('2026-11-21', '2026-11-21')).toEqual([row])
        expect(await a.usage.list('2026-11-20', '2026-11-30')).toHaveLength(2)
      })
    })

    describe('sweep', () => {
      it('deletes what has expired and nothing else', async () => {
        for (const [name, atMs] of [
          ['old', NOW_MS],
          ['new', NOW_MS + 1],
        ] as const) {
          await a.passcodes.open(name, atMs)
          await a.sessions.end(name, atMs)
          await a.deliveries.add(Buffer.from(name), atMs)
          await a.rates.take(name, NOW_MS - 10, atMs)
        }
        expect(await a.sweep(NOW_MS)).toBe(4)
        expect(await a.sessions.isEnded('old')).toBe(false)
        expect(await a.sessions.isEnded('new')).toBe(true)
        expect(await a.rates.take('old', NOW_MS - 10, NOW_MS)).toBe(1)
        expect(await a.rates.take('new', NOW_MS - 10, NOW_MS + 1)).toBe(2)
        expect(await a.passcodes.countTry('new', NOW_MS)).toBe(1)
        expect(await a.sweep(NOW_MS)).toBe(1)
      })

      it('keeps a journal row for its time after the expiry, and for ever when nothing expires', async () => {
        const gone = journalEntry({ expiresAtMs: NOW_MS - 10 })
        const kept = journalEntry({ expiresAtMs: NOW_MS - 9 })
        const never = journalEntry({ expiresAtMs: null })
        for (const entry of [gone, kept, never]) await a.journal.record(entry)
        expect(await a.sweep(NOW_MS, { journalMs: 10 })).toBe(1)
        expect(await a.journal.find(gone.messageId)).toBeUndefined()
        expect(await a.journal.find(kept.messageId)).toEqual(kept)
        expect(await a.journal.find(never.messageId)).toEqual(never)
      })

      it('keeps audit rows for their time, also across more than one step', async () => {
        for (let i = 0; i < 2_500; i += 1)
          await a.audit.append(auditEntry({ atMs: i < 2_400 ? NOW_MS - 10 : NOW_MS }))
        expect(await a.sweep(NOW_MS, { auditMs: 10 })).toBe(2_400)
        expect(await a.audit.list('example', { limit: 1_000 })).toHaveLength(100)
      })

      it('keeps a revocation for as long as the sealing key could still exist', async () => {
        const lastExpiryMs = NOW_MS
        const id = messageId()
        await a.overrides.put(override({ messageId: id, lastExpiryMs }))
        await a.overrides.put(
          override({ messageId: id, recipient: 'bob@example.org', lastExpiryMs: NOW_MS + DAY_MS }),
        )
        const forever = override({ lastExpiryMs: null })
        await a.overrides.put(forever)
        expect(await a.sweep(NOW_MS + 400 * DAY_MS)).toBe(0)
        expect(await a.sweep(NOW_MS + 401 * DAY_MS)).toBe(2)
        expect(await a.overrides.list(forever.messageId)).toEqual([forever])
      })
    })
  })
}
