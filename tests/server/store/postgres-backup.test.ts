import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backupStore, restoreStore } from '../../../src/server/store/backup.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import type { Store } from '../../../src/server/store/store.ts'
import { copiedTables } from '../../../src/server/store/tables.ts'
import { createTestDatabase } from '../../support/test-database.ts'
import type { TestDatabase } from '../../support/test-database.ts'
import { storedKey } from './describe-organisation-keys.ts'
import { messageId } from './describe-store.ts'

const DAY = '2026-11-21'

let folder: string
let source: TestDatabase
let target: TestDatabase
const at = (name: string): string => join(folder, name)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zegel-postgres-backup-'))
  ;[source, target] = await Promise.all([createTestDatabase(), createTestDatabase()])
})
afterEach(async () => {
  await Promise.all([source.remove(), target.remove()])
  await rm(folder, { recursive: true })
})

async function withStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(url)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** Something in most tables; more audit rows than are copied in one statement. */
async function fill(store: Store): Promise<void> {
  await store.organisationKeys.add(storedKey())
  await store.organisationKeys.add(storedKey({ purpose: 'signing', destroyAfterMs: null }))
  const id = messageId()
  await seal(store, id)
  const override = { revoked: true, changesExpiry: false, expiresAtMs: null, createdAtMs: 1 }
  const names = { organisationId: 'example', messageId: id }
  await store.overrides.put({ ...names, ...override, recipient: null })
  await store.usage.add(DAY, 'm', '', 7)
  await store.passcodes.open('c', 9)
  await Promise.all(Array.from({ length: 1_500 }, (_, i) => release(store, id, i)))
}

const seal = (store: Store, id: string): Promise<void> =>
  store.journal.record({
    organisationId: 'example',
    messageId: id,
    sender: 'alice@example.com',
    recipients: ['bob@example.org', 'carol@example.net'],
    createdAtMs: 1,
    expiresAtMs: null,
    template: 'default',
  })

const release = (store: Store, id: string, atMs: number): Promise<void> =>
  store.audit.append({
    organisationId: 'example',
    messageId: id,
    event: 'released',
    recipient: 'bob@example.org',
    method: 'passcode',
    assurance: 'mailbox',
    atMs,
  })

async function contents({ query }: TestDatabase): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {}
  for (const { name } of copiedTables)
    tables[name] = await query(
      `select to_jsonb(t) as row from ${name} t order by to_jsonb(t)::text`,
    )
  return tables
}

describe('backup on PostgreSQL', () => {
  it('is one file that its owner alone can read, and restores every row', async () => {
    await withStore(source.url, fill)
    await backupStore(source.url, at('backup.db'))
    expect(await readdir(folder)).toEqual(['backup.db'])
    expect((await stat(at('backup.db'))).mode & 0o777).toBe(0o600)
    await restoreStore(at('backup.db'), target.url)
    const restored = await contents(target)
    expect(restored).toEqual(await contents(source))
    expect(restored['audit']).toHaveLength(1_500)
  })

  it('is one moment of the database, while writing goes on', async () => {
    await withStore(source.url, async store => {
      await fill(store)
      const over = new AbortController()
      const writing = (async () => {
        while (!over.signal.aborted) await seal(store, messageId())
      })()
      const seen: number[] = []
      await backupStore(source.url, at('backup.db'), ({ donePages }) => seen.push(donePages))
      over.abort()
      await writing
      expect(seen).toHaveLength(copiedTables.length)
      expect(seen).toEqual(seen.toSorted((x, y) => x - y))
    })
    await restoreStore(at('backup.db'), target.url)
    const list = (store: Store) => store.journal.list('example', { limit: 100_000 })
    const restored = await withStore(target.url, list)
    expect(restored.length).toBeGreaterThan(0)
    expect(restored.filter(({ recipients }) => recipients.length !== 2)).toEqual([])
  })

  it('moves from SQLite to PostgreSQL and back, and numbers on after what was there', async () => {
    const first = `sqlite:${at('first.db')}`
    await withStore(first, fill)
    await backupStore(first, at('backup.db'))
    await restoreStore(at('backup.db'), target.url)
    await withStore(target.url, async store => {
      await release(store, messageId(), 9_999)
      const [newest] = await store.audit.list('example', { limit: 1 })
      expect(newest).toMatchObject({ id: 1_501, atMs: 9_999 })
    })
    await backupStore(target.url, at('again.db'))
    await restoreStore(at('again.db'), `sqlite:${at('second.db')}`)
    const keysOf = (url: string) => withStore(url, store => store.organisationKeys.all())
    expect(await keysOf(`sqlite:${at('second.db')}`)).toEqual(await keysOf(first))
  })

  it('replaces nothing unless told to, and then all of it', async () => {
    await withStore(source.url, fill)
    await backupStore(source.url, at('backup.db'))
    await withStore(target.url, store => store.usage.add(DAY, 'precious', '', 1))
    await expect(restoreStore(at('backup.db'), target.url)).rejects.toMatchObject({
      code: 'already-there',
    })
    const usage = () => withStore(target.url, store => store.usage.list(DAY, DAY))
    expect((await usage()).map(({ metric }) => metric)).toEqual(['precious'])
    await restoreStore(at('backup.db'), target.url, { replace: true })
    expect((await usage()).map(({ metric }) => metric)).toEqual(['m'])
  })

  it('is refused while a program has the database open, and leaves it alone', async () => {
    await withStore(source.url, store => store.usage.add(DAY, 'before', '', 1))
    await backupStore(source.url, at('backup.db'))
    await withStore(source.url, async store => {
      await store.usage.add(DAY, 'running', '', 1)
      await expect(
        restoreStore(at('backup.db'), source.url, { replace: true }),
      ).rejects.toMatchObject({ code: 'in-use' })
      expect(await store.usage.list(DAY, DAY)).toHaveLength(2)
    })
  })

  it('never writes over a file, and makes none of a database that is not ours', async () => {
    await writeFile(at('precious'), 'precious')
    await withStore(source.url, store => store.ping())
    await expect(backupStore(source.url, at('precious'))).rejects.toMatchObject({
      code: 'already-there',
    })
    await expect(backupStore(target.url, at('other.db'))).rejects.toMatchObject({
      code: 'not-a-backup',
    })
    expect(await readdir(folder)).toEqual(['precious'])
  })

  it('refuses a file that is no backup, and leaves the database empty', async () => {
    await writeFile(at('letter'), 'a letter to my aunt'.repeat(100))
    await expect(restoreStore(at('letter'), target.url)).rejects.toMatchObject({
      code: 'not-a-backup',
    })
    expect(await target.query("select 1 from pg_tables where schemaname = 'public'")).toEqual([])
  })
})
