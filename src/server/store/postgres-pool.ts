import type {
  PostgresCursor,
  PostgresPool as KyselyPool,
  PostgresPoolClient,
  PostgresQueryResult,
} from 'kysely'
import { Pool, types } from 'pg'
import type { CustomTypesConfig, PoolClient, PoolConfig } from 'pg'
import { CONNECT_TIMEOUT_MS } from './limits.ts'
import { explainPostgresError, isBroken } from './postgres-error.ts'

/** The driver's pool with our types and words; a connection that failed once is not used again. */
export class PostgresPool implements KyselyPool {
  readonly #pool: Pool
  #ended: Promise<void> | undefined

  constructor(config: PoolConfig) {
    this.#pool = new Pool({
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      types: ourTypes,
      ...config,
    })
    // An idle connection that the server closes leaves the pool; the next call opens a new one.
    this.#pool.on('error', () => undefined)
  }

  /** @throws StoreError `unreachable`, `refused`, `busy` */
  async connect(): Promise<PostgresClient> {
    return new PostgresClient(await explained(this.#pool.connect()))
  }

  end(): Promise<void> {
    this.#ended ??= this.#pool.end()
    return this.#ended
  }
}

export class PostgresClient implements PostgresPoolClient {
  readonly #client: PoolClient
  #broken = false

  constructor(client: PoolClient) {
    this.#client = client
    client.on('error', this.#onError)
  }

  /** @throws StoreError `unreachable`, `refused`, `busy`, `not-ours`; the driver's error for a fault of ours */
  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
  query<R>(
    sql: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof sql !== 'string') throw new TypeError('nothing is streamed from the database')
    return this.#run<R>(sql, parameters)
  }

  /** What the server tells of the work it does, after the first line of each notice. */
  async detailsOf(sql: string): Promise<readonly string[]> {
    const details: string[] = []
    const note = ({ detail }: { readonly detail: string | undefined }) => {
      if (detail !== undefined) details.push(detail)
    }
    this.#client.on('notice', note)
    try {
      await this.#run(sql, [])
    } finally {
      this.#client.off('notice', note)
    }
    return details
  }

  release(): void {
    this.#client.off('error', this.#onError)
    this.#client.release(this.#broken)
  }

  async #run<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    try {
      const result = await explained(this.#client.query(sql, [...parameters]))
      return result as unknown as PostgresQueryResult<R>
    } catch (error) {
      this.#broken ||= isBroken(error)
      throw error
    }
  }

  readonly #onError = (): void => {
    this.#broken = true
  }
}

async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw explainPostgresError(error)
  }
}

/** The server's numbers of its types, as it says them with each column. */
const BYTEA = 17
const BIGINT = 20
const parseBytes = types.getTypeParser(types.builtins.BYTEA)

/** Bytes as `Uint8Array`, `bigint` as number: as SQLite gives them. */
const ourTypes: CustomTypesConfig = {
  getTypeParser: (type: number, format?: 'text' | 'binary') => {
    if (type === BYTEA) return (text: string) => new Uint8Array(parseBytes(text))
    if (type === BIGINT) return parseInteger
    // eslint-disable-next-line typescript/no-unsafe-enum-assignment -- the driver lists some of the numbers alone
    return types.getTypeParser(type, format)
  },
}

/** @throws RangeError rather than to round */
function parseInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('a number in the database is too large')
  return value
}
