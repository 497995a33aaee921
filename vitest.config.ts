import { globSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { mutationPlugin } from './tests/promises/mutations/mutation-plugin.ts'
import { LongestFirst } from './tests/support/longest-first.ts'
import { memoryFolder } from './tests/support/memory-folder.ts'
import { patienceMs } from './tests/support/patience.ts'
import { SayWhatFailedFirst } from './tests/support/say-what-failed-first.ts'

/** What starts browsers and processes or works for long: not part of `npm run check`. */
const slow = [
  'tests/{end-to-end,load,promises}/**/*.test.ts',
  'tests/server/commands/{check,round-trip}.test.ts',
  'tests/browser/build.test.ts',
  'tests/browser/viewer/mail/{work,files-work}.test.ts',
]

/** What puts other modules or globals in place of the real ones needs a process of its own. */
const alone = globSync('tests/**/*.test.ts').filter(file =>
  /\bvi\.(?:mock|doMock|stubGlobal|resetModules|useFakeTimers)\(/.test(readFileSync(file, 'utf8')),
)

/** Of `npm run promises -- --mutations`; none in an ordinary run. */
const mutation = mutationPlugin()

// For the workers and what they start, unless somebody has said where.
const folder = process.env['TMPDIR'] === undefined ? memoryFolder() : undefined
if (folder !== undefined) process.env['TMPDIR'] = folder

export default defineConfig({
  plugins: [mutation],
  test: {
    // What a test says is compared with what it should say of the mutation: whole, then.
    chaiConfig: { truncateThreshold: mutation === undefined ? 40 : 0 },
    pool: 'forks',
    // One for each processor, not one fewer: much of the time a test waits for a browser, a process or a clock.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    expect: { poll: { timeout: patienceMs } },
    globalSetup: './tests/support/share-postgres.ts',
    // As bin/zegel.js has it: what threads and processes of a test read is not freed of its types each time anew.
    env: {
      NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/zegel', import.meta.url)),
    },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine may be slower than any limit. What was tried again is named at the end, with the reason: look why.
    retry: process.env['CI'] === undefined ? 0 : 1,
    reporters: ['default', new SayWhatFailedFirst()],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: [...slow, ...alone],
          // Reading the modules anew for each of some 200 files would take longer than many of them.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: alone, exclude: slow },
      },
      {
        extends: true,
        test: {
          name: 'end-to-end',
          include: slow,
          // As above: a sixth of all the work of these. What they look into or kill are processes of their own.
          isolate: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
