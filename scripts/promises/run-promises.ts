import { readFileSync, writeFileSync } from 'node:fs'
import { keptPromises } from '../../src/server/portal/promises/promise-list.ts'
import type { PromiseTest } from '../../src/server/portal/promises/promise-list.ts'
import type {
  PromiseResult,
  PromiseResults,
} from '../../src/server/portal/promises/promise-results.ts'
import { presentResults, resultsFile, sourcesHash } from '../promise-sources.mjs'
import { patternOf, runTests } from './run-tests.ts'
import type { RanTest } from './run-tests.ts'

/** features.md E: memory is looked at a minute after the request. */
const WAIT_SECONDS = 60

/** Runs every test of every promise, prints the table, and writes what the page /promises shows. True when all are kept. */
export async function runPromises(date: string): Promise<boolean> {
  const before = presentResults()
  const sources = sourcesHash()
  const ran = await runTests(
    keptPromises.flatMap(({ tests }) => tests),
    { env: { PROMISES_WAIT_SECONDS: String(WAIT_SECONDS) }, loud: true },
  )
  const promises = keptPromises.map(({ id, tests }) => ({
    id,
    tests: tests.map(test => ({ ...test, result: resultOf(test, ran) })),
  }))
  const results: PromiseResults = {
    version: versionOf(),
    sources,
    date,
    waitSeconds: WAIT_SECONDS,
    promises,
    mutations: before === undefined ? null : (JSON.parse(before) as PromiseResults).mutations,
  }
  console.log(table(results))
  if (sourcesHash() === sources) writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`)
  else console.error('The sources were changed meanwhile: dist/promises.json is not written.')
  return promises.every(({ tests }) => tests.every(({ result }) => result === 'passed'))
}

function resultOf({ file, title }: PromiseTest, ran: readonly RanTest[]): PromiseResult {
  const whole = new RegExp(`^${patternOf(title)}$`)
  const own = ran.filter(test => test.file === file && whole.test(test.title))
  if (own.length === 0) return 'missing'
  return own.every(({ passed }) => passed) ? 'passed' : 'failed'
}

function versionOf(): string {
  const manifest = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { version: string }
  return manifest.version
}

const SIGNS: Readonly<Record<PromiseResult, string>> = {
  passed: 'passed ',
  failed: 'FAILED ',
  missing: 'NOT RUN',
}

function table({ version, date, promises }: PromiseResults): string {
  const lines = promises.flatMap(({ id, tests }) => [
    `\n${id}`,
    ...tests.map(({ result, title, file }) => `  ${SIGNS[result]}  ${title}  (${file})`),
  ])
  const kept = promises.filter(({ tests }) => tests.every(({ result }) => result === 'passed'))
  const sum = `\n${kept.length} of ${promises.length} promises kept; zegel ${version}, ${date}`
  return [...lines, sum].join('\n')
}
