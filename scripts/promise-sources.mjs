// Which sources the results of `npm run promises` are of. Results of other sources are removed, so that no page shows them.
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

export const resultsFile = `${root}dist/promises.json`

/** Of everything that the program is made of, hexadecimal. */
export function sourcesHash() {
  const files = fs.globSync(
    ['src/**/*', 'bin/*', 'package.json', 'package-lock.json', 'vite*.config.ts'],
    { cwd: root, withFileTypes: true },
  )
  const hash = createHash('sha256')
  for (const path of files
    .filter(entry => entry.isFile())
    .map(entry => `${entry.parentPath}/${entry.name}`)
    .sort())
    hash.update(path.slice(root.length)).update('\0').update(fs.readFileSync(path))
  return hash.digest('hex')
}

/** The results of the present sources as text; undefined when there are none, and those of others are removed. */
export function presentResults() {
  if (!fs.existsSync(resultsFile)) return undefined
  const text = fs.readFileSync(resultsFile, 'utf8')
  try {
    if (JSON.parse(text).sources === sourcesHash()) return text
  } catch {
    // not whole
  }
  fs.rmSync(resultsFile)
  return undefined
}
