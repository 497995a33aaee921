import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import {
  type Progress,
  checkIntact,
  copy,
  createPrivately,
  openBackup,
  openReadOnly,
} from './backup-file.ts'
import type { Engine } from './engine.ts'
import { COPY_BATCH } from './limits.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'
import { openPostgres } from './postgres-engine.ts'
import type { Schema } from './schema.ts'
import { openSqlite } from './sqlite-engine.ts'
import { StoreError } from './store-error.ts'
import { type CopiedTable, copiedTables } from './tables.ts'

export interface PostgresAddress {
  readonly url: string
  readonly password?: string | undefined
}

type Row = Readonly<Record<string, unknown>>
type OnProgress = (progress: Progress) => void

/**
 * Copies the rows, as they were at one moment, into a new SQLite file, while everything goes on.
 *
 * @throws StoreError `already-there`, `newer-schema`, `not-a-backup`, `unreachable`, `refused`
 */
export async function backupPostgres(
  { url, password }: PostgresAddress,
  file: string,
  onProgress: OnProgress,
): Promise<void> {
  const source = openPostgres(url, password)
  try {
    await checkVersion(source)
    await createPrivately(file)
    await fill(file, source, onProgress).catch(async (error: unknown) => {
      await rm(file, { force: true })
      throw error
    })
  } finally {
    await source.close()
  }
}

/** @throws StoreError `not-a-backup`, `newer-schema` */
async function checkVersion({ db }: Engine): Promise<void> {
  const query = db.selectFrom('schema_versions').select(e => e.fn.max('version').as('version'))
  const row = await query.executeTakeFirst().catch((cause: unknown) => {
    if (cause instanceof StoreError) throw cause
    throw new StoreError('not-a-backup', 'store.url names no database of zegel: name another', {
      cause,
    })
  })
  if (row?.version === migrations.length) return
  throw new StoreError('newer-schema', 'the database has another version: run zegel migrate first')
}

async function fill(file: string, source: Engine, onProgress: OnProgress): Promise<void> {
  const target = openSqlite(file)
  try {
    await migrate(target, Date.now())
    const reading = source.db.transaction().setIsolationLevel('repeatable read')
    await reading.execute(from => target.exclusively(to => copyFromPostgres(from, to, onProgress)))
    await target.scrub()
  } finally {
    await target.close()
  }
}

async function copyFromPostgres(
  from: Kysely<Schema>,
  to: Kysely<Schema>,
  onProgress: OnProgress,
): Promise<void> {
  const pages = await pagesOf(from)
  for (const [index, { name }] of copiedTables.entries()) {
    await sql`declare copied no scroll cursor for select * from ${sql.table(name)}`.execute(from)
    for (;;) {
      const { rows } = await sql<Row>`fetch ${sql.lit(COPY_BATCH)} from copied`.execute(from)
      if (rows.length === 0) break
      await insert(to, name, rows)
    }
    await sql`close copied`.execute(from)
    onProgress({ donePages: sum(pages.slice(0, index + 1)), totalPages: sum(pages) })
  }
}

/** The size of each table, in pages as SQLite has them. */
async function pagesOf(db: Kysely<Schema>): Promise<readonly number[]> {
  const pages: number[] = []
  for (const { name } of copiedTables) {
    const { rows } = await sql<{ size: number }>`select pg_table_size(${name}) as size`.execute(db)
    pages.push(Math.ceil((rows[0]?.size ?? 0) / 4096))
  }
  return pages
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/**
 * Puts the rows of a backup, whichever database it was made from, into a PostgreSQL database, in one transaction:
 * it holds the old rows or the new ones, never half of both.
 *
 * @throws StoreError `not-a-backup`, `newer-schema`, `already-there` unless `replace`, `in-use` while a program runs
 */
export async function restorePostgres(
  file: string,
  { url, password }: PostgresAddress,
  { replace }: { readonly replace: boolean },
): Promise<void> {
  const fresh = join(tmpdir(), `zegel-restore-${randomBytes(8).toString('hex')}`)
  const target = openPostgres(url, password)
  try {
    await copyUpToDate(file, fresh)
    await migrate(target, Date.now())
    await checkUnused(target)
    const source = openReadOnly(fresh)
    try {
      await target.exclusively(async to => {
        await makeEmpty(to, replace)
        await copyToPostgres(source, to)
      })
    } finally {
      source.close()
    }
  } finally {
    await target.close()
    for (const suffix of ['', '-wal', '-shm']) await rm(fresh + suffix, { force: true })
  }
}

/** A private copy of the backup, with the steps of the schema that came after it. */
async function copyUpToDate(file: string, fresh: string): Promise<void> {
  const source = openBackup(file)
  try {
    checkIntact(source, file)
    await createPrivately(fresh)
    await copy(source, fresh, () => undefined)
  } finally {
    source.close()
  }
  const engine = openSqlite(fresh)
  try {
    await migrate(engine, Date.now())
  } finally {
    await engine.close()
  }
}

/**
 * Looks more than once: the server lists a connection for a moment after it was closed.
 *
 * @throws StoreError `in-use`
 */
async function checkUnused({ db }: Engine): Promise<void> {
  for (let looks = 0; looks < 20; looks += 1) {
    const { rows } = await sql`
      select 1 from pg_stat_activity
      where datname = current_database() and application_name = 'zegel' and pid <> pg_backend_pid()
    `.execute(db)
    if (rows.length === 0) return
    await sleep(50)
  }
  throw new StoreError('in-use', 'store.url: the database is in use: stop zegel first')
}

/** @throws StoreError `already-there` */
async function makeEmpty(db: Kysely<Schema>, replace: boolean): Promise<void> {
  for (const { name } of copiedTables.toReversed()) {
    const row = await sql`select 1 from ${sql.table(name)} limit 1`.execute(db)
    if (row.rows.length > 0 && !replace)
      throw new StoreError(
        'already-there',
        'store.url: the database is not empty: name another, or replace it with --replace',
      )
    await sql`delete from ${sql.table(name)}`.execute(db)
  }
}

async function copyToPostgres(from: DatabaseSync, to: Kysely<Schema>): Promise<void> {
  for (const { name, numberedBy } of copiedTables) {
    for (const rows of batches(from.prepare(`select * from ${name}`).iterate()))
      await insert(to, name, rows)
    if (numberedBy !== null) await countOn(to, name, numberedBy)
  }
}

/** New rows get numbers after those that were copied. */
async function countOn(db: Kysely<Schema>, table: CopiedTable, column: string): Promise<void> {
  await sql`
    select setval(
      pg_get_serial_sequence(${table}, ${column}),
      (select coalesce(max(${sql.ref(column)}), 0) + 1 from ${sql.table(table)}), false)
  `.execute(db)
}

async function insert(db: Kysely<Schema>, table: CopiedTable, rows: readonly Row[]): Promise<void> {
  await db.insertInto(table).values(rows).execute()
}

function* batches(rows: Iterable<Row>): Generator<readonly Row[]> {
  let batch: Row[] = []
  for (const row of rows) {
    batch.push(row)
    if (batch.length < COPY_BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
