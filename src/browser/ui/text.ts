import { signal } from './signal.ts'
import { loadLocale, locales } from 'virtual:zegel-locales'
import type english from '../../locales/en.json'

type English = typeof english
/** Whose sentences are loaded: scripts/compile-messages.ts names the groups of each. */
export type TextPage = Parameters<typeof loadLocale>[1]
/** The groups that pages in the browser use. */
type Group =
  | 'frame'
  | 'opener'
  | 'reader'
  | 'message'
  | 'attached'
  | 'composer'
  | 'replyMail'
  | 'cards'
  | 'leave'
  | 'signIn'
  | 'associations'
  | 'errors'
/** `group.name` of every sentence that a page may show. */
export type TextKey =
  { [G in Group]: `${G}.${Extract<keyof English[G], string>}` }[Group] | 'statement.accessibility'
export type TextValues = Readonly<Record<string, string | number>>

type Sentences = Awaited<ReturnType<typeof loadLocale>>

const choiceKey = 'zegel.locale'
const sentences = signal<Sentences>({})
const pages = new Set<TextPage>()
let wanted = 'en'

/** BCP 47 tag of the language that the page speaks. */
export const locale = signal('en')

/** A sentence in the page's language; plain text. */
export function text(key: TextKey, values: TextValues = {}): string {
  const [group = '', name = ''] = key.split('.')
  const sentence = sentences.value[group]?.[name] ?? ''
  return typeof sentence === 'string' ? sentence : sentence(isolated(values))
}

/** Where people write from right to left, an address, code or name in a sentence keeps its own direction. UAX #9 §2.4 */
export function isolate(words: string): string {
  return isRightToLeft(locale.value) ? `\u2068${words}\u2069` : words
}

function isolated(values: TextValues): TextValues {
  const entries = Object.entries(values)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? isolate(value) : value]),
  )
}

/** The languages to choose from, each by its own name. */
export function languageChoices(): readonly (readonly [tag: string, name: string])[] {
  return locales
}

/**
 * Loads the language that this person chose: in the address, as pages of the portal are left, else here before,
 * else `proposed`. Resolves when sentences are there.
 */
export async function startText(proposed: string, page: TextPage): Promise<void> {
  pages.add(page)
  wanted = takeChoice() ?? rememberedChoice() ?? known(proposed) ?? 'en'
  await speak()
}

/** Loads the sentences of another page's part, in the language that the page speaks; resolves when they are there. */
export async function addText(page: TextPage): Promise<void> {
  await loadLocale(wanted, page)
  pages.add(page) // only now: what cannot be loaded must not keep the others from being said
  await speak()
}

/** Changes the language at once and remembers it on this device; one that cannot be loaded changes nothing. */
export async function chooseLanguage(tag: string): Promise<void> {
  wanted = tag
  await speak().then(
    () => void remember(tag),
    () => void (wanted = locale.value),
  )
}

/** What is asked for while sentences load is loaded as well: the last word counts, and no part goes without its own. */
async function speak(): Promise<void> {
  const [tag, count] = [wanted, pages.size]
  const loaded = await Promise.all([...pages].map(page => loadLocale(tag, page)))
  if (tag !== wanted || count < pages.size) return speak()
  sentences.value = merge(loaded)
  locale.value = tag
  document.documentElement.lang = tag
  document.documentElement.dir = isRightToLeft(tag) ? 'rtl' : 'ltr'
}

/** Parts of a page share groups. */
function merge(loaded: readonly Sentences[]): Sentences {
  const merged: Record<string, Sentences[string]> = {}
  for (const [group, names] of loaded.flatMap(part => Object.entries(part)))
    merged[group] = { ...merged[group], ...names }
  return merged
}

function known(tag: string): string | undefined {
  return locales.find(([one]) => one === tag)?.[0]
}

function isRightToLeft(tag: string): boolean {
  return /^(?:Arab|Hebr|Thaa|Syrc|Nkoo|Adlm)$/.test(new Intl.Locale(tag).maximize().script ?? '')
}

/** `?lang=nl` is a choice: it is remembered, and leaves the address, so that it does not outlive a later one. */
function takeChoice(): string | undefined {
  const address = new URL(location.href)
  const tag = known(address.searchParams.get('lang') ?? '')
  if (tag === undefined || !remember(tag)) return tag
  address.searchParams.delete('lang')
  history.replaceState(history.state, '', address)
  return tag
}

function rememberedChoice(): string | undefined {
  try {
    return known(localStorage.getItem(choiceKey) ?? '')
  } catch {
    return undefined // storage is blocked: the portal's choice counts
  }
}

/** False where storage is blocked: the choice holds for this page. */
function remember(tag: string): boolean {
  try {
    localStorage.setItem(choiceKey, tag)
    return true
  } catch {
    return false
  }
}
