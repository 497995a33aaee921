import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import { BUSY_DEADLINE_MS, MAX_STATEMENTS } from './limits.ts'
import { StoreError } from './store-error.ts'

interface Prepared {
  readonly statement: StatementSync
  /** Whether it gives rows: asked once, because the answer lists all columns. */
  readonly hasRows: boolean
}

/**
 * The one connection to an SQLite file. Statements are prepared once. A busy database is tried again without
 * blocking the event loop, because the process that holds the lock may be this one.
 */
export class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, Prepared>()
  #tail: Promise<void> = Promise.resolve()
  #release: (() => void) | undefined

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Waits until nobody else uses the connection. */
  async acquire(): Promise<void> {
    const before = this.#tail
    let release: () => void = () => undefined
    this.#tail = new Promise(resolve => {
      release = resolve
    })
    await before
    this.#release = release
  }

  release(): void {
    const release = this.#release
    this.#release = undefined
    release?.()
  }

  /** @throws StoreError `busy` when another process holds the database for too long */
  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return retryWhileBusy(() => this.#run<R>(query))
  }

  /** Begins for writing at once: a later upgrade of a read lock could not be waited for. */
  begin(): Promise<void> {
    return retryWhileBusy(() => this.#database.exec('begin immediate'))
  }

  /** SQLite has done it already after some errors, such as a full disk. */
  rollback(): void {
    if (this.#database.isTransaction) this.#database.exec('rollback')
  }

  exec(sql: string): void {
    this.#database.exec(sql)
  }

  /** All queries in one transaction and one turn of the event loop. */
  executeTogether(queries: readonly CompiledQuery[]): Promise<readonly QueryResult<unknown>[]> {
    return retryWhileBusy(() => {
      this.#prepare('begin immediate').statement.run()
      try {
        const results = queries.map(query => this.#run(query))
        this.#prepare('commit').statement.run()
        return results
      } catch (error) {
        this.rollback()
        throw error
      }
    })
  }

  // eslint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('nothing is streamed from the database')
  }

  close(): void {
    this.#statements.clear()
    if (this.#database.isOpen) this.#database.close()
  }

  #run<R>(query: CompiledQuery): QueryResult<R> {
    const { statement, hasRows } = this.#prepare(query.sql)
    const parameters = query.parameters as readonly SQLInputValue[]
    if (hasRows) return { rows: statement.all(...parameters) as R[] }
    const { changes } = statement.run(...parameters)
    return { numAffectedRows: BigInt(changes), rows: [] }
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql)
    if (known) return known
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear()
    const statement = this.#database.prepare(sql)
    const prepared = { statement, hasRows: statement.columns().length > 0 }
    this.#statements.set(sql, prepared)
    return prepared
  }
}

async function retryWhileBusy<T>(attempt: () => T): Promise<T> {
  let waitMs = 1
  for (let waitedMs = 0; ; waitedMs += waitMs) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error)) throw error
      if (waitedMs > BUSY_DEADLINE_MS) throw busyError(error)
    }
    waitMs = Math.min(50, waitMs * 2)
    await sleep(waitMs * (0.5 + Math.random()))
  }
}

const SQLITE_BUSY = 5

function isBusy(error: unknown): boolean {
  // The low byte is the primary result code. https://sqlite.org/rescode.html
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 0xff) === SQLITE_BUSY
  )
}

function busyError(cause: unknown): StoreError {
  const message = 'the database is locked by another process: end it, or try again'
  return new StoreError('busy', message, { cause })
}
