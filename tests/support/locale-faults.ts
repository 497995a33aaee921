import { parse } from '@messageformat/parser'
import type { Select, Token } from '@messageformat/parser'
import { labelsInSentences, mayBeTheSame, quotationMarks } from './writing-rules.ts'

/** A locale file. */
export type Sentences = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What is wrong with one sentence, in words; empty when nothing is. */
type Rule = (one: {
  readonly tag: string
  readonly key: string
  readonly message: string
  readonly english: string
}) => readonly string[]

/** All that a program can say against a translation; `group.name: what` of each fault. docs/translating.md */
export function localeFaults(
  tag: string,
  sentences: Sentences,
  english: Sentences,
): readonly string[] {
  const [own, theirs] = [flat(sentences), flat(english)]
  const missing = [...theirs.keys()].filter(key => !own.has(key))
  const unknown = [...own.keys()].filter(key => !theirs.has(key))
  return [
    ...missing.map(key => `${key}: missing`),
    ...unknown.map(key => `${key}: English does not have it`),
    ...[...own].flatMap(([key, message]) =>
      sentenceFaults({ tag, key, message, english: theirs.get(key) ?? '' }),
    ),
    ...labelFaults(own),
  ]
}

function sentenceFaults(one: Parameters<Rule>[0]): readonly string[] {
  const rules = isMalformed(one.message) ? [malformed] : [...forms, ...writing]
  return rules.flatMap(rule => rule(one).map(fault => `${one.key}: ${fault}`))
}

/** Every sentence by `group.name`. */
export function flat(sentences: Sentences): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(sentences).flatMap(([group, names]) =>
      Object.entries(names).map(([name, message]) => [`${group}.${name}`, message] as const),
    ),
  )
}

function isMalformed(message: string): boolean {
  return malformed({ tag: '', key: '', message, english: '' }).length > 0
}

const malformed: Rule = ({ message }) => {
  try {
    parse(message)
    return []
  } catch (error) {
    return [`cannot be read: ${(error as Error).message.split('\n')[0] ?? ''}`]
  }
}

/** Every token, those within plural and select forms too. */
export function tokensOf(message: string): readonly Token[] {
  const within = (tokens: readonly Token[]): readonly Token[] =>
    tokens.flatMap(token => [
      token,
      ...('cases' in token ? token.cases.flatMap(one => within(one.tokens)) : []),
    ])
  return within(parse(message))
}

const selects = (message: string): readonly Select[] =>
  tokensOf(message).filter(token => 'cases' in token)

/** What a person reads, without the names of places. */
const wordsOf = (message: string): string =>
  tokensOf(message)
    .map(token => (token.type === 'content' ? token.value : '\uFFFC'))
    .join('')

const places: Rule = ({ message, english }) => {
  const named = (words: string): string =>
    [...new Set(tokensOf(words).flatMap(token => ('arg' in token ? [token.arg] : [])))]
      .sort()
      .join(', ')
  const [own, theirs] = [named(message), named(english)]
  return own === theirs ? [] : [`has the places (${own}) instead of (${theirs})`]
}

/** ECMA-402 §16: each category that whole numbers have in the language, or the one number that is all of it. */
const plurals: Rule = ({ tag, message, english }) =>
  selects(message)
    .filter(({ type, arg }) => type === 'plural' && isCounted(arg, english))
    .flatMap(({ arg, cases }) => {
      const rules = new Intl.PluralRules(tag)
      const wanted = rules.resolvedOptions().pluralCategories
      const keys = cases.map(({ key }) => key)
      const isCovered = (category: string): boolean =>
        keys.includes(category) || isOneNumber(rules, category, keys)
      return [
        ...wanted.filter(category => !isCovered(category)).map(one => `{${arg}} lacks “${one}”`),
        ...keys
          .filter(key => !/^=\d+$/.test(key) && !wanted.some(one => one === key))
          .map(key => `{${arg}} has “${key}”, which the language does not know`),
      ]
    })

/** False where English only tells none from some: `{total, plural, =0 {…} other {…}}`. */
function isCounted(arg: string, english: string): boolean {
  return selects(english).every(
    select => select.arg !== arg || select.cases.some(({ tokens }) => hasNumber(tokens)),
  )
}

const hasNumber = (tokens: readonly Token[]): boolean =>
  tokens.some(({ type }) => type === 'octothorpe')

/** `=1` is all of `one` in English, not in Ukrainian, which has 21 as well. */
function isOneNumber(rules: Intl.PluralRules, category: string, keys: readonly string[]): boolean {
  const members = Array.from({ length: 200 }, (_, n) => n).filter(n => rules.select(n) === category)
  return category !== 'other' && members.length === 1 && keys.includes(`=${String(members[0])}`)
}

