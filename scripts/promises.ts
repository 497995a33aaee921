// npm run promises                      every promise of the privacy statement → its tests → result
// npm run promises -- --mutations [ID…]  each promise broken on purpose: its test must fail
// npm run promises -- --what-leaves      writes docs/what-leaves.md anew
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { runMutations } from './promises/run-mutations.ts'
import { runPromises } from './promises/run-promises.ts'

/** As everything in the repository is. */
function format(file: string): void {
  const prettier = fileURLToPath(
    new URL('../node_modules/prettier/bin/prettier.cjs', import.meta.url),
  )
  spawnSync(process.execPath, [prettier, '--write', file], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

const [option, ...rest] = process.argv.slice(2)
if (option === undefined) {
  process.exitCode = (await runPromises(new Date().toISOString().slice(0, 10))) ? 0 : 1
} else if (option === '--mutations') {
  process.exitCode = (await runMutations(rest)) ? 0 : 1
} else if (option === '--what-leaves') {
  const test = 'tests/promises/observed-reading.test.ts'
  const { status } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url)), 'run', test],
    { stdio: 'inherit', env: { ...process.env, WRITE_WHAT_LEAVES: '1' } },
  )
  process.exitCode = status ?? 1
  if (status === 0) format('docs/what-leaves.md')
} else {
  console.error(
    `npm run promises: no option ${option}; write nothing, --mutations or --what-leaves`,
  )
  process.exitCode = 2
}
