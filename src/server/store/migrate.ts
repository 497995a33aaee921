import type { Kysely } from 'kysely'
import type { Engine } from './engine.ts'
import { type Migration, migrations } from './migrations.ts'
import type { Schema } from './schema.ts'
import { StoreError } from './store-error.ts'

/**
 * Brings the schema up to date in one transaction; nodes that start at the same time wait for each other.
 *
 * @throws StoreError `newer-schema` when a later version of the program made the database
 */
export async function migrate(
  engine: Engine,
  nowMs: number,
  steps: readonly Migration[] = migrations,
): Promise<number> {
  return engine.exclusively(async db => {
    const version = await currentVersion(db)
    if (version > steps.length) throw newerSchema(version, steps.length)
    for (const [index, step] of steps.entries()) {
      if (index < version) continue
      await step(db, engine.ddl)
      await db
        .insertInto('schema_versions')
        .values({ version: index + 1, applied_at_ms: nowMs })
        .execute()
    }
    return steps.length - version
  })
}

async function currentVersion(db: Kysely<Schema>): Promise<number> {
  await db.schema
    .createTable('schema_versions')
    .ifNotExists()
    .addColumn('version', 'integer', c => c.primaryKey().notNull())
    .addColumn('applied_at_ms', 'bigint', c => c.notNull())
    .execute()
  const row = await db
    .selectFrom('schema_versions')
    .select(e => e.fn.max('version').as('version'))
    .executeTakeFirst()
  return row?.version ?? 0
}

function newerSchema(found: number, known: number): StoreError {
  return new StoreError(
    'newer-schema',
    `the database has schema version ${found}, this program knows ${known}: use the newer program`,
  )
}
