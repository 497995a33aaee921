import { type DataTypeNode, Kysely, PostgresDialect, PostgresQueryCompiler, sql } from 'kysely'
import type { ClientConfig } from 'pg'
import type { Engine, TableDialect } from './engine.ts'
import {
  ANSWER_TIMEOUT_MS,
  LOCK_TIMEOUT_MS,
  MAX_CONNECTIONS,
  MIGRATION_WAIT_MS,
  STATEMENT_TIMEOUT_MS,
} from './limits.ts'
import { PostgresPool } from './postgres-pool.ts'
import { runTogether } from './postgres-transaction.ts'
import { postgresSettings } from './postgres-url.ts'
import type { Schema } from './schema.ts'

/** The name of our lock among the server's: `ZGEL`. */
const LOCK = 0x5a47454c

/**
 * Connects when first asked.
 *
 * @throws StoreError `unsupported-url`
 */
export function openPostgres(url: string, password?: string): Engine {
  const settings = postgresSettings(url, password)
  const pool = new PostgresPool({
    ...settings,
    max: MAX_CONNECTIONS,
    min: 1, // stays open while the program runs: `zegel restore` must see that it does
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
  })
  const db = kyselyOver(pool)
  return {
    db,
    ddl: postgresTables,
    atomically: queries => runTogether(pool, queries),
    durably: queries => runTogether(pool, queries, { durable: true }),
    exclusively: run => exclusively(settings, run),
    nowMs: () => serverTime(db),
    scrub: () => scrub(pool, ['organisation_keys']),
    rewrite: tables => rewrite(settings, tables),
    close: () => pool.end(),
  }
}

/** On a connection of its own, because building an index may take longer than any answer to a reader. */
async function exclusively<T>(
  settings: ClientConfig,
  run: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  const pool = new PostgresPool({ ...settings, max: 1, lock_timeout: MIGRATION_WAIT_MS })
  try {
    // Read committed: what another node did while we waited for the lock must be seen.
    const transaction = kyselyOver(pool).transaction().setIsolationLevel('read committed')
    return await transaction.execute(async db => {
      await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(db)
      return run(db)
    })
  } finally {
    await pool.end()
  }
}

/** On a connection of its own, because writing a large table takes longer than any answer to a reader. */
async function rewrite(
  settings: ClientConfig,
  tables: readonly (keyof Schema)[],
): Promise<boolean> {
  const pool = new PostgresPool({ ...settings, max: 1, lock_timeout: MIGRATION_WAIT_MS })
  try {
    return await scrub(pool, tables)
  } finally {
    await pool.end()
  }
}

async function serverTime(db: Kysely<Schema>): Promise<number> {
  const now = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`.as('now')
  return (await db.selectNoFrom(now).executeTakeFirstOrThrow()).now
}

/**
 * Writes tables anew: an update leaves the old row in the file until something else needs the place. What
 * an older transaction may still read (a dump, the server's own analysis of tables) is written again too.
 */
async function scrub(pool: PostgresPool, tables: readonly (keyof Schema)[]): Promise<boolean> {
  const client = await pool.connect()
  try {
    const lefts: boolean[] = []
    for (const table of tables) {
      const [left = ''] = await client.detailsOf(`vacuum (full, verbose) ${table}`)
      // `0 dead row versions cannot be removed yet.`, in the server's language.
      lefts.push(/\d+/.exec(left)?.[0] === '0')
    }
    return lefts.every(Boolean)
  } finally {
    client.release()
  }
}

function kyselyOver(pool: PostgresPool): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: new ByteOrderDialect({ pool }) })
}

class ByteOrderDialect extends PostgresDialect {
  override createQueryCompiler(): PostgresQueryCompiler {
    return new ByteOrderCompiler()
  }
}

/**
 * Text is ordered by its bytes, as in SQLite, whatever language the database was made for; and no index breaks when
 * the machine's rules of that language change. https://www.postgresql.org/docs/current/collation.html
 */
class ByteOrderCompiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node)
    const isColumn = this.parentNode?.kind === 'ColumnDefinitionNode'
    if (isColumn && node.dataType === 'text') this.append(' collate "C"')
  }
}

const postgresTables: TableDialect = {
  bytes: 'bytea',
  dedupes: true,
  samples: true,
  numbered: (table, column) =>
    table.addColumn(column, 'bigint', c => c.primaryKey().generatedByDefaultAsIdentity()),
  keyed: table => table,
}
