import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Engine } from '../../../src/server/store/engine.ts'
import { migrate } from '../../../src/server/store/migrate.ts'
import type { Migration } from '../../../src/server/store/migrations.ts'
import { describeUpgrade } from './describe-upgrade.ts'
import { openSqlite } from '../../../src/server/store/sqlite-engine.ts'

const addTable =
  (name: string): Migration =>
  async db => {
    await sql.raw(`create table ${name} (a integer)`).execute(db)
  }

const fail: Migration = () => Promise.reject(new Error('a step failed'))

let folder: string
let engine: Engine
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zegel-migrate-'))
  engine = openSqlite(join(folder, 'zegel.db'))
})
afterEach(async () => {
  await engine.close()
  await rm(folder, { recursive: true })
})

async function tables(): Promise<readonly string[]> {
  const { rows } = await sql<{
    name: string
  }>`select name from sqlite_schema where type = 'table'`.execute(engine.db)
  return rows.map(({ name }) => name).toSorted()
}

describe('migrate', () => {
  it('takes the steps that are missing, in order, once', async () => {
    const [one, two, three] = [addTable('one'), addTable('two'), addTable('three')]
    expect(await migrate(engine, 1, [one])).toBe(1)
    expect(await migrate(engine, 2, [one, two, three])).toBe(2)
    expect(await migrate(engine, 3, [one, two, three])).toBe(0)
    expect(await tables()).toEqual(['one', 'schema_versions', 'three', 'two'])
    const versions = await engine.db.selectFrom('schema_versions').selectAll().execute()
    expect(versions).toEqual([
      { version: 1, applied_at_ms: 1 },
      { version: 2, applied_at_ms: 2 },
      { version: 3, applied_at_ms: 2 },
    ])
  })

  it('leaves nothing half done when a step fails, and goes on after it is mended', async () => {
    await migrate(engine, 1, [addTable('one')])
    await expect(migrate(engine, 2, [addTable('one'), addTable('two'), fail])).rejects.toThrow(
      'a step failed',
    )
    expect(await tables()).toEqual(['one', 'schema_versions'])
    expect(await migrate(engine, 3, [addTable('one'), addTable('two')])).toBe(1)
  })

  it('takes each step once when many nodes start at once', async () => {
    const others = Array.from({ length: 5 }, () => openSqlite(join(folder, 'zegel.db')))
    const steps = [addTable('one'), addTable('two')]
    const taken = await Promise.all([engine, ...others].map(node => migrate(node, 1, steps)))
    expect(taken.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 2])
    await Promise.all(others.map(node => node.close()))
  })

  it('refuses a database that knows more steps than the program', async () => {
    await migrate(engine, 1, [addTable('one'), addTable('two')])
    await expect(migrate(engine, 2, [addTable('one')])).rejects.toMatchObject({
      code: 'newer-schema',
      message: 'the database has schema version 2, this program knows 1: use the newer program',
    })
  })
})

describe('atomically', () => {
  it('does all of it or nothing, and leaves the connection usable', async () => {
    await migrate(engine, 1)
    const good = engine.db
      .insertInto('ended_sessions')
      .values({ session_id: 's', expires_at_ms: 1 })
      .compile()
    for (const run of ['atomically', 'durably'] as const)
      await expect(engine[run]([good, good])).rejects.toThrow('UNIQUE constraint failed')
    expect(await engine.db.selectFrom('ended_sessions').selectAll().execute()).toEqual([])
    await engine.durably([good])
    expect(await engine.db.selectFrom('ended_sessions').selectAll().execute()).toHaveLength(1)
  })

  it('waits for an open transaction of the same program instead of mixing with it', async () => {
    await migrate(engine, 1)
    const insert = (id: string) =>
      engine.db.insertInto('ended_sessions').values({ session_id: id, expires_at_ms: 1 }).compile()
    const rolledBack = engine.exclusively(async db => {
      await db.insertInto('ended_sessions').values({ session_id: 'in', expires_at_ms: 1 }).execute()
      await new Promise(resolve => {
        setTimeout(resolve, 20)
      })
      throw new Error('rolled back')
    })
    const beside = engine.atomically([insert('beside')])
    await expect(rolledBack).rejects.toThrow('rolled back')
    await beside
    const rows = await engine.db.selectFrom('ended_sessions').select('session_id').execute()
    expect(rows).toEqual([{ session_id: 'beside' }])
  })
})

describeUpgrade(async () => `sqlite:${join(folder, 'old.db')}`)
