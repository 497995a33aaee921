import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type Driver,
  type QueryResult,
  CompiledQuery as Compiled,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import type { Engine, TableDialect } from './engine.ts'
import { SQLITE_WAIT_MS } from './limits.ts'
import type { Schema } from './schema.ts'
import { StoreError } from './store-error.ts'
import { SqliteConnection } from './sqlite-connection.ts'

/** Marks a file as ours: `ZGEL`, in its header. https://sqlite.org/pragma.html#pragma_application_id */
export const APPLICATION_ID = 0x5a47454c

/** Opens or makes the file; only its owner can read it. `path` may be `:memory:`. */
export function openSqlite(path: string): Engine {
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path, {
    timeout: SQLITE_WAIT_MS,
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
  })
  return sqliteEngine(database)
}

function sqliteEngine(database: DatabaseSync): Engine {
  const connection = new SqliteConnection(database)
  const ready = prepareFile(connection)
  ready.catch(() => undefined) // the first query reports it
  const db = kyselyOver(connection, ready)
  const together = async (queries: readonly CompiledQuery[], durable: boolean) => {
    await ready
    return locked(connection, () => runTogether(connection, queries, durable))
  }
  return {
    db,
    ddl: sqliteTables,
    atomically: queries => together(queries, false),
    durably: queries => together(queries, true),
    exclusively: run => db.transaction().execute(run),
    nowMs: () => Promise.resolve(null),
    scrub: () => emptyLog(connection, ready),
    rewrite: () => emptyLog(connection, ready),
    async close() {
      await ready.catch(() => undefined)
      await locked(connection, () => connection.close())
    },
  }
}

/** Deleted bytes are overwritten in the file (secure_delete) but linger in the log until it is emptied. */
async function emptyLog(connection: SqliteConnection, ready: Promise<void>): Promise<boolean> {
  await ready
  const checkpoint = Compiled.raw('pragma wal_checkpoint(truncate)')
  const { rows } = await locked(connection, () =>
    connection.executeQuery<{ busy: number }>(checkpoint),
  )
  return rows[0]?.busy === 0
}

/** In WAL mode `normal` survives any crash of the process; `full` survives a power cut too. */
async function prepareFile(connection: SqliteConnection): Promise<void> {
  if (!(await isOurs(connection)))
    await connection.executeQuery(Compiled.raw(`pragma application_id = ${APPLICATION_ID}`))
  for (const pragma of [
    'pragma journal_mode = wal',
    'pragma synchronous = normal',
    'pragma cache_size = -16000',
    'pragma secure_delete = on',
  ])
    await connection.executeQuery(Compiled.raw(pragma))
}

/**
 * False for a new file.
 *
 * @throws StoreError `not-ours`: nothing is written into another program's file
 */
async function isOurs(connection: SqliteConnection): Promise<boolean> {
  // In this order: another node marks the file before it makes tables.
  const tables = await firstValue(connection, 'select count(*) from sqlite_schema')
  const mark = await firstValue(connection, 'pragma application_id')
  if (mark === APPLICATION_ID) return true
  if (tables === 0 && mark === 0) return false
  throw notOurs()
}

async function firstValue(connection: SqliteConnection, text: string): Promise<unknown> {
  const { rows } = await connection
    .executeQuery<Record<string, unknown>>(Compiled.raw(text))
    .catch((error: unknown) => {
      throw error instanceof StoreError ? error : notOurs(error)
    })
  return Object.values(rows[0] ?? {})[0]
}

function notOurs(cause?: unknown): StoreError {
  const message = 'store.url names a file that is no database of zegel: name another'
  return new StoreError('not-ours', message, { cause })
}

async function runTogether(
  connection: SqliteConnection,
  queries: readonly CompiledQuery[],
  durable: boolean,
): Promise<readonly QueryResult<unknown>[]> {
  if (!durable) return connection.executeTogether(queries)
  connection.exec('pragma synchronous = full')
  try {
    return await connection.executeTogether(queries)
  } finally {
    connection.exec('pragma synchronous = normal')
  }
}

async function locked<T>(connection: SqliteConnection, run: () => T | Promise<T>): Promise<T> {
  await connection.acquire()
  try {
    return await run()
  } finally {
    connection.release()
  }
}

function kyselyOver(connection: SqliteConnection, ready: Promise<void>): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => driverOver(connection, ready),
      createIntrospector: db => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
}

function driverOver(connection: SqliteConnection, ready: Promise<void>): Driver {
  return {
    init: () => ready,
    async acquireConnection() {
      await connection.acquire()
      return connection
    },
    beginTransaction: () => connection.begin(),
    async commitTransaction() {
      connection.exec('commit')
    },
    async rollbackTransaction() {
      connection.rollback()
    },
    async releaseConnection() {
      connection.release()
    },
    async destroy() {},
  }
}

const sqliteTables: TableDialect = {
  bytes: 'blob',
  dedupes: false,
  samples: false,
  // `integer primary key` is the row number itself. https://sqlite.org/lang_createtable.html#rowid
  numbered: (table, column) => table.addColumn(column, 'integer', c => c.primaryKey()),
  keyed: table => table.modifyEnd(sql`without rowid`),
}
