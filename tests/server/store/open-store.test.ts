import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../../src/server/store/open-store.ts'

let folder: string
const at = (name: string): string => join(folder, name)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zegel-open-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('openStore', () => {
  it('makes a database that its owner alone can read, log included', async () => {
    const store = await openStore(`sqlite:${at('zegel.db')}`)
    await store.usage.add('2026-11-21', 'm', 'd', 1)
    for (const name of await readdir(folder)) expect((await stat(at(name))).mode & 0o077).toBe(0)
    await store.close()
    expect(await readdir(folder)).toEqual(['zegel.db'])
  })

  it('keeps what was written when it is opened again', async () => {
    const first = await openStore(`sqlite:${at('zegel.db')}`)
    await first.usage.add('2026-11-21', 'm', 'd', 1)
    await first.close()
    const second = await openStore(`sqlite:${at('zegel.db')}`)
    expect(await second.usage.list('2026-11-21', '2026-11-21')).toHaveLength(1)
    await second.close()
  })

  it('has a table that refuses a few of one organisation, whoever writes them', async () => {
    const store = await openStore(`sqlite:${at('zegel.db')}`)
    await store.close()
    const database = new DatabaseSync(at('zegel.db'))
    const write = database.prepare('insert into organisation_usage_counts values (?, ?, ?, ?)')
    expect(() => write.run('example', '2026-11-21', 'messages_opened', 4)).toThrow(
      'organisation_usage_counts_many',
    )
    expect(write.run('example', '2026-11-21', 'messages_opened', 5).changes).toBe(1)
    database.close()
  })

  it('opens a database in memory', async () => {
    const store = await openStore('sqlite::memory:')
    await expect(store.ping()).resolves.toBeUndefined()
    await store.close()
  })

  it('says which addresses there are', async () => {
    await expect(openStore('mysql://db/zegel')).rejects.toMatchObject({ code: 'unsupported-url' })
    await expect(openStore('zegel.db')).rejects.toMatchObject({ code: 'unsupported-url' })
  })

  it('says which folder is missing', async () => {
    await expect(openStore(`sqlite:${at('no/zegel.db')}`)).rejects.toThrow(
      `there is no folder ${at('no')}`,
    )
  })

  it('refuses a database of a newer program', async () => {
    await (await openStore(`sqlite:${at('zegel.db')}`)).close()
    const database = new DatabaseSync(at('zegel.db'))
    database.exec('insert into schema_versions values (99, 0)')
    database.close()
    await expect(openStore(`sqlite:${at('zegel.db')}`)).rejects.toMatchObject({
      code: 'newer-schema',
    })
  })

  it("writes nothing into another program's database", async () => {
    const database = new DatabaseSync(at('other.db'))
    database.exec('create table t (a)')
    database.close()
    const before = await readFile(at('other.db'))
    await expect(openStore(`sqlite:${at('other.db')}`)).rejects.toMatchObject({ code: 'not-ours' })
    expect(await readFile(at('other.db'))).toEqual(before)
  })

  it('writes nothing into a file that is no database', async () => {
    await writeFile(at('letter'), 'a letter to my aunt'.repeat(100))
    await expect(openStore(`sqlite:${at('letter')}`)).rejects.toMatchObject({ code: 'not-ours' })
    expect(await readFile(at('letter'), 'utf8')).toMatch(/^a letter/)
  })

  it('ends what it is doing before it closes', async () => {
    const store = await openStore(`sqlite:${at('zegel.db')}`)
    const adding = Promise.all(
      Array.from({ length: 50 }, () => store.usage.add('2026-11-21', 'm', 'd', 1)),
    )
    const closing = store.close()
    await Promise.all([adding, closing])
    await store.close()
    const again = await openStore(`sqlite:${at('zegel.db')}`)
    expect((await again.usage.list('2026-11-21', '2026-11-21'))[0]?.count).toBe(50)
    await again.close()
  })
})

describe('a database that another process holds', () => {
  it('is waited for without standing still', async () => {
    const store = await openStore(`sqlite:${at('zegel.db')}`)
    const other = new DatabaseSync(at('zegel.db'))
    other.exec('begin immediate')
    let turns = 0
    const turning = setInterval(() => (turns += 1), 1)
    const writing = store.usage.add('2026-11-21', 'm', 'd', 1)
    setTimeout(() => other.exec('commit'), 200)
    await writing
    clearInterval(turning)
    other.close()
    expect(turns).toBeGreaterThan(1)
    expect(await store.usage.list('2026-11-21', '2026-11-21')).toHaveLength(1)
    await store.close()
  })
})
