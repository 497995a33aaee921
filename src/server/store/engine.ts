import type { CompiledQuery, CreateTableBuilder, Kysely, QueryResult } from 'kysely'
import type { Schema } from './schema.ts'

/**
 * What differs between databases. The stores speak portable SQL through `db` and ask the engine for the rest,
 * so a second database is one more implementation of this interface.
 */
export interface Engine {
  readonly db: Kysely<Schema>
  /** Names and forms that differ in `create table`. */
  readonly ddl: TableDialect
  /** Runs the queries in one transaction, in order; returns a result for each. */
  atomically(queries: readonly CompiledQuery[]): Promise<readonly QueryResult<unknown>[]>
  /** As `atomically`, and returns only once the disk has it: for what must outlive a power cut. */
  durably(queries: readonly CompiledQuery[]): Promise<readonly QueryResult<unknown>[]>
  /** A transaction that no other node's `exclusively` runs beside: for migrations. */
  exclusively<T>(run: (db: Kysely<Schema>) => Promise<T>): Promise<T>
  /** What the database's own clock says; null when it has none but this process's. */
  nowMs(): Promise<number | null>
  /**
   * Removes what was deleted from every file of the database, as far as the database can. False while someone reads an
   * older state, which the database keeps for them: then it is to be asked again.
   */
  scrub(): Promise<boolean>
  /** As `scrub`, of these tables; takes as long as they are large, and nobody uses them meanwhile. */
  rewrite(tables: readonly (keyof Schema)[]): Promise<boolean>
  close(): Promise<void>
}

export interface TableDialect {
  /** Column type of bytes. */
  readonly bytes: 'blob' | 'bytea'
  /** True where an index keeps equal keys once, so that one on a column of few values takes little room. */
  readonly dedupes: boolean
  /** True where the database copies values of columns into statistics of its own. */
  readonly samples: boolean
  /** Adds a primary key column that numbers itself. */
  numbered<T extends string, C extends string, N extends string>(
    table: CreateTableBuilder<T, C>,
    column: N,
  ): CreateTableBuilder<T, C | N>
  /** Ends a table that is looked up by its primary key alone. */
  keyed<T extends string, C extends string>(
    table: CreateTableBuilder<T, C>,
  ): CreateTableBuilder<T, C>
}
