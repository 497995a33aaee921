import { afterAll, beforeAll } from 'vitest'
import { openStore } from '../../../src/server/store/open-store.ts'
import { copiedTables } from '../../../src/server/store/tables.ts'
import { createTestDatabase } from '../../support/test-database.ts'
import type { TestDatabase } from '../../support/test-database.ts'
import { describeStore } from './describe-store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.remove())

/** Emptied after each test: to make a new one takes much longer. */
const empty = `truncate ${copiedTables.map(({ name }) => name).join(', ')}`

describeStore('PostgreSQL', async () => ({
  open: () => openStore(database.url),
  async remove() {
    await database.query(empty)
  },
}))
