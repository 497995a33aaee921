import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../../src/server/store/open-store.ts'

const ROOT = join(import.meta.dirname, '../../..')
const UNIT_MS: Readonly<Record<string, number>> = {
  minutes: 60_000,
  hour: 3_600_000,
  hours: 3_600_000,
  days: 86_400_000,
}

/** `table.column` of the real schema. */
async function columnsOfSchema(): Promise<ReadonlySet<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-dpia-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'zegel.db')
  await (await openStore(`sqlite:${path}`)).close()
  const database = new DatabaseSync(path, { readOnly: true })
  const rows = database
    .prepare(
      `select t.name || '.' || c.name as name from sqlite_schema t, pragma_table_info(t.name) c
       where t.type = 'table'`,
    )
    .all()
  database.close()
  return new Set(rows.map(({ name }) => String(name)))
}

describe('docs/dpia.md', () => {
  let text = ''
  beforeAll(async () => {
    text = await readFile(join(ROOT, 'docs/dpia.md'), 'utf8')
  })

  it('names tables and columns that there are, and every table about people', async () => {
    const columns = await columnsOfSchema()
    const tables = new Set([...columns].map(name => name.split('.')[0] ?? ''))
    const named = [...text.matchAll(/`([a-z]+(?:_[a-z]+)*)\.([a-z]+(?:_[a-z]+)*)`/g)]
      .map(([, table = '', column = '']) => ({ table, name: `${table}.${column}` }))
      .filter(({ table }) => tables.has(table) || table.includes('_'))
      .filter(({ name }) => !['audit.enabled'].includes(name)) // a key of zegel.yaml
    expect(named.length).toBeGreaterThan(12)
    expect(named.filter(({ name }) => !columns.has(name))).toEqual([])
    const aboutNobody = /^(schema_versions|organisation_keys|delivered_halves|housekeeping)$/
    for (const table of tables)
      if (!aboutNobody.test(table)) expect(text).toMatch(new RegExp(`\`${table}[\`.]`))
  })

  it('says the times that stand in the source', async () => {
    const row = /\| (\d+) (minutes|hours?|days) +\| \[`(\w+)`\]\(\.\.\/([^)]+)\)/g
    const rows = [...text.matchAll(row)]
    expect(rows.length).toBeGreaterThan(11)
    for (const [, count, unit = '', constant = '', path = ''] of rows) {
      const found = (await import(join(ROOT, path))) as Record<string, unknown>
      expect(found[constant], constant).toBe(Number(count) * (UNIT_MS[unit] ?? Number.NaN))
    }
  })
})

describe.each(['dpia', 'nta7516'])('docs/%s.md', name => {
  it('points to files that there are', async () => {
    const file = join(ROOT, `docs/${name}.md`)
    const text = await readFile(file, 'utf8')
    const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) =>
      join(dirname(file), link),
    )
    const tests = [...text.matchAll(/`((?:tests|src)\/[\w./-]+)`/g)].map(([, path = '']) =>
      join(ROOT, path),
    )
    expect(links.length).toBeGreaterThan(2)
    expect([...links, ...tests].filter(path => !existsSync(path))).toEqual([])
  })
})
