import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../../src/server/store/open-store.ts'
import { openSqlite } from '../../../src/server/store/sqlite-engine.ts'
import { destroyAt, storedKey } from './describe-organisation-keys.ts'
import { describeStore } from './describe-store.ts'
import { fillWithBob, subjectOfTest } from './describe-subjects.ts'

describeStore('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-store-'))
  return {
    open: () => openStore(`sqlite:${join(folder, 'zegel.db')}`),
    remove: () => rm(folder, { recursive: true }),
  }
})

it('threat: database theft: what somebody still reads of a destroyed key goes once they are done', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-store-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'zegel.db')
  const store = await openStore(`sqlite:${path}`)
  onTestFinished(() => store.close())
  const key = storedKey({ destroyAfterMs: 1 })
  const secret = Buffer.from(key.wrappedPrivateKey ?? [])
  const isStored = async () => {
    const files = await Promise.all([readFile(path), readFile(`${path}-wal`)])
    return files.some(file => file.includes(secret))
  }
  await store.organisationKeys.add(key)
  const reader = new DatabaseSync(path)
  onTestFinished(() => reader.close())
  reader.exec('begin; select count(*) from organisation_keys')
  expect(await destroyAt(store, 2)).toEqual([key.id])
  expect(await store.organisationKeys.scrub()).toBe(false)
  expect(await isStored()).toBe(true)
  reader.exec('commit')
  expect(await store.organisationKeys.scrub()).toBe(true)
  expect(await isStored()).toBe(false)
})

it('leaves no byte of a person who was erased, in the file or its log, among hundreds of rows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-store-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'zegel.db')
  const store = await openStore(`sqlite:${path}`)
  onTestFinished(() => store.close())
  for (let i = 0; i < 100; i += 1) await fillWithBob(store, ['example'])
  const subject = subjectOfTest()
  const isStored = async () => {
    const files = await Promise.all([readFile(path), readFile(`${path}-wal`)])
    return files.some(file => file.includes(subject.address))
  }
  expect(await isStored()).toBe(true)
  await store.subjects.erase(subject, {
    journal: 'pseudonymise',
    audit: 'delete',
    decisions: 'delete',
    pseudonym: 'erased-x',
    noteAtMs: 1,
  })
  expect(await store.subjects.scrub()).toBe(true)
  expect(await isStored()).toBe(false)
})

it('says what went wrong, not that there is nothing left to undo, when the disk is full within a transaction', async () => {
  const engine = openSqlite(':memory:')
  onTestFinished(() => engine.close())
  const isFull = engine.db.transaction().execute(async db => {
    await sql`rollback`.execute(db) // as SQLite does it by itself then
    throw new Error('database or disk is full')
  })
  await expect(isFull).rejects.toThrow('database or disk is full')
})
