import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { FACTS } from '../../../src/server/portal/statement-facts.ts'
import { PLACES } from '../../../src/server/portal/pages/spoken-text.ts'
import {
  listStatementFiles,
  readStatement,
  readTranslations,
} from '../../../src/server/text/read-statement.ts'
import type { StatementName } from '../../../src/server/text/read-statement.ts'
import { readStatementFile } from '../../../src/server/text/statement-blocks.ts'
import { readParts } from '../../../src/server/text/statement-parts.ts'
import { textHash } from '../../../src/server/text/text-hash.ts'
import { locales } from '../../../src/server/text/text.ts'
import { dateFault, versionsInGit } from '../../support/text-history.ts'

const NAMES: readonly StatementName[] = ['privacy', 'accessibility']
const files = NAMES.flatMap(name => listStatementFiles(name).map(tag => ({ name, tag })))
const pathOf = (name: StatementName, tag: string): string => `src/locales/${name}/${tag}.md`
const root = fileURLToPath(new URL('../../../', import.meta.url))

describe.each(NAMES)('the statement on %s', name => {
  const sentences = readStatement(name).sections.flatMap(section => section.sentences)

  it('knows every fact and every place that it speaks of', () => {
    const known = new Set<string>([...FACTS, ...PLACES, '/associations', '/promises'])
    const named = sentences.flatMap(({ text, conditions }) => [
      ...conditions.map(({ fact }) => fact),
      ...readParts(text).flatMap(part =>
        part.kind === 'text' ? [] : [part.kind === 'place' ? part.name : part.path],
      ),
    ])
    expect(named.filter(one => !known.has(one))).toEqual([])
  })

  it('is translated whole, from the English of today', () => {
    for (const [tag, { faults }] of readTranslations(name)) expect(faults, tag).toEqual([])
  })

  it('has no file for a language that there is not', () => {
    expect(listStatementFiles(name).filter(tag => !locales.includes(tag))).toEqual([])
  })
})

it('the privacy statement is short', () => {
  const { sections } = readStatement('privacy')
  const seldom =
    /^(?:what-this-is-several|demo|one-process|.*-off|decides-several|operator|no-contact|translation)$/
  const words = sections
    .flatMap(({ heading, sentences }) => [
      heading,
      ...sentences.filter(({ id }) => !seldom.test(id)).map(({ text }) => text),
    ])
    .join(' ')
    .split(' ').length
  expect(words).toBeLessThanOrEqual(970)
})

describe.each(files)('the date of $name/$tag', ({ name, tag }) => {
  const source = readFileSync(new URL(pathOf(name, tag), `file://${root}`), 'utf8')

  it('is of this very text', () => {
    const { body, hash } = readStatementFile(source)
    expect(hash, `changed: node scripts/date-statements.ts, or write text: ${textHash(body)}`).toBe(
      textHash(body),
    )
  })

  it('is newer than that of the text before it, as far as git knows', () => {
    expect(dateFault(source, versionsInGit(root, pathOf(name, tag)))).toBeNull()
  })
})

describe('a date', () => {
  const version = (updated: string, text: string): string =>
    `---\nupdated: ${updated}\ntext: x\n---\n# title\n\n${text}\n`
  const at = (source: string, day: string) => ({ source, changedAt: new Date(`${day}T12:00:00Z`) })

  it('of a changed text must not be that of the text before', () => {
    const before = at(version('2026-11-01', 'Old'), '2026-11-01')
    const after = at(version('2026-11-01', 'New'), '2026-12-20')
    expect(dateFault(after.source, [after, before])).toMatch(/2026-11-01/)
    const dated = at(version('2026-12-20', 'New'), '2026-12-20')
    expect(dateFault(dated.source, [dated, before])).toBeNull()
  })

  it('may stay on the day that it names, and when only the form changed', () => {
    const before = at(version('2026-11-01', 'Old'), '2026-11-01')
    const sameDay = at(version('2026-11-01', 'New'), '2026-11-02')
    expect(dateFault(sameDay.source, [sameDay, before])).toBeNull()
    const form = at(`${version('2026-11-01', 'Old')}\n`, '2026-12-20')
    expect(dateFault(form.source, [form, before])).toBeNull()
  })

  it('never goes back', () => {
    const before = at(version('2026-11-02', 'Old'), '2026-11-02')
    const after = at(version('2026-11-01', 'New'), '2026-11-02')
    expect(dateFault(after.source, [after, before])).toMatch(/before/)
  })
})
