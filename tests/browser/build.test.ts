import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = `${mkdtempSync(join(tmpdir(), 'zegel-build-'))}/`
beforeAll(async () => {
  vi.stubEnv('NODE_ENV', 'production') // the build that is shipped, not one for tests
  await build({ root, logLevel: 'error', build: { outDir: folder } })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const textOf = (name: string): string => readFileSync(`${folder}${name}`, 'utf8')
const scripts = (): readonly string[] => readdirSync(folder).filter(name => name.endsWith('.js'))

describe('the browser build', () => {
  it('stays within 25 KB of script before the sign-in choice and 60 KB before the message', () => {
    const script = `${root}scripts/check-size.mjs`
    const output = execFileSync(process.execPath, [script, folder], { encoding: 'utf8' })
    expect(output).toMatch(/beforeChoice \d+ bytes/)
  })

  it('names its files after their content, so that they can be kept for ever', () => {
    for (const name of readdirSync(folder).filter(one => one !== '.vite'))
      expect(name).toMatch(/^[\w-]+-[\w-]{8}\.(?:js|css)$/)
  })

  it('needs no eval, no inline script, no address of anybody else', () => {
    for (const name of scripts()) {
      expect(textOf(name), name).not.toMatch(/\beval\(|new Function\(/)
      const addresses = textOf(name).match(/https?:\/\/[\w.-]+/g) ?? []
      // Names of XML namespaces are never asked for.
      expect(
        addresses.filter(one => one !== 'http://www.w3.org'),
        name,
      ).toEqual([])
    }
  })

  it('has the sentences of one language alone in each chunk', () => {
    const dutch = scripts().filter(name => textOf(name).includes('Beveiligd bericht'))
    const english = scripts().filter(name => textOf(name).includes('Protected message'))
    expect(dutch).toHaveLength(1)
    expect(english).toHaveLength(1)
    expect(dutch).not.toEqual(english)
  })
})
