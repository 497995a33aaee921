import { DatabaseSync } from 'node:sqlite'

export type Row = Readonly<Record<string, unknown>>

/** Every row of every table. */
export function storedRows(file: string): ReadonlyMap<string, readonly Row[]> {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
    const names = tables.map(({ name }) => String(name)).filter(name => !name.startsWith('sqlite_'))
    return new Map(names.map(name => [name, database.prepare(`SELECT * FROM "${name}"`).all()]))
  } finally {
    database.close()
  }
}
