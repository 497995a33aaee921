import { defineConfig } from 'vitest/config'

/** What starts browsers and processes or works for long: not part of `npm run check`. */
const slow = [
  'tests/{end-to-end,load,promises}/**/*.test.ts',
  'tests/server/commands/{check,round-trip}.test.ts',
  'tests/browser/build.test.ts',
  'tests/browser/viewer/mail/work.test.ts',
]

export default defineConfig({
  test: {
    pool: 'forks',
    globalSetup: './tests/support/share-postgres.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['tests/**/*.test.ts'], exclude: slow },
      },
      {
        extends: true,
        test: {
          name: 'end-to-end',
          include: slow,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
