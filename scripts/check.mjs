// The fast check of a contributor: format, types, lint, dependency rule, unit tests; no browser.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const steps = [
  ['prettier', '--check', '--log-level', 'warn', '.'],
  ['tsc', '-b'],
  ['oxlint', '--type-aware'],
  ['node', 'scripts/check-dependencies.mjs'],
  ['vitest', 'run', '--project', 'unit', '--project', 'alone'],
]
for (const [command, ...args] of steps) {
  const { status } = spawnSync(`${root}node_modules/.bin/${command}`, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${root}node_modules/.bin:${process.env.PATH}` },
  })
  if (status !== 0) process.exit(status ?? 1)
}
