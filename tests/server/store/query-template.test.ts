import { Kysely, SqliteAdapter, DummyDriver, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { describe, expect, it } from 'vitest'
import { queryTemplate } from '../../../src/server/store/query-template.ts'

interface Tables {
  people: { name: string; age: number | null; note: string }
}

const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: kysely => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

interface Values {
  readonly name: string
  readonly age: number | null
}

const build = ({ name, age }: Values) =>
  db
    .insertInto('people')
    .values({ note: 'fixed', age, name })
    .onConflict(c => c.doUpdateSet({ age }))

describe('queryTemplate', () => {
  it('gives the query that building it anew gives, for each set of values', () => {
    const template = queryTemplate(build)
    for (const values of [
      { name: 'Ann', age: 1 },
      { name: '', age: null },
      { name: "'; drop table people", age: 0 },
    ]) {
      const { sql, parameters } = template(values)
      const anew = build(values).compile()
      expect({ sql, parameters }).toEqual({ sql: anew.sql, parameters: anew.parameters })
    }
  })

  it('builds once', () => {
    let built = 0
    const template = queryTemplate((values: Values) => {
      built++
      return build(values)
    })
    template({ name: 'Ann', age: 1 })
    template({ name: 'Bob', age: 2 })
    expect(built).toBe(1)
  })
})
