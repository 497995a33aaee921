import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Engine } from '../../../src/server/store/engine.ts'
import { KEY_GRACE_MS, MAX_CLOCK_DIFFERENCE_MS } from '../../../src/server/store/limits.ts'
import { migrate } from '../../../src/server/store/migrate.ts'
import { migrations } from '../../../src/server/store/migrations.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import { openPostgres } from '../../../src/server/store/postgres-engine.ts'
import { organisationKeyStore } from '../../../src/server/store/organisation-keys.ts'
import type { Store, StoredKey } from '../../../src/server/store/store.ts'
import { patienceMs } from '../../support/patience.ts'
import { describeUpgrade } from './describe-upgrade.ts'
import { createTestDatabase } from '../../support/test-database.ts'
import type { TestDatabase } from '../../support/test-database.ts'
import { storedKey } from './describe-organisation-keys.ts'
import { messageId } from './describe-store.ts'
import { fillWithBob, subjectOfTest } from './describe-subjects.ts'
import { startRelay } from '../../support/tcp-relay.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.remove())

async function open(url = database.url): Promise<Store> {
  const store = await openStore(url)
  onTestFinished(() => store.close())
  return store
}

function engine(): Engine {
  const opened = openPostgres(database.url)
  onTestFinished(() => opened.close())
  return opened
}

describe('migrations on PostgreSQL', () => {
  it('are taken once when many nodes start at once on a new database', async () => {
    const taken = await Promise.all(Array.from({ length: 8 }, () => migrate(engine(), 1)))
    expect(taken.toSorted((a, b) => a - b)).toEqual([...Array(7).fill(0), migrations.length])
  })

  it('leave nothing half done when a step fails, and go on after it is mended', async () => {
    const node = engine()
    const fail = () => Promise.reject(new Error('a step failed'))
    await expect(migrate(node, 1, [...migrations, fail])).rejects.toThrow('a step failed')
    expect(await database.query("select 1 from pg_tables where schemaname = 'public'")).toEqual([])
    expect(await migrate(node, 1)).toBe(migrations.length)
  })

  it('refuse a database that knows more steps than the program', async () => {
    const node = engine()
    await migrate(node, 1)
    await expect(migrate(node, 1, migrations.slice(1))).rejects.toMatchObject({
      code: 'newer-schema',
    })
  })

  it("leave another program's tables alone", async () => {
    await database.query('create table journal (a integer)')
    await expect(openStore(database.url)).rejects.toMatchObject({ code: 'not-ours' })
    expect(await database.query('select * from journal')).toEqual([])
  })
})

describe('values on PostgreSQL', () => {
  it('are ordered by their bytes, whatever language the database speaks', async () => {
    const store = await open()
    const recipients = ['a-b@example.org', 'a.b@example.org', 'a_c@example.org', 'ab@example.org']
    const id = messageId()
    await store.journal.record({
      messageId: id,
      organisationId: 'example',
      sender: 'alice@example.com',
      recipients: recipients.toReversed(),
      createdAtMs: 1,
      expiresAtMs: 8_640_000_000_000_000,
      template: 'default',
    })
    const found = await store.journal.find(id)
    expect(found?.recipients).toEqual(recipients)
    expect(found?.expiresAtMs).toBe(8_640_000_000_000_000)
    const collations = await database.query(
      `select distinct collation_name from information_schema.columns
       where table_schema = 'public' and data_type = 'text'`,
    )
    expect(collations).toEqual([{ collation_name: 'C' }])
  })

  it('are never rounded', async () => {
    const store = await open()
    await store.usage.add('2026-11-21', 'm', '', Number.MAX_SAFE_INTEGER)
    await store.usage.add('2026-11-21', 'm', '', 2)
    await expect(store.usage.list('2026-11-21', '2026-11-21')).rejects.toThrow('too large')
  })

  it('threat: database theft: nothing of a destroyed key is left in the files of the tables', async () => {
    const { store, key, isStored } = await storeWithKey()
    expect(await isStored()).toBe(true)
    await destroy(store, key)
    await scrubbed(store)
    expect(await isStored()).toBe(false)
  })

  it('threat: database theft: what an older transaction may still read of a destroyed key goes once it is over', async () => {
    const { store, key, isStored } = await storeWithKey()
    const other = await open()
    await withOldState(async () => {
      await destroy(store, key)
      expect(await store.organisationKeys.scrub()).toBe(false)
      expect(await isStored()).toBe(true)
    })
    await scrubbed(other)
    expect(await isStored()).toBe(false)
  })

  it("threat: database theft: nothing of a key is in the server's own statistics, those of before included", async () => {
    const node = engine()
    await migrate(node, 1, migrations.slice(0, 6))
    const key = storedKey({ destroyAfterMs: 1 })
    const keys = organisationKeyStore(node)
    await keys.add(key)
    await keys.add(storedKey({ month: '2026-12' }))
    const sampled = `select 1 from pg_stats where tablename = 'organisation_keys'
      and attname = 'wrapped_private_key'`
    await database.query('analyze organisation_keys')
    expect(await database.query(sampled)).toHaveLength(1)
    await migrate(node, 1)
    expect(await database.query(sampled)).toEqual([])
    await database.query('analyze organisation_keys')
    expect(await database.query(sampled)).toEqual([])
    expect(await keys.find(key.id)).toEqual(key)
  })
})

