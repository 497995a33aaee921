import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/server/config/config-error.ts'
import { loadConfig, parseConfig } from '../../../src/server/config/load-config.ts'

const FILE = '/etc/zegel/zegel.yaml'
const ORGANISATION = 'organisations: [{ id: example, name: Example, domains: [example.com] }]\n'

/** The lines of what is wrong. */
function problemsOf(text: string): readonly string[] {
  try {
    parseConfig(text, FILE, {})
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n')
    throw error
  }
}

const wrong = (text: string) => problemsOf(ORGANISATION + text)

describe('errors of the configuration', () => {
  it('say what is wrong in words for people', () => {
    const of = (text: string): string => problemsOf(text)[0] ?? ''
    expect(of('a: 1\n---\nb: 1\n')).toContain(':2: not YAML: the file holds more than one document')
    expect(of('a:\n\t- b\n')).toContain(':2: not YAML: a tab: write blanks in its place')
    expect(of('organisations: [{ id: a, name: 123, domains: [a.test] }]')).toBe(
      `${FILE}:1: organisations[0].name: 123 is not a text: write a text in quotation marks`,
    )
    expect(wrong('audit: { <<: x }').join()).toContain('remove it, or write one of')
  })

  it('say that a file is not in UTF-8, before its letters come out as others', async () => {
    const file = `${mkdtempSync(`${tmpdir()}/zegel-encoding-`)}/zegel.yaml`
    const text = 'organisations: [{ id: a, name: Clínica, domains: [a.test] }]\n'
    for (const bytes of [
      Buffer.from(text, 'latin1'),
      Buffer.from(text, 'utf16le'),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
    ]) {
      writeFileSync(file, bytes)
      await expect(loadConfig(file, {})).rejects.toThrow(
        `${file}: is not text in UTF-8: save it in this encoding`,
      )
    }
    writeFileSync(file, `\ufeff${text.replace('\n', '\r\n')}`)
    expect((await loadConfig(file, {})).organisations[0]?.name).toBe('Clínica')
    rmSync(dirname(file), { recursive: true })
  })

  it('say why a file cannot be read', async () => {
    await expect(loadConfig('/etc', {})).rejects.toThrow('/etc: it is a folder: name the file')
  })

  it('threat: a secret in a log: never shows one that stands in the file by mistake', () => {
    const lines = [
      ...wrong('gateway: { rootKey: hunter2, nextHop: { user: a, password: hunter2 } }'),
      ...wrong('store: { url: "postgres://zegel:hunter2@db/zegel", password: hunter2 }'),
      ...wrong('gateway: { users: [{ name: a, password: hunter2, organisation: example }] }'),
    ]
    expect(lines).toHaveLength(5)
    lines.push(
      ...wrong('gateway: { nextHop: "smtp://a:hunter2@mail.example.com" }'),
      ...wrong('gateway: { users: { a: hunter2 } }'),
      ...wrong('gateway: { nextHop: { user: a, password: *hunter2 } }'),
      ...wrong('gateway: { nextHop: { user: a, password: 4242424242 } }'),
      ...wrong('gateway:\n  nextHop:\n    password: |hunter2\n'),
    )
    expect(lines.length).toBeGreaterThanOrEqual(10)
    expect(lines.join('\n')).not.toContain('4242')
    expect(lines.join('\n')).not.toContain('hunter2')
    expect(lines[0]).toContain(
      'gateway.nextHop.password: what stands there does not fit: write file:PATH',
    )
  })
})
