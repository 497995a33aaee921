// The fast check of a contributor: format, types, lint, dependency rule, unit tests; no browser, no server.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** These look at the sources, all at once. */
const looks = [
  ['prettier', '--check', '--log-level', 'warn', '--cache', '.'],
  ['tsc', '-b'],
  ['oxlint', '--type-aware'],
  ['node', 'scripts/check-dependencies.mjs'],
]

/** Whole servers and databases, and the mails in every language, are left to `npm test`. */
const units = [
  'tests/core/',
  'tests/browser/',
  'tests/locales/sentences.test.ts',
  'tests/locales/words-in-code.test.ts',
  'tests/scripts/',
  'tests/fuzz/',
  ...['config', 'crypto', 'identity', 'keys', 'telemetry', 'text'].map(
    folder => `tests/server/${folder}/`,
  ),
]
const tests = ['vitest', 'run', '--project', 'unit', '--project', 'alone', ...units]

const statuses = await Promise.all(looks.map(command => run(command, 'pipe')))
statuses.push(await run(tests, 'inherit'))
process.exit(statuses.find(status => status !== 0) ?? 0)

/** @returns the exit status; what a piped command says is printed in one piece when it ends */
async function run([program, ...args], output) {
  const child = spawn(`${root}node_modules/.bin/${program}`, args, {
    cwd: root,
    stdio: ['ignore', output, output],
    env: { ...process.env, PATH: `${root}node_modules/.bin:${process.env.PATH}` },
  })
  const said = []
  child.stdout?.on('data', piece => said.push(piece))
  child.stderr?.on('data', piece => said.push(piece))
  const [status] = await once(child, 'close')
  process.stdout.write(Buffer.concat(said))
  return status ?? 1
}
