import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CompiledQuery } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Engine } from '../../../src/server/store/engine.ts'
import { groupedWrites } from '../../../src/server/store/grouped-writes.ts'
import { migrate } from '../../../src/server/store/migrate.ts'
import { openSqlite } from '../../../src/server/store/sqlite-engine.ts'
import { StoreError } from '../../../src/server/store/store-error.ts'

let folder: string
let engine: Engine
/** How many queries each transaction had. */
let transactions: number[]
let write: (queries: readonly CompiledQuery[]) => Promise<void>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zegel-store-'))
  engine = openSqlite(join(folder, 'zegel.db'))
  await migrate(engine, 1)
  transactions = []
  write = groupedWrites({
    atomically(queries) {
      transactions.push(queries.length)
      return engine.atomically(queries)
    },
  })
})

afterEach(async () => {
  await engine.close()
  await rm(folder, { recursive: true })
})

const insert = (id: string): CompiledQuery =>
  engine.db.insertInto('ended_sessions').values({ session_id: id, expires_at_ms: 1 }).compile()

async function written(): Promise<string[]> {
  const rows = await engine.db.selectFrom('ended_sessions').select('session_id').execute()
  return rows.map(row => row.session_id).toSorted()
}

describe('groupedWrites', () => {
  it('puts what is asked for at the same time into one transaction', async () => {
    await Promise.all([write([insert('a')]), write([insert('b'), insert('c')]), write([])])
    expect(transactions).toEqual([3])
    expect(await written()).toEqual(['a', 'b', 'c'])
  })

  it('answers after the commit, which another connection sees', async () => {
    const other = openSqlite(join(folder, 'zegel.db'))
    await write([insert('a')])
    expect(await other.db.selectFrom('ended_sessions').selectAll().execute()).toHaveLength(1)
    await other.close()
  })

  it('lets a write that fails take no other with it', async () => {
    await write([insert('taken')])
    const results = await Promise.allSettled([
      write([insert('a')]),
      write([insert('b'), insert('taken')]),
      write([insert('c')]),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await written()).toEqual(['a', 'c', 'taken'])
  })

  it('rejects a single write that fails after one try', async () => {
    await write([insert('taken')])
    await expect(write([insert('taken')])).rejects.toThrow('UNIQUE constraint failed')
    expect(transactions).toEqual([1, 1])
  })

  it('does not wait for a busy database once more for each write', async () => {
    let tries = 0
    const writeBusy = groupedWrites({
      atomically() {
        tries++
        return Promise.reject(new StoreError('busy', 'locked'))
      },
    })
    const results = await Promise.allSettled([writeBusy([]), writeBusy([]), writeBusy([])])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(tries).toBe(1)
  })

  it('holds the write lock for no more than 64 writes at a time', async () => {
    const ids = Array.from({ length: 150 }, (_, i) => `s${i}`)
    await Promise.all(ids.map(id => write([insert(id)])))
    expect(transactions).toEqual([64, 64, 22])
    expect(await written()).toEqual(ids.toSorted())
  })
})
