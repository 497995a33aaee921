import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { PROBLEM_CODES } from '../../../src/core/api/problem-codes.ts'
import { compileMessage } from '../../../src/server/text/compile-message.ts'
import { readMessages } from '../../../src/server/text/read-messages.ts'
import { directionOf, locales, matchLocale, translator } from '../../../src/server/text/text.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const english = readMessages('en')
const entries = Object.entries(english).flatMap(([group, messages]) =>
  Object.entries(messages).map(([name, message]) => ({ group, name, message })),
)

/** The names in braces, without what plural and select forms repeat. */
function places(message: string): readonly string[] {
  const named = message.matchAll(
    /(?<!(?:\b(?:zero|one|two|few|many|other)|=\d+)\s*)\{\s*(\w+)\s*[,}]/g,
  )
  return [...new Set([...named].map(match => match[1] ?? ''))].sort()
}

describe('every language', () => {
  for (const tag of locales)
    it(`${tag} has the sentences of English, with the same places, and they compile`, () => {
      const messages = readMessages(tag)
      expect(Object.keys(messages).sort()).toEqual(Object.keys(english).sort())
      for (const [group, own] of Object.entries(messages)) {
        expect(Object.keys(own).sort(), group).toEqual(Object.keys(english[group] ?? {}).sort())
        for (const [name, message] of Object.entries(own)) {
          expect(places(message), `${group}.${name}`).toEqual(places(english[group]?.[name] ?? ''))
          expect(message.trim(), `${group}.${name}`).toBe(message)
          expect(() => compileMessage(tag, message)).not.toThrow()
        }
      }
    })

  it('has no markup: sentences are plain text', () => {
    for (const { group, name, message } of entries)
      expect(message, `${group}.${name}`).not.toMatch(/<\/?[a-z]/i)
  })
})

describe('the sentences', () => {
  const sources = globSync('src/**/*.{ts,tsx}', { cwd: root })
    .map(file => readFileSync(`${root}${file}`, 'utf8'))
    .join('\n')

  it('are all used', () => {
    // A key that is put together, such as `errors.${code}-next`, counts by its beginning; `${key}Next` by its key.
    const built = [...sources.matchAll(/`([a-zA-Z]+\.[\w-]*)\$\{/g)].map(match => match[1] ?? '')
    const unused = entries
      .map(({ group, name }) => `${group}.${name}`)
      .filter(key => !sources.includes(`'${key}'`) && !sources.includes(`"${key}"`))
      .filter(key => !built.some(start => key.startsWith(start)))
      .filter(
        key => !key.endsWith('Next') || !sources.includes(`'${key.slice(0, -'Next'.length)}'`),
      )
    expect(unused).toEqual([])
  })

  it('have what happened and what to do next for every problem of the portal', () => {
    for (const code of PROBLEM_CODES)
      for (const key of [code, `${code}-next`]) expect(english['errors']).toHaveProperty([key])
  })
})

describe('translator', () => {
  it('speaks the nearest language there is', () => {
    expect(translator('nl-BE')('frame.language')).toBe('Taal')
    expect(translator('fr')('frame.language')).toBe('Language')
  })

  it('fills in places and plurals', () => {
    const say = translator('en')
    expect(say('reader.from', { name: 'Alice' })).toBe('A message from Alice')
    expect(say('reader.codeWrong', { tries: 1 })).toMatch(/1 try left/)
    expect(say('reader.codeWrong', { tries: 0 })).toMatch(/No try left/)
  })

  it('keeps codes and addresses in their own direction where people write from right to left', () => {
    const reference = '4M-7KQ'
    expect(translator('ar')('passcodeMail.reference', { reference })).toContain(
      '\u20684M-7KQ\u2069',
    )
    expect(translator('en')('passcodeMail.reference', { reference })).not.toMatch(/[\u2066-\u2069]/)
    expect(translator('ar')('mailbox.count', { count: 2 })).toBe('رسالتان')
  })

  it('fails loudly when a place is not filled', () => {
    expect(() => translator('en')('reader.from')).toThrow(/name/)
  })
})

describe('matchLocale', () => {
  it('takes the dearest wish that there is', () => {
    expect(matchLocale('fr, nl;q=0.8, en;q=0.9')).toBe('en')
    expect(matchLocale('nl-BE,fr;q=0.5')).toBe('nl')
    expect(matchLocale(['xx', 'nl'])).toBe('nl')
  })

  it('falls back to English for what is missing, unknown, refused or malformed', () => {
    for (const header of [null, undefined, '', 'xx', 'nl;q=0', '*', ';;;,,,', 'n'.repeat(100_000)])
      expect(matchLocale(header)).toBe('en')
  })
})

describe('directionOf', () => {
  it('knows who writes from right to left', () => {
    expect(['ar', 'he', 'fa', 'ur', 'en', 'nl', 'zh-TW'].map(directionOf)).toEqual([
      'rtl',
      'rtl',
      'rtl',
      'rtl',
      'ltr',
      'ltr',
      'ltr',
    ])
  })
})
