import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ErasureWish, Subject } from '../../../src/server/store/subject-store.ts'
import type { Store } from '../../../src/server/store/store.ts'

const NOW_MS = Date.UTC(2026, 10, 21)
const BOB = 'bob.canary@example.net'
const ALICE = 'alice@example.com'

const id = (): string => randomBytes(16).toString('base64url')
const hash = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)

export const subjectOfTest = (organisationId = 'example'): Subject => ({
  organisationId,
  address: BOB,
  associationHash: hash(1),
  passkeyHash: hash(2),
})

const WISH: ErasureWish = {
  journal: 'pseudonymise',
  audit: 'pseudonymise',
  decisions: 'keep',
  pseudonym: 'erased-x',
  noteAtMs: NOW_MS,
}

/** Bob has sent and received, opened, was revoked, and has proofs; before each of the organisations. */
export async function fillWithBob(
  store: Store,
  organisations: readonly string[] = ['example', 'other'],
): Promise<void> {
  for (const organisationId of organisations) await fillOrganisation(store, organisationId)
}

async function fillOrganisation(store: Store, organisationId: string): Promise<void> {
  const messageId = id()
  const message = {
    organisationId,
    createdAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 10,
    template: 'default',
  }
  const recipients = [BOB, 'blind@example.org']
  await store.journal.record({ ...message, messageId, sender: ALICE, recipients })
  await store.journal.record({ ...message, messageId: id(), sender: BOB, recipients: [ALICE] })
  for (const recipient of [BOB, 'carol@example.org'])
    await store.audit.append({
      organisationId,
      messageId,
      event: 'released',
      recipient,
      method: 'passcode',
      assurance: 'mailbox',
      atMs: NOW_MS,
    })
  await store.overrides.put({
    messageId,
    organisationId,
    recipient: BOB,
    revoked: true,
    changesExpiry: false,
    expiresAtMs: null,
    createdAtMs: NOW_MS,
  })
  await fillProofs(store, organisationId)
}

async function fillProofs(store: Store, organisationId: string): Promise<void> {
  const proof = {
    organisationId,
    assurance: 'mailbox' as const,
    createdAtMs: NOW_MS,
    lastProvenAtMs: NOW_MS,
    lapsesAtMs: NOW_MS + 10,
  }
  for (const [mine, account] of [
    [true, 7],
    [false, 8],
  ] as const) {
    const addressHash = mine ? hash(1) : hash(9)
    const association = { ...proof, addressHash, accountHash: hash(account) }
    await store.associations.put({ ...association, id: id(), provider: 'microsoft' })
    await store.passkeys.add({
      ...proof,
      id: id(),
      credentialId: id(),
      addressHash: mine ? hash(2) : hash(9),
      publicKey: hash(5),
      counter: 3,
      ground: null,
      mailboxProven: true,
    })
  }
}

/** How many rows of each kind there are. */
async function countsOf(store: Store, organisationId = 'example') {
  const records = await store.subjects.find(subjectOfTest(organisationId))
  return Object.fromEntries(Object.entries(records).map(([part, rows]) => [part, rows.length]))
}

const ALL = { sent: 1, received: 1, openings: 1, decisions: 1, associations: 1, passkeys: 1 }
const NONE = { sent: 0, received: 0, openings: 0, decisions: 0, associations: 0, passkeys: 0 }

/** What is stored about a person, on two nodes of one database. */
export function describeSubjects(nodes: () => readonly [Store, Store]): void {
  describe('a person', () => {
    it('is found with what is theirs, and with nobody in blind copy', async () => {
      const [a, b] = nodes()
      await fillWithBob(a)
      const records = await b.subjects.find(subjectOfTest())
      expect(await countsOf(b)).toEqual(ALL)
      expect(records.received).toMatchObject([{ sender: ALICE, sentAtMs: NOW_MS }])
      expect(records.sent).toMatchObject([{ recipients: [ALICE], expiresAtMs: NOW_MS + 10 }])
      expect(records.passkeys).toMatchObject([{ counter: 3, provider: '' }])
      expect(JSON.stringify(records)).not.toMatch(/blind|carol/)
    })

    it('is erased before one organisation, with another word in their place, and noted without a name', async () => {
      const [a, b] = nodes()
      await fillWithBob(a)
      expect(await a.subjects.erase(subjectOfTest(), WISH)).toEqual({ ...ALL, decisions: 0 })
      expect(await countsOf(b)).toEqual({ ...NONE, decisions: 1 })
      expect(await countsOf(b, 'other')).toEqual(ALL)
      const [sent, received] = await b.journal.list('example', { limit: 9 })
      expect(sent?.sender).toBe('erased-x')
      expect(received?.recipients).toEqual(['blind@example.org', 'erased-x'])
      const audit = await b.audit.list('example', { limit: 9 })
      expect(audit.map(({ event, recipient }) => [event, recipient])).toEqual([
        ['subject-erased', ''],
        ['released', 'carol@example.org'],
        ['released', 'erased-x'],
      ])
      expect(await b.associations.ofAccount('example', hash(8), NOW_MS)).toHaveLength(1)
      expect(await b.passkeys.ofAddress('example', hash(9), NOW_MS)).toHaveLength(1)
      const [override] = await b.overrides.list(received?.messageId ?? '')
      expect(override).toMatchObject({ recipient: BOB, revoked: true })
    })

    it('is deleted with their rows, and those of others stay', async () => {
      const [a, b] = nodes()
      await fillWithBob(a)
      const wish = { ...WISH, journal: 'delete', audit: 'delete', decisions: 'delete' } as const
      expect(await a.subjects.erase(subjectOfTest(), { ...wish, noteAtMs: null })).toEqual(ALL)
      expect(await countsOf(b)).toEqual(NONE)
      const journal = await b.journal.list('example', { limit: 9 })
      expect(journal.map(({ recipients }) => recipients)).toEqual([['blind@example.org']])
      const audit = await b.audit.list('example', { limit: 9 })
      expect(audit.map(({ recipient }) => recipient)).toEqual(['carol@example.org'])
    })

    it('keeps in journal and audit what is needed as proof, where that is wished', async () => {
      const [a, b] = nodes()
      await fillWithBob(a)
      await a.subjects.erase(subjectOfTest(), { ...WISH, journal: 'keep', audit: 'keep' })
      expect(await countsOf(b)).toEqual({ ...ALL, associations: 0, passkeys: 0 })
    })

    it('stays whole when the erasure breaks off', async () => {
      const [a, b] = nodes()
      await fillWithBob(a)
      // No database takes it, and it comes last.
      const broken = { ...WISH, noteAtMs: Number.NaN }
      await expect(a.subjects.erase(subjectOfTest(), broken)).rejects.toThrow()
      expect(await countsOf(b)).toEqual(ALL)
    })
  })
}