describe('a person who was erased', () => {
  it('leaves nothing in the files of the tables, nor in the statistics of the server', async () => {
    const store = await open()
    const subject = subjectOfTest()
    const isStored = async (): Promise<boolean> => {
      await database.query('checkpoint')
      return (await filesOf(database)).includes(subject.address)
    }
    for (let i = 0; i < 30; i += 1) await fillWithBob(store, ['example'])
    await database.query('analyze')
    expect(await isStored()).toBe(true)
    await store.subjects.erase(subject, {
      journal: 'pseudonymise',
      audit: 'delete',
      decisions: 'delete',
      pseudonym: 'erased-x',
      noteAtMs: 1,
    })
    await expect.poll(() => store.subjects.scrub(), { timeout: patienceMs }).toBe(true)
    expect(await isStored()).toBe(false)
  })
})

async function storeWithKey() {
  const store = await open()
  const key = storedKey({ destroyAfterMs: 1 })
  const secret = Buffer.from(key.wrappedPrivateKey ?? [])
  const isStored = async (): Promise<boolean> => {
    await database.query('checkpoint')
    return (await filesOf(database)).includes(secret)
  }
  await store.organisationKeys.add(key)
  return { store, key, isStored }
}

async function destroy({ organisationKeys }: Store, key: StoredKey): Promise<void> {
  await organisationKeys.destroyExpired(2, 0)
  expect(await organisationKeys.destroyExpired(2, KEY_GRACE_MS)).toEqual([key.id])
}

/** The server's own analysis of tables may hold an older state for a moment. */
const scrubbed = ({ organisationKeys }: Store) =>
  expect.poll(() => organisationKeys.scrub(), { timeout: patienceMs }).toBe(true)

/** While a cursor sees the database as it is now; on a connection that no limit of time ends. */
async function withOldState(work: () => Promise<void>): Promise<void> {
  await engine().exclusively(async db => {
    await sql`declare old cursor for select 1 from pg_class`.execute(db)
    await work()
  })
}

async function filesOf({ folder, name, query }: TestDatabase): Promise<Buffer> {
  const [row] = await query(`select oid from pg_database where datname = '${name}'`)
  const base = join(folder, 'data/base', String(row?.['oid']))
  const files = await readdir(base)
  return Buffer.concat(
    // A file that vacuum replaced may go meanwhile.
    await Promise.all(files.map(file => readFile(join(base, file)).catch(() => Buffer.alloc(0)))),
  )
}

