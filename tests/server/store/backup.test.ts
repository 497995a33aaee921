import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backupStore, restoreStore } from '../../../src/server/store/backup.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import { storedKey } from './describe-organisation-keys.ts'

let folder: string
let url: string
const at = (name: string): string => join(folder, name)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zegel-backup-'))
  url = `sqlite:${at('zegel.db')}`
})
afterEach(() => rm(folder, { recursive: true }))

describe('backup', () => {
  it('holds everything that was written, also what is still in the log, while writing goes on', async () => {
    const store = await openStore(url)
    const key = storedKey()
    await store.organisationKeys.add(key)
    const writing = Promise.all(
      Array.from({ length: 200 }, (_, i) => store.usage.add('2026-11-21', 'm', `d${i}`, 1)),
    )
    await backupStore(url, at('backup.db'))
    await writing
    await store.close()
    await restoreStore(at('backup.db'), `sqlite:${at('restored.db')}`)
    const restored = await openStore(`sqlite:${at('restored.db')}`)
    expect(await restored.organisationKeys.find(key.id)).toEqual(key)
    await restored.close()
  })

  it('is one file that its owner alone can read', async () => {
    await (await openStore(url)).close()
    await backupStore(url, at('backup.db'))
    expect((await stat(at('backup.db'))).mode & 0o777).toBe(0o600)
    expect((await readdir(folder)).filter(name => name.startsWith('backup'))).toEqual(['backup.db'])
  })

  it('never writes over a file', async () => {
    await (await openStore(url)).close()
    await writeFile(at('backup.db'), 'precious')
    await expect(backupStore(url, at('backup.db'))).rejects.toMatchObject({ code: 'already-there' })
    expect(await readFile(at('backup.db'), 'utf8')).toBe('precious')
  })

  it('says that there is no database, and makes none', async () => {
    await expect(backupStore(url, at('backup.db'))).rejects.toMatchObject({ code: 'not-a-backup' })
    expect(await readdir(folder)).toEqual([])
  })

  it('reports how far it is', async () => {
    const store = await openStore(url)
    for (let i = 0; i < 40; i += 1)
      await store.usage.add('2026-11-21', 'm', String(i).repeat(90_000), 1)
    const seen: number[] = []
    await backupStore(url, at('backup.db'), ({ donePages }) => seen.push(donePages))
    expect(seen.length).toBeGreaterThan(0)
    expect(seen).toEqual(seen.toSorted((x, y) => x - y))
    await store.close()
  })
})

describe('restore', () => {
  async function backedUp(): Promise<string> {
    const store = await openStore(url)
    await store.usage.add('2026-11-21', 'before', '', 1)
    await backupStore(url, at('backup.db'))
    await store.usage.add('2026-11-21', 'after', '', 1)
    await store.close()
    return at('backup.db')
  }

  it('puts the state of the backup in the place of the database', async () => {
    const file = await backedUp()
    await restoreStore(file, url, { replace: true })
    const store = await openStore(url)
    const metrics = (await store.usage.list('2026-11-21', '2026-11-21')).map(row => row.metric)
    expect(metrics).toEqual(['before'])
    await store.close()
    expect((await stat(at('zegel.db'))).mode & 0o777).toBe(0o600)
    expect((await readdir(folder)).filter(name => name.includes('restore'))).toEqual([])
  })

  it('takes nothing from the log that a killed program left', async () => {
    const file = await backedUp()
    const store = await openStore(url)
    await store.usage.add('2026-11-21', 'in the log', '', 1)
    const left = ['zegel.db', 'zegel.db-wal'].map(name => [name, readFileSync(at(name))] as const)
    await store.close()
    for (const [name, bytes] of left) writeFileSync(at(name), bytes)
    await restoreStore(file, url, { replace: true })
    const restored = await openStore(url)
    expect(await restored.usage.list('2026-11-21', '2026-11-21')).toHaveLength(1)
    await restored.close()
  })

  it('takes nothing from the log of a database that is gone', async () => {
    const file = await backedUp()
    const store = await openStore(url)
    await store.usage.add('2026-11-21', 'in the log', '', 1)
    const log = readFileSync(at('zegel.db-wal'))
    await store.close()
    await rm(at('zegel.db'))
    writeFileSync(at('zegel.db-wal'), log)
    await restoreStore(file, url)
    const restored = await openStore(url)
    const metrics = (await restored.usage.list('2026-11-21', '2026-11-21')).map(row => row.metric)
    expect(metrics).toEqual(['before'])
    await restored.close()
  })

  it('replaces nothing unless told to', async () => {
    const file = await backedUp()
    const before = await readFile(at('zegel.db'))
    await expect(restoreStore(file, url)).rejects.toMatchObject({ code: 'already-there' })
    expect(await readFile(at('zegel.db'))).toEqual(before)
  })

  it('refuses while a program has the database open, and leaves it alone', async () => {
    const file = await backedUp()
    const running = await openStore(url)
    await running.usage.add('2026-11-21', 'running', '', 1)
    await expect(restoreStore(file, url, { replace: true })).rejects.toMatchObject({
      code: 'in-use',
    })
    expect(await running.usage.list('2026-11-21', '2026-11-21')).toHaveLength(3)
    await running.close()
  })

  it.each([
    ['no file', undefined],
    ['an empty file', ''],
    ['another file', 'a letter to my aunt'.repeat(100)],
  ])('refuses %s', async (_, content) => {
    if (content !== undefined) await writeFile(at('backup.db'), content)
    await expect(restoreStore(at('backup.db'), url)).rejects.toMatchObject({
      code: 'not-a-backup',
    })
    expect(await readdir(folder)).not.toContain('zegel.db')
  })

  it("refuses another program's database", async () => {
    const other = new DatabaseSync(at('backup.db'))
    other.exec('create table t (a)')
    other.close()
    await expect(restoreStore(at('backup.db'), url)).rejects.toMatchObject({
      code: 'not-a-backup',
    })
  })

  it('refuses a backup that is cut off or altered', async () => {
    const file = await backedUp()
    const bytes = await readFile(file)
    await writeFile(at('cut.db'), bytes.subarray(0, bytes.length - 4_096))
    await expect(restoreStore(at('cut.db'), `sqlite:${at('new.db')}`)).rejects.toMatchObject({
      code: 'not-a-backup',
    })
    const altered = Buffer.from(bytes)
    altered.fill(0xff, 4_096, 4_120)
    await writeFile(at('altered.db'), altered)
    await expect(restoreStore(at('altered.db'), `sqlite:${at('new.db')}`)).rejects.toMatchObject({
      code: 'not-a-backup',
    })
  })

  it('refuses a backup of a newer program', async () => {
    const file = await backedUp()
    const database = new DatabaseSync(file)
    database.exec('insert into schema_versions values (99, 0)')
    database.close()
    await expect(restoreStore(file, url, { replace: true })).rejects.toMatchObject({
      code: 'newer-schema',
    })
  })
})
