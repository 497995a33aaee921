import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../../src/server/store/open-store.ts'
import { messageId } from './describe-store.ts'

const ROOT = join(import.meta.dirname, '../../..')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zegel-document-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Table → columns, in the order of the page. */
function readDocument(text: string): ReadonlyMap<string, readonly string[]> {
  const sections = text.split(/^## /m).filter(section => section.startsWith('`'))
  return new Map(
    sections.map(section => [
      /^`(\w+)`/.exec(section)?.[1] ?? '',
      [...section.matchAll(/^\| `(\w+)` +\|/gm)].map(match => match[1] ?? ''),
    ]),
  )
}

function readSchema(path: string): ReadonlyMap<string, readonly string[]> {
  const database = new DatabaseSync(path, { readOnly: true })
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").all()
  const columns = database.prepare('select name from pragma_table_info(?)')
  const schema = tables.map(({ name }) => {
    const table = String(name)
    return [table, columns.all(table).map(column => String(column['name']))] as const
  })
  database.close()
  return new Map(schema)
}

describe('docs/storage.md', () => {
  it('lists every table and column of the database, and none that is not there', async () => {
    const path = join(folder, 'schema.db')
    await (await openStore(`sqlite:${path}`)).close()
    const schema = readSchema(path)
    const document = readDocument(await readFile(join(ROOT, 'docs/storage.md'), 'utf8'))
    expect(schema.size).toBeGreaterThan(5)
    expect(Object.fromEntries(document)).toEqual(Object.fromEntries(schema))
  })

  it('says of every column who writes it and when it goes', async () => {
    const text = await readFile(join(ROOT, 'docs/storage.md'), 'utf8')
    const rows = [...text.matchAll(/^\| (`\w+`) +\|(.*)\|$/gm)]
    expect(rows.length).toBeGreaterThan(40)
    const incomplete = rows.filter(
      ([, , cells = '']) => cells.split(' | ').filter(cell => cell.trim() !== '').length !== 3,
    )
    expect(incomplete.map(([, column]) => column)).toEqual([])
  })
})

describe('bytes stored (performance.md P6)', () => {
  const COUNT = 5_000

  async function bytesFor(name: string, write: (url: string) => Promise<void>): Promise<number> {
    const path = join(folder, name)
    await (await openStore(`sqlite:${path}`)).close()
    const empty = (await stat(path)).size
    await write(`sqlite:${path}`)
    return ((await stat(path)).size - empty) / COUNT
  }

  const seal = (recipients: number) => async (url: string) => {
    const store = await openStore(url)
    for (let i = 0; i < COUNT; i += 1)
      await store.journal.record({
        messageId: messageId(),
        organisationId: 'example-organisation',
        sender: 'firstname.lastname@example.com',
        recipients: Array.from(
          { length: recipients },
          (_, j) => `recipient-${i}-${j}@mail.example.org`,
        ),
        createdAtMs: 1_795_219_200_000 + i,
        expiresAtMs: 1_805_219_200_000 + i,
        template: 'default',
      })
    await store.close()
  }

  it('are at most 400 for a sealed message and 60 for a further recipient', async () => {
    const one = await bytesFor('one.db', seal(1))
    const five = await bytesFor('five.db', seal(5))
    expect(one).toBeLessThanOrEqual(400)
    expect((five - one) / 4).toBeLessThanOrEqual(60)
  })

  it('are at most 200 for an opening', async () => {
    const bytes = await bytesFor('audit.db', async url => {
      const store = await openStore(url)
      for (let i = 0; i < COUNT; i += 1)
        await store.audit.append({
          organisationId: 'example-organisation',
          messageId: messageId(),
          event: 'released',
          recipient: `recipient-${i}@mail.example.org`,
          method: 'passcode',
          assurance: 'mailbox',
          atMs: 1_795_219_200_000 + i,
        })
      await store.close()
    })
    expect(bytes).toBeLessThanOrEqual(200)
  })
})
