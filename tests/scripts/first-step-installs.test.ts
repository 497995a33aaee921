import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** contract.md, From a fresh clone: no other step before it. */
it('what a fresh clone begins with installs first: start, test, check, build, pack', () => {
  const url = new URL('../../package.json', import.meta.url)
  const { scripts } = JSON.parse(readFileSync(url, 'utf8')) as { scripts: Record<string, string> }
  for (const name of ['prestart', 'pretest', 'precheck', 'prebuild', 'prepack'])
    expect(`${name}: ${scripts[name]}`).toMatch(/: node scripts\/install\.mjs(?: |$)/)
})
