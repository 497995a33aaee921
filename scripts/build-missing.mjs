// Builds the browser's part when there is no build of the present sources; removes what the promises' tests found of others.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { presentResults } from './promise-sources.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
if (fs.globSync === undefined) {
  // A Node older than 22 started us: go on with the pinned one.
  const { status } = spawnSync(`${root}node_modules/.bin/node`, [fileURLToPath(import.meta.url)], {
    stdio: 'inherit',
  })
  process.exit(status ?? 1)
}

const stamp = `${root}dist/.browser-sources`
const sources = fs.globSync(
  ['src/browser/**/*', 'src/core/**/*', 'src/locales/**/*', 'vite*.config.ts', 'package-lock.json'],
  { cwd: root, withFileTypes: true },
)
const hash = createHash('sha256')
for (const file of sources
  .filter(entry => entry.isFile())
  .map(entry => `${entry.parentPath}/${entry.name}`)
  .sort()) {
  hash.update(file.slice(root.length)).update('\0').update(fs.readFileSync(file))
}
const wanted = hash.digest('hex')

if (!fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== wanted) {
  for (const config of ['vite.config.ts', 'vite.service-worker.config.ts']) {
    const { status } = spawnSync(
      `${root}node_modules/.bin/node`,
      [`${root}node_modules/vite/bin/vite.js`, 'build', '--logLevel', 'warn', '--config', config],
      { cwd: root, stdio: ['ignore', 2, 2] },
    )
    if (status !== 0) process.exit(status ?? 1)
  }
  fs.mkdirSync(`${root}dist`, { recursive: true })
  fs.writeFileSync(stamp, wanted)
}

presentResults()
