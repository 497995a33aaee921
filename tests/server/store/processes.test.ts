import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../../src/server/store/open-store.ts'
import { createTestDatabase } from '../../support/test-database.ts'

const NODE = join(import.meta.dirname, 'node-process.ts')
const CALLS = 250

interface Answers {
  readonly tries: readonly number[]
  readonly used: number
  readonly takes: readonly number[]
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zegel-processes-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function runNode(url: string, calls: number): Promise<Answers> {
  const { stdout } = await promisify(execFile)(process.execPath, [NODE, url, String(calls)])
  return JSON.parse(stdout) as Answers
}

interface Place {
  /** The address of a new empty database. */
  make(): Promise<string>
}

const sqlite: Place = { make: async () => `sqlite:${join(folder, randomUUID())}` }

const postgres: Place = {
  async make() {
    const { url, remove } = await createTestDatabase()
    onTestFinished(remove)
    return url
  },
}

describe.each([
  ['SQLite', sqlite],
  ['PostgreSQL', postgres],
])('threat: passcode guessing and replay on two nodes at once, on %s', (_, { make }) => {
  it('counts 500 parallel calls of two processes as 500 and lets one of them win', async () => {
    const url = await make()
    const store = await openStore(url)
    await store.passcodes.open('tried', 1)
    await store.passcodes.open('used', 1)
    const nodes = await Promise.all([runNode(url, CALLS), runNode(url, CALLS)])
    const expected = Array.from({ length: 2 * CALLS }, (_, i) => i + 1)
    const sorted = (numbers: readonly number[]) => numbers.toSorted((x, y) => x - y)
    expect(sorted(nodes.flatMap(node => node.tries))).toEqual(expected)
    expect(sorted(nodes.flatMap(node => node.takes))).toEqual(expected)
    expect(nodes.reduce((sum, node) => sum + node.used, 0)).toBe(1)
    await store.close()
  })

  it('lets several processes make the same new database at once', async () => {
    const url = await make()
    const nodes = await Promise.all(Array.from({ length: 3 }, () => runNode(url, 20)))
    const takes = nodes.flatMap(node => node.takes)
    expect(new Set(takes).size).toBe(3 * 20)
  })
})