/** A translation may choose where English does not: the first Monday, but Sunday has another gender. */
const choices: Rule = ({ message, english }) => {
  const chosen = new Set(selects(english).map(({ arg }) => arg))
  const named = (words: string): string =>
    selects(words)
      .filter(({ type, arg }) => type === 'select' && chosen.has(arg))
      .map(({ arg, cases }) => `${arg}: ${cases.map(({ key }) => key).join(' ')}`)
      .join('; ')
  return named(message) === named(english) ? [] : [`chooses by (${named(message)})`]
}

const untranslated: Rule = ({ tag, message, english }) => {
  if (tag === 'en' || message !== english) return []
  const words = wordsOf(message).match(/\p{L}{2,}/gu) ?? []
  return words.every(word => mayBeTheSame(tag, word)) ? [] : ['is the English sentence']
}

/** Each: what must not be, and what to say then. */
const marks: readonly (readonly [RegExp, string])[] = [
  [/^\s|\s$/u, 'begins or ends with a blank'],
  [/ {2}/, 'has two blanks'],
  [/\p{Cc}|[\u00AD\u200B\uFEFF]/u, 'has a character that nobody sees'],
  [
    /[\u061C\u202A-\u202E\u2066-\u2069]/u,
    'has a mark of direction; the portal sets them around what is filled in',
  ],
  [/<\/?[a-z]|&\w+;/i, 'has markup'],
  [/['"`]/, 'has a straight quotation mark'],
  [/\.{3}/, 'has three dots instead of …'],
  [/\p{sc=Latin}\p{sc=Cyrillic}|\p{sc=Cyrillic}\p{sc=Latin}/u, 'mixes letters within a word'],
]
const plainText: Rule = ({ tag, message }) => [
  // Where people write from right to left, U+200E keeps `.eml` together.
  ...(/[\u200E\u200F]/u.test(message) && !['ar', 'he'].includes(tag)
    ? ['has a mark of direction']
    : []),
  ...marks.flatMap(([found, fault]) => (found.test(wordsOf(message)) ? [fault] : [])),
  ...(message.normalize('NFC') === message ? [] : ['is not in normal form C']),
  ...(/^\s|\s$/u.test(message) ? ['begins or ends with a blank'] : []),
]

const quotes: Rule = ({ tag, message }) => {
  const allowed = quotationMarks(tag)
  const words = wordsOf(message).replaceAll(/(?<=\p{L})’(?=\p{L})/gu, '')
  const found = words.match(/[«»‹›“”„‟‘‚「」『』《》]/gu) ?? []
  const wrong = found.filter(mark => !allowed.includes(mark))
  const pairs = Array.from({ length: allowed.length / 2 }, (_, i) =>
    allowed.slice(2 * i, 2 * i + 2),
  )
  const count = (mark: string): number => found.filter(one => one === mark).length
  // An apostrophe at a word's end looks like a closing mark.
  const open = pairs.filter(([a = '', b = '']) => a !== b && b !== '’' && count(a) !== count(b))
  return [
    ...wrong.map(mark => `has ${mark}, which is no quotation mark of the language`),
    ...open.map(pair => `${pair} do not come in pairs`),
  ]
}

const habits: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  fr: [
    [/[^\s\u00A0\u202F?!][;!?]/u, 'needs a narrow no-break space (U+202F) before ; ! ?'],
    [/[^\s\u00A0\u202F]:(?!\/\/)/u, 'needs a no-break space before a colon'],
    [/«[^\u00A0\u202F]|[^\u00A0\u202F]»/u, 'needs a no-break space within « »'],
    [/ [;:!?»]/u, 'has a space before a mark at which a line may break'],
  ],
  'zh-TW': [
    [/[\p{sc=Han}\uFFFC][,;:!?]/u, 'has punctuation of half width'],
    [/[这们时间码录钥浏览击开关邮证链过应该请说认识选择动设备]/u, 'has simplified characters'],
  ],
  'zh-CN': [
    [/[\p{sc=Han}\uFFFC][,;:!?]/u, 'has punctuation of half width'],
    [/[這們時間碼錄鑰瀏覽擊開關郵證鏈過應該請說認識別選擇動設備當]/u, 'has traditional characters'],
  ],
  ja: [[/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}][,;:!?.]/u, 'has punctuation of half width']],
  ar: [[/\p{sc=Arabic}[,;?]/u, 'has Latin punctuation instead of ، ؛ ؟']],
}
const habitsOf: Rule = ({ tag, message }) =>
  (habits[tag] ?? []).flatMap(([found, fault]) => (found.test(wordsOf(message)) ? [fault] : []))

const forms: readonly Rule[] = [places, plurals, choices]
const writing: readonly Rule[] = [untranslated, plainText, quotes, habitsOf]

/** A sentence that names a button or a page must use the very words that stand there. */
function labelFaults(sentences: ReadonlyMap<string, string>): readonly string[] {
  return labelsInSentences.flatMap(([key, label]) => {
    const name = sentences.get(label)?.replace(/[.。…!?]$/u, '')
    const sentence = sentences.get(key)
    if (name === undefined || sentence === undefined || sentence.includes(name)) return []
    return [`${key}: does not name ${label} as it is called, ${name}`]
  })
}
