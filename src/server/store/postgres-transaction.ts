import { setTimeout as sleep } from 'node:timers/promises'
import type { CompiledQuery, QueryResult } from 'kysely'
import { MAX_TRANSACTION_TRIES } from './limits.ts'
import { isConflict } from './postgres-error.ts'
import type { PostgresClient, PostgresPool } from './postgres-pool.ts'
import { StoreError } from './store-error.ts'

/** Raises it for this transaction where the operator had lowered it; `remote_apply` and its like stay. */
const WAIT_FOR_DISK =
  "select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'"

/**
 * All queries in one transaction that sees one state of the database and changes no row that another one changed
 * meanwhile: PostgreSQL gives up one of the two, and it is tried again. That is what SQLite's single writer gives.
 *
 * @throws StoreError `busy` when others are always faster
 */
export async function runTogether(
  pool: PostgresPool,
  queries: readonly CompiledQuery[],
  { durable = false }: { readonly durable?: boolean } = {},
): Promise<readonly QueryResult<unknown>[]> {
  for (let tries = 1; ; tries += 1) {
    const client = await pool.connect()
    try {
      return await runOnce(client, queries, durable)
    } catch (error) {
      await client.query('rollback', []).catch(() => undefined) // a broken connection is gone with it
      if (!isConflict(error)) throw error
      if (tries === MAX_TRANSACTION_TRIES) throw busy(error)
    } finally {
      client.release()
    }
    await sleep(Math.random() * Math.min(50, tries * 2))
  }
}

async function runOnce(
  client: PostgresClient,
  queries: readonly CompiledQuery[],
  durable: boolean,
): Promise<readonly QueryResult<unknown>[]> {
  if (queries.length === 1 && !durable) return runEach(client, queries)
  const begin = 'begin isolation level repeatable read'
  await client.query(durable ? `${begin}; ${WAIT_FOR_DISK}` : begin, [])
  const results = await runEach(client, queries)
  await client.query('commit', [])
  return results
}

async function runEach(
  client: PostgresClient,
  queries: readonly CompiledQuery[],
): Promise<readonly QueryResult<unknown>[]> {
  const results: QueryResult<unknown>[] = []
  for (const query of queries) {
    const { rows, rowCount } = await client.query(query.sql, query.parameters)
    results.push({ rows, numAffectedRows: BigInt(rowCount ?? 0) })
  }
  return results
}

const busy = (cause: unknown): StoreError =>
  new StoreError('busy', 'the database is busy with the same rows: try again', { cause })
