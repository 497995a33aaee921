import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sentencesOf } from '../../../scripts/compile-messages.ts'
import { pluralOf } from '../../../src/browser/ui/plural-of.ts'

const folder = new URL('../../../src/locales/', import.meta.url)
const english = JSON.parse(readFileSync(new URL('en.json', folder), 'utf8')) as Record<
  string,
  Record<string, string>
>
const keysOf = (part: Parameters<typeof sentencesOf>[1]): string[] =>
  Object.entries(sentencesOf(english, part)).flatMap(([group, names]) =>
    Object.keys(names).map(name => `${group}.${name}`),
  )
const allOf = (...groups: string[]): string[] =>
  groups.flatMap(group => Object.keys(english[group] ?? {}).map(name => `${group}.${name}`))

describe('the sentences of the reader', () => {
  it('come in parts that leave none out', () => {
    const parts = (
      [
        'read',
        'proof',
        'which',
        'troubles',
        'letter',
        'ways',
        'attached',
        'outside',
        'unsent',
      ] as const
    ).flatMap(keysOf)
    const all = allOf('frame', 'reader', 'errors', 'message', 'signIn', 'attached')
    const atTheFoot = 'statement.accessibility'
    const ofOutside = allOf('replyMail').filter(key => parts.includes(key))
    expect([...new Set(parts)].sort()).toEqual([...all, ...ofOutside, atTheFoot].sort())
  })

  it('say that the portal cannot be reached without loading anything more', () => {
    expect(keysOf('read')).toEqual(
      expect.arrayContaining(['errors.offline', 'errors.offline-next', 'errors.retry']),
    )
  })

  it('are few before the choice', () => {
    expect(keysOf('read')).not.toContain('reader.codeTitle')
    expect(keysOf('proof')).toContain('reader.codeTitle')
  })
})

it('a number gets the form of the word that its language wants', () => {
  expect([0, 1, 2, 5].map(pluralOf('en'))).toEqual(['other', 'one', 'other', 'other'])
  expect([1, 2, 5].map(pluralOf('pl'))).toEqual(['one', 'few', 'many'])
  expect([0, 1, 2, 3, 11, 100].map(pluralOf('ar'))).toEqual([
    'zero',
    'one',
    'two',
    'few',
    'many',
    'other',
  ])
})