describe('a lost connection', () => {
  it('fails the statement that was on its way, and the next one works', async () => {
    const store = await open()
    await store.passcodes.open('c', 10)
    const isWaiting = "datname = current_database() and wait_event_type = 'Lock'"
    await engine().exclusively(async db => {
      await db.updateTable('passcodes').set({ tries: 0 }).execute()
      const waiting = store.passcodes.countTry('c', 1).catch((error: unknown) => error)
      const end = `select pg_terminate_backend(pid) from pg_stat_activity where ${isWaiting}`
      while ((await database.query(end)).length === 0);
      expect(await waiting).toMatchObject({ code: 'unreachable' })
    })
    expect(await store.passcodes.countTry('c', 1)).toBe(1)
  })

  it('that broke while nothing was asked is replaced without a word', async () => {
    const store = await open()
    await store.passcodes.open('c', 10)
    const others = 'datname = current_database() and pid <> pg_backend_pid()'
    const ended = await database.query(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity where ${others}`,
    )
    expect(ended.length).toBeGreaterThan(0)
    await new Promise(resolve => {
      setTimeout(resolve, 50) // until the driver has read that its connection is closed
    })
    expect(await store.passcodes.countTry('c', 1)).toBe(1)
  })

  it('to a server that is away is told in words, and found again when it is back', async () => {
    const relay = await startRelay(join(database.folder, '.s.PGSQL.5432'))
    onTestFinished(() => relay.close())
    const store = await open(`postgres://zegel@127.0.0.1:${relay.port}/${database.name}`)
    await store.passcodes.open('c', 10)
    relay.cut()
    const away = await store.passcodes.countTry('c', 1).catch((error: unknown) => error)
    expect(away).toMatchObject({ code: 'unreachable' })
    expect(String(away)).toContain('is it running, and is store.url right?')
    relay.mend()
    expect(await store.passcodes.countTry('c', 1)).toBe(1)
  })

  it('that falls silent is given up, and not used again', async () => {
    const relay = await startRelay(join(database.folder, '.s.PGSQL.5432'))
    onTestFinished(() => relay.close())
    const at = `postgres://zegel@127.0.0.1:${relay.port}/${database.name}`
    const store = await open(`${at}?query_timeout=300`)
    await store.ping()
    relay.silence()
    await expect(store.ping()).rejects.toMatchObject({ code: 'unreachable' })
    relay.mend()
    await expect(store.ping()).resolves.toBeUndefined()
  })
})

describe('a database that does not do as it is asked', () => {
  it('is busy when a lock is held for too long', async () => {
    const store = await open(`${database.url}&lock_timeout=100`)
    const holder = engine()
    await holder.exclusively(async db => {
      await db.insertInto('ended_sessions').values({ session_id: 's', expires_at_ms: 1 }).execute()
      await expect(store.sessions.end('s', 1)).rejects.toMatchObject({ code: 'busy' })
    })
    await store.sessions.end('other', 1)
  })

  it.each([
    ['a database that is not there', (url: string) => url.replace(/zegel_\w+/, 'nowhere')],
    ['a user who is not there', (url: string) => url.replace('zegel@', 'nobody@')],
  ])('refuses %s', async (_, change) => {
    const error = await openStore(change(database.url)).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'refused' })
    expect(String(error)).toContain('does not exist')
  })

  it('refuses a user who may not make tables', async () => {
    await database.query('create role reader login')
    const url = database.url.replace('zegel@', 'reader@')
    await expect(openStore(url)).rejects.toMatchObject({ code: 'refused' })
    await database.query('drop role reader')
  })
})

describe("the server's own clock", () => {
  it('threat: a clock that jumps ahead is not believed when the server says otherwise, confirmed or not', async () => {
    const { clock } = await open()
    const nowMs = Date.now()
    const ahead = nowMs + 2 * MAX_CLOCK_DIFFERENCE_MS
    for (const wrongMs of [ahead, nowMs - 2 * MAX_CLOCK_DIFFERENCE_MS])
      expect(await clock.advance(wrongMs)).toMatchObject({ reason: 'database-clock', lastMs: null })
    await clock.confirm(ahead)
    expect(await clock.advance(ahead)).toMatchObject({ reason: 'database-clock' })
    expect(await clock.advance(nowMs)).toMatchObject({ believed: true })
  })
})

describeUpgrade(async () => {
  const own = await createTestDatabase()
  onTestFinished(() => own.remove())
  return own.url
})
