import { parseAcceptLanguage, selectLocale } from './match-locale.ts'
import { listLocales, readMessages } from './read-messages.ts'
import { compileMessage } from './compile-message.ts'
import type { MessageFunction, MessageValues } from './compile-message.ts'
import type { Messages } from './read-messages.ts'
import type englishMessages from '../../locales/en.json'

type English = typeof englishMessages
/** `group.name` of every sentence, as `src/locales/en.json` has them. */
export type MessageKey = {
  [Group in keyof English]: `${Group}.${Extract<keyof English[Group], string>}`
}[keyof English]

/** A plain-text sentence in one language; whoever writes it into HTML escapes it. */
export type Translate = (key: MessageKey, values?: MessageValues) => string

/** The language that has every sentence, and that counts where two differ. */
export const defaultLocale = 'en'

/** BCP 47 tags of all languages that have a file, English first. */
export const locales: readonly string[] = listLocales().sort(
  (a, b) => Number(b === defaultLocale) - Number(a === defaultLocale) || (a < b ? -1 : 1),
)

const english = readMessages(defaultLocale)
const translators = new Map<string, Translate>()

/**
 * Sentences in the language of `locale`, a BCP 47 tag; the nearest one that we have, else English.
 * @throws RangeError from the returned function, for a key that does not exist.
 */
export function translator(locale: string): Translate {
  const nearest = matchLocale([locale])
  const known = translators.get(nearest)
  if (known !== undefined) return known
  const made = makeTranslator(nearest)
  translators.set(nearest, made)
  return made
}

/** The language we have that fits best: wishes in order, or an Accept-Language header (RFC 9110 §12.5.4). */
export function matchLocale(wanted: string | readonly string[] | null | undefined): string {
  const wishes = typeof wanted === 'string' ? parseAcceptLanguage(wanted) : (wanted ?? [])
  return selectLocale(wishes, locales) ?? defaultLocale
}

/** `ltr` or `rtl`, for the `dir` attribute. */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  return rightToLeft.test(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr'
}
const rightToLeft = /^(Arab|Hebr|Thaa|Syrc|Nkoo|Adlm)$/

function makeTranslator(locale: string): Translate {
  const messages = locale === defaultLocale ? english : readMessages(locale)
  const compiled = new Map<string, MessageFunction>()
  const places = directionOf(locale) === 'rtl' ? isolated : (values: MessageValues) => values
  return (key, values = {}) => {
    const made = compiled.get(key) ?? compileMessage(locale, lookUpMessage(messages, key))
    compiled.set(key, made)
    return made(places(values))
  }
}

/** Where people write from right to left, an address, code or name in a sentence keeps its own direction. UAX #9 §2.4 */
function isolated(values: MessageValues): MessageValues {
  const entries = Object.entries(values)
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === 'string' ? `\u2068${value}\u2069` : value,
    ]),
  )
}

function lookUpMessage(messages: Messages, key: string): string {
  const [group = '', name = ''] = key.split('.')
  const message = messages[group]?.[name] ?? english[group]?.[name]
  if (message === undefined) throw new RangeError(`no message ${key}`)
  return message
}
