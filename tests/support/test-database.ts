import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'
import { postgresUrl } from './postgres-server.ts'

/** An empty PostgreSQL database of its own. */
export interface TestDatabase {
  readonly url: string
  readonly name: string
  /** The server's folder: its socket, and its files under `data`. */
  readonly folder: string
  /** Runs SQL beside the program, as the operator does. */
  query(text: string): Promise<Record<string, unknown>[]>
  remove(): Promise<void>
}

let folder: Promise<string> | undefined

/** Makes a database on the run's own server. */
export async function createTestDatabase(): Promise<TestDatabase> {
  folder ??= askForServer()
  const at = await folder
  const name = `zegel_${randomBytes(6).toString('hex')}`
  await run(postgresUrl(at, 'postgres'), `create database ${name}`)
  return {
    url: postgresUrl(at, name),
    name,
    folder: at,
    query: text => run(postgresUrl(at, name), text),
    async remove() {
      await run(postgresUrl(at, 'postgres'), `drop database ${name} with (force)`)
    },
  }
}

async function askForServer(): Promise<string> {
  const answer = await fetch(inject('postgresDoor'))
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return text
}

async function run(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}
