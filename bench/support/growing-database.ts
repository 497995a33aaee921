import { rmSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'

/** A database that is filled without the program, and says how large it is. */
export interface GrowingDatabase {
  readonly name: string
  readonly url: string
  /** Adds so many sealed messages with one recipient each, and as many openings. */
  grow(rows: number): Promise<void>
  /** Bytes of tables and indexes. */
  size(): Promise<number>
}

const messages = "'example-organisation', 'firstname.lastname@example.com', 1795219200000"
const opening = "'released', 'recipient@mail.example.org', 'passcode', 'mailbox'"

export function growingSqlite(path: string): GrowingDatabase {
  const run = (work: (database: DatabaseSync) => void): void => {
    const database = new DatabaseSync(path)
    work(database)
    database.exec('pragma wal_checkpoint(truncate)')
    database.close()
  }
  rmSync(path, { force: true })
  return {
    name: 'SQLite',
    url: `sqlite:${path}`,
    async grow(rows) {
      const numbers = `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${rows})`
      run(database => {
        const first = Number(
          database.prepare('select coalesce(max(seq), 0) as first from journal').get()?.['first'],
        )
        database.exec('begin')
        for (const statement of statements(numbers, 'n', 'randomblob(16)', first))
          database.exec(statement)
        database.exec('commit')
      })
    },
    async size() {
      run(() => undefined)
      return statSync(path).size
    },
  }
}

export function growingPostgres(url: string): GrowingDatabase {
  const query = async (text: string): Promise<unknown> => {
    const client = new Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query<Record<string, unknown>>(text)
    await client.end()
    return rows[0]?.['value']
  }
  return {
    name: 'PostgreSQL',
    url,
    async grow(rows) {
      const first = Number(await query('select coalesce(max(seq), 0) as value from journal'))
      const bytes = "decode(md5(i::text || random()::text), 'hex')"
      for (const statement of statements('', `generate_series(1, ${rows}) as n (i)`, bytes, first))
        await query(statement)
      await query("select setval('journal_seq_seq', max(seq)) from journal")
      await query('vacuum analyze')
    },
    async size() {
      const tables = ['journal', 'journal_recipients', 'audit']
      const sizes = tables.map(name => `pg_total_relation_size('${name}')`)
      return Number(await query(`select ${sizes.join(' + ')} as value`))
    },
  }
}

/** Rows as the program writes them, `i` from 1. */
const statements = (before: string, from: string, bytes: string, first: number): string[] => [
  `insert into journal (seq, organisation_id, sender, created_at_ms, message_id, expires_at_ms, template)
   ${before} select ${first} + i, ${messages} + i, ${bytes}, 1805219200000 + i, 'default' from ${from}`,
  `insert into journal_recipients (seq, recipient)
   ${before} select ${first} + i, 'recipient-' || i || '@mail.example.org' from ${from}`,
  `insert into audit (organisation_id, message_id, event, recipient, method, assurance, at_ms)
   ${before} select 'example-organisation', ${bytes}, ${opening}, 1795219200000 + i from ${from}`,
]
