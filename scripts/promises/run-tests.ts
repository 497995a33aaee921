import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PromiseTest } from '../../src/server/portal/promises/promise-list.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))

/** One test that was run. */
export interface RanTest {
  readonly file: string
  readonly title: string
  readonly passed: boolean
  /** Why it failed. */
  readonly said: string
}

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly {
      readonly title: string
      readonly status: string
      readonly failureMessages?: readonly string[] | null
    }[]
  }[]
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Shows how it goes, on standard error. */
  readonly loud?: boolean
}

/** Runs these tests and no others. @throws Error when the runner itself fails */
export async function runTests(
  tests: readonly PromiseTest[],
  { env = {}, loud = false }: RunOptions = {},
): Promise<readonly RanTest[]> {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-promises-'))
  const output = join(folder, 'report.json')
  const files = [...new Set(tests.map(({ file }) => file))]
  const pattern = [...new Set(tests.map(({ title }) => patternOf(title)))].join('|')
  const reporters = ['--reporter=json', `--outputFile.json=${output}`]
  const args = [vitest, 'run', ...files, '-t', pattern, ...reporters]
  if (loud) args.push('--reporter=default')
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', loud ? 2 : 'ignore', loud ? 2 : 'ignore'],
  })
  await once(child, 'exit')
  try {
    return readReport(JSON.parse(await readFile(output, 'utf8')) as Report)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Of the titles of its cases. */
export function patternOf(title: string): string {
  return title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('%j', '.*')
}

function readReport({ testResults }: Report): readonly RanTest[] {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ title, status, failureMessages }) => ({
        file: relative(root, name),
        title,
        passed: status === 'passed',
        said: (failureMessages ?? []).join('\n'),
      })),
  )
}
