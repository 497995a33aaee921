// Every package that we ship must carry a licence that Apache-2.0 software may depend on.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
  'Unicode-DFS-2016',
  'Unicode-3.0',
])
/** True when an SPDX expression leaves at least one allowed choice. */
const isAllowed = expression =>
  expression
    .replace(/[()]/g, '')
    .split(/\s+OR\s+/)
    .some(choice => choice.split(/\s+AND\s+/).every(licence => allowed.has(licence.trim())))

const root = fileURLToPath(new URL('..', import.meta.url))
const lock = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'))
const shipped = Object.entries(lock.packages).filter(
  ([path, entry]) => path !== '' && !entry.dev && !entry.devOptional,
)
const refused = shipped.filter(
  ([, entry]) => typeof entry.license !== 'string' || !isAllowed(entry.license),
)
for (const [path, entry] of refused)
  console.error(`licence: ${path}: ${entry.license ?? 'none named'}`)
if (refused.length > 0) process.exit(1)
if (Object.values(lock.packages).some(entry => typeof entry.resolved === 'string' && !entry.link)) {
  console.error(
    'package-lock.json names registry addresses; run npm install with the .npmrc of this project',
  )
  process.exit(1)
}
console.log(`licences: ${shipped.length} shipped packages, all allowed`)
