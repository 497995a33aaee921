import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { PROBLEM_CODES } from '../../src/core/api/problem-codes.ts'
import { compileMessage } from '../../src/server/text/compile-message.ts'
import { readMessages } from '../../src/server/text/read-messages.ts'
import { locales } from '../../src/server/text/text.ts'
import { flat, localeFaults } from '../support/locale-faults.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const english = readMessages('en')
const keys = [...flat(english).keys()]

describe('every language', () => {
  for (const tag of locales)
    it(`${tag} has every sentence, with its places and plural forms, written as the language is written`, () => {
      const sentences = readMessages(tag)
      expect(localeFaults(tag, sentences, english)).toEqual([])
      for (const message of flat(sentences).values()) compileMessage(tag, message)
    })
})

describe('what is found in a translation', () => {
  const source = {
    a: {
      hello: 'Hello there',
      from: 'From {name}',
      many: '{count, plural, one {# day} other {# days}}',
    },
  }
  const good = {
    a: {
      hello: 'Dzień dobry',
      from: 'Od {name}',
      many: '{count, plural, one {# dzień} few {# dni} many {# dni} other {# dnia}}',
    },
  }
  const faultsWith = (name: string, message: string, tag = 'pl'): readonly string[] =>
    localeFaults(tag, { a: { ...good.a, [name]: message } }, source)

  it('is nothing when there is nothing to find', () => {
    expect(localeFaults('pl', good, source)).toEqual([])
  })

  it('is a sentence that is missing, and one that nobody asks for', () => {
    const { hello: _, ...rest } = good.a
    expect(localeFaults('pl', { a: { ...rest, bye: 'Pa' } }, source)).toEqual([
      'a.hello: missing',
      'a.bye: English does not have it',
    ])
  })

  const planted: readonly (readonly [string, string, RegExp, string?])[] = [
    ['from', 'Od {nazwa}', /has the places \(nazwa\) instead of \(name\)/],
    ['from', 'Od kogoś', /has the places \(\)/],
    ['from', 'Od {name', /cannot be read/],
    ['many', '{count, plural, one {# dzień} few {# dni} other {# dnia}}', /lacks “many”/],
    ['many', '{count, plural, one {#} other {#}}', /lacks “few”/, 'uk'],
    ['many', '{count, plural, =1 {#} few {#} many {#} other {#}}', /lacks “one”/, 'uk'],
    [
      'many',
      '{count, plural, zero {#} one {#} few {#} many {#} other {#}}',
      /has “zero”, which the language does not know/,
    ],
    ['many', '{count, plural, one {# jour} other {# jours}}', /lacks “many”/, 'fr'],
    ['hello', 'Hello there', /is the English sentence/],
    ['hello', ' Dzień dobry', /begins or ends with a blank/],
    ['hello', 'Dzień  dobry', /two blanks/],
    ['hello', 'Dzień\u00AD dobry', /nobody sees/],
    ['hello', 'Dzień\u200F dobry', /mark of direction/],
    ['hello', 'Dzień <b>dobry</b>', /markup/],
    ['hello', 'Dzie\u0301n\u0301 dobry', /normal form/],
    ['hello', 'Dzień...', /three dots/],
    ['hello', 'Dzień "dobry"', /straight quotation/],
    ['hello', 'Dzień “dobry”', /has “, which is no quotation mark/],
    ['hello', 'Dzień „dobry', /do not come in pairs/],
    ['hello', 'Dziень dobry', /mixes letters/],
    ['hello', 'Ça va?', /before ; ! \?/, 'fr'],
    ['hello', 'Ça va : oui', /at which a line may break/, 'fr'],
    ['hello', '您好,請說', /half width/, 'zh-TW'],
    ['hello', '请说，浏览', /simplified/, 'zh-TW'],
    ['hello', '請說，瀏覽', /traditional/, 'zh-CN'],
  ]
  for (const [name, message, fault, tag] of planted)
    it(`is this in ${tag ?? 'pl'}: ${message.trim()} ${fault.source}`, () => {
      expect(faultsWith(name, message, tag)).toContainEqual(expect.stringMatching(fault))
    })

  it('is a choice of English that is left out, not one that the language adds', () => {
    const faults = (message: string, english: string): readonly string[] =>
      localeFaults('it', { a: { one: message } }, { a: { one: english } })
    const chosen = '{day, select, domenica {la prima domenica} other {il primo {day}}}'
    expect(faults(chosen, 'the first {day}')).toEqual([])
    expect(faults('il primo {day}', chosen)).toEqual([expect.stringMatching(/chooses by \(\)/)])
  })

  it('is a sentence that calls a page otherwise than the page calls itself', () => {
    const titled = { associations: { title: 'Your associations' } }
    const mail = (notYou: string) => ({ ...titled, associationMail: { notYou } })
    const right = mail('Look at “Your associations”.')
    expect(localeFaults('en', right, right)).toEqual([])
    const wrong = mail('Look at “Your accounts”.')
    expect(localeFaults('en', wrong, wrong)).toEqual([
      'associationMail.notYou: does not name associations.title as it is called, Your associations',
    ])
  })
})

describe('the sentences', () => {
  const sources = globSync('src/**/*.{ts,tsx}', { cwd: root })
    .map(file => readFileSync(`${root}${file}`, 'utf8'))
    .join('\n')

  it('are all used', () => {
    // A key that is put together, such as `errors.${code}-next`, counts by its beginning; `${key}Next` by its key.
    const built = [...sources.matchAll(/`([a-zA-Z]+\.[\w-]*)\$\{/g)].map(match => match[1] ?? '')
    const isNamed = (key: string): boolean =>
      sources.includes(`'${key}'`) || sources.includes(`"${key}"`)
    const unused = keys
      .filter(key => !isNamed(key) && !built.some(start => key.startsWith(start)))
      .filter(key => !key.endsWith('Next') || !isNamed(key.slice(0, -'Next'.length)))
    expect(unused).toEqual([])
  })

  it('have what happened and what to do next for every problem of the portal', () => {
    for (const code of PROBLEM_CODES)
      for (const key of [code, `${code}-next`]) expect(english['errors']).toHaveProperty([key])
  })

  it('have notes for translators that are about sentences there are', () => {
    const notes = JSON.parse(readFileSync(`${root}src/locales/notes.json`, 'utf8')) as Record<
      string,
      string | Record<string, string>
    >
    const noted = Object.entries(notes).flatMap(([group, names]) =>
      typeof names === 'string' ? [] : Object.keys(names).map(name => `${group}.${name}`),
    )
    const about = (key: string): boolean =>
      key.endsWith('.') || key === 'errors.-next' || keys.includes(key)
    expect(noted.filter(key => !about(key))).toEqual([])
    expect(Object.keys(english).filter(group => !(group in notes))).toEqual([])
  })
})
