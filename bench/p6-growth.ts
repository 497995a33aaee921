// P6: what a database does as it grows: bytes a message and an opening, releases a second with few and many rows,
// on SQLite and PostgreSQL, and on one and two nodes that share one PostgreSQL. performance.md
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { postgresUrl, startPostgresServer } from '../tests/support/postgres-server.ts'
import { growingPostgres, growingSqlite } from './support/growing-database.ts'
import type { GrowingDatabase } from './support/growing-database.ts'
import { describeMachine } from './support/machine.ts'
import { writeReleaseTask } from './support/release-task.ts'
import { atLeast, atMost, format, renderReport, writeReport } from './support/report.ts'
import type { Report, Verdict } from './support/report.ts'
import { median, minRounds } from './support/rounds.ts'

/** Rows of the journal and of the audit; `ZEGEL_BENCH_ROWS=10000000` measures the largest of the targets. */
const rows = Number(process.env['ZEGEL_BENCH_ROWS'] ?? 1_000_000)
const runMs = 1000
/** A sealed message with one recipient, and an opening. */
const maxBytes = 400 + 200

interface Measured {
  readonly name: string
  readonly bytesPerMessage: number
  readonly before: number
  readonly after: number
  /** Undefined where nodes cannot share. */
  readonly twoNodes?: number
}

const node = fileURLToPath(new URL('support/release-node.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'zegel-bench-'))
const server = await startPostgresServer({ durable: true })
try {
  for (const name of ['small', 'large']) await makeDatabase(name)
  const at = (name: string): string => join(folder, `${name}.db`)
  const of = (name: string): string => postgresUrl(server.folder, name)
  const report = summarise([
    await measureGrowth(growingSqlite(at('small')), growingSqlite(at('large')), false),
    await measureGrowth(growingPostgres(of('small')), growingPostgres(of('large')), true),
  ])
  console.log(renderReport(report))
  console.log(writeReport(report, describeMachine()), '\n')
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function makeDatabase(name: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl(server.folder, 'postgres') })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
}

/** In alternating rounds, so that a machine that slows down slows all of them. */
async function measureGrowth(
  small: GrowingDatabase,
  large: GrowingDatabase,
  shared: boolean,
): Promise<Measured> {
  const { name } = large
  const tasks = { small: join(folder, `${name}-small`), large: join(folder, `${name}-large`) }
  await writeReleaseTask(small.url, tasks.small)
  await writeReleaseTask(large.url, tasks.large)
  const empty = await large.size()
  await large.grow(rows)
  const bytesPerMessage = ((await large.size()) - empty) / rows
  const rates = { before: [] as number[], after: [] as number[], twoNodes: [] as number[] }
  for (let round = 0; round < minRounds; round += 1) {
    rates.before.push(await releasesPerSecond(tasks.small, 1))
    rates.after.push(await releasesPerSecond(tasks.large, 1))
    if (shared) rates.twoNodes.push(await releasesPerSecond(tasks.large, 2))
  }
  const { before, after, twoNodes } = rates
  const measured = { name, bytesPerMessage, before: median(before), after: median(after) }
  return shared ? { ...measured, twoNodes: median(twoNodes) } : measured
}

/** So many nodes at the same time. */
async function releasesPerSecond(task: string, nodes: number): Promise<number> {
  const started = await Promise.all(Array.from({ length: nodes }, () => startNode(task)))
  const released = await Promise.all(started.map(run => run()))
  return (released.reduce((sum, count) => sum + count, 0) * 1000) / runMs
}

/** Resolves when the node is ready; what it returns makes it run, and gives how often it released. */
async function startNode(task: string): Promise<() => Promise<number>> {
  const child = spawn(process.execPath, [node, task, String(runMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  await Promise.race([once(child.stdout, 'data'), ended])
  return async () => {
    child.stdin.end('go\n')
    await ended
    const released = Number(output.split('\n')[1])
    if (!(released > 0)) throw new Error('a node released nothing')
    return released
  }
}

function summarise(measured: readonly Measured[]): Report {
  return {
    id: 'P6',
    title: `growth to ${rows.toLocaleString('en')} messages and openings`,
    columns: ['database', 'bytes a message and opening', 'releases/s, empty', 'full', 'two nodes'],
    rows: measured.map(({ name, bytesPerMessage, before, after, twoNodes }) => [
      name,
      format(bytesPerMessage),
      format(before),
      format(after),
      twoNodes === undefined ? '' : format(twoNodes),
    ]),
    verdicts: measured.flatMap(verdictsOf),
    notes: [
      'PostgreSQL has its server on the same machine, and waits for the disk at each release; SQLite does not',
      'releases without HTTP: the keys are opened, the policy judged, the share sealed for the browser, the audit row written',
    ],
    raw: { rows, measured },
  }
}

function verdictsOf({ name, bytesPerMessage, before, after, twoNodes }: Measured): Verdict[] {
  return [
    atMost(`${name}: bytes a message and its opening`, bytesPerMessage, maxBytes),
    atLeast(`${name}: releases/s full against empty`, after / before, 0.9),
    ...(twoNodes === undefined
      ? []
      : [atLeast(`${name}: two nodes against one`, twoNodes / after, 1)]),
  ]
}
