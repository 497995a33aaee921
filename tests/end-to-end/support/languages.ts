import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import { readMessages } from '../../../src/server/text/read-messages.ts'
import { directionOf, locales, translator } from '../../../src/server/text/text.ts'
import type { MessageKey } from '../../../src/server/text/text.ts'
import { layoutFaults } from '../../support/layout.ts'
import { pseudoWords } from '../../support/pseudo-words.ts'
import { boxesFromStart, textFaults } from '../../support/text-faults.ts'
import { keepPicture } from './every-look.ts'

/** Longer than any language, and the same from right to left; Latin letters, so that the two mirror each other. */
const pseudo = { ltr: 'en-x-pseudo', rtl: 'en-Arab-x-pseudo' } as const
const narrow = { width: 320, height: 640 }
const windows = [{ width: 1200, height: 800 }, narrow]
/** For eyes every state is drawn in every language and width; a usual run looks where words have least room. */
export const isLookedAt = process.env['ZEGEL_TEST_PICTURES'] !== undefined
/** `de,ja`: these languages alone are looked at. */
const chosen = process.env['ZEGEL_TEST_LANGUAGES']?.split(',')

interface Spoken {
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
}
const spoken: readonly Spoken[] = [
  ...locales
    .filter(tag => chosen?.includes(tag) ?? true)
    .map(lang => ({ lang, dir: directionOf(lang) })),
  { lang: pseudo.ltr, dir: 'ltr' },
  { lang: pseudo.rtl, dir: 'rtl' },
]
const isPseudo = ({ lang }: Spoken): boolean => lang.endsWith('-x-pseudo')

/** Lets the pages of a context speak the two languages as well: their sentences are made of the English ones. */
export async function teachPseudo(page: Page): Promise<void> {
  // The runner puts a function of its own in the place of `import`.
  const source = install.toString().replaceAll('__vite_ssr_dynamic_import__', 'import')
  await page.addInitScript(`(${source})(${pseudoWords.toString()}, ${JSON.stringify(pseudo)})`)
}

type Values = Readonly<Record<string, unknown>>
type Sentence = string | ((values: Values) => string)
type Chunk = { readonly default: Readonly<Record<string, Readonly<Record<string, Sentence>>>> }

/** Runs within the page. A page looks a language up by its tag in an object: an object's prototype knows two more. */
function install(
  pseudoWords: (words: string, direction: 'ltr' | 'rtl') => string,
  tags: typeof pseudo,
): void {
  const around = (words: string, values: readonly string[], dir: 'ltr' | 'rtl'): string => {
    const filled = values.filter(value => value !== '')
    const escaped = filled.map(value => value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    if (escaped.length === 0) return pseudoWords(words, dir)
    const parts = words.split(new RegExp(`(${escaped.join('|')})`, 'u'))
    return parts.map((part, i) => (i % 2 === 1 ? part : pseudoWords(part, dir))).join('')
  }
  const said = (sentence: Sentence, dir: 'ltr' | 'rtl'): Sentence =>
    typeof sentence === 'string'
      ? pseudoWords(sentence, dir)
      : values => around(sentence(values), Object.values(values).map(String), dir)
  const chunkIn = (chunk: Chunk, dir: 'ltr' | 'rtl') => ({
    default: Object.fromEntries(
      Object.entries(chunk.default).map(([group, names]) => [
        group,
        Object.fromEntries(Object.entries(names).map(([name, one]) => [name, said(one, dir)])),
      ]),
    ),
  })
  type Loaders = { readonly default: Readonly<Record<string, () => Promise<Chunk>>> }
  const languageIn = async (dir: 'ltr' | 'rtl') => {
    // The page's own language is asked for ahead: a file that names all of its sentences.
    const english = document.querySelector<HTMLLinkElement>('link[rel=modulepreload][href*="/en-"]')
    const loaders = ((await import(english?.href ?? '')) as Loaders).default
    const own = Object.entries(loaders).map(
      ([page, load]) => [page, async () => chunkIn(await load(), dir)] as const,
    )
    return { default: Object.fromEntries(own) }
  }
  for (const dir of ['ltr', 'rtl'] as const)
    Reflect.defineProperty(Object.getPrototypeOf({}) as object, tags[dir], {
      value: () => languageIn(dir),
    })
}

/** Speaks a language in the state in which the page is; resolves when its words are drawn. */
async function speakLive(page: Page, { lang }: Spoken): Promise<void> {
  await page.evaluate(async tag => {
    const select = document.querySelector<HTMLSelectElement>('.language select')
    if (select === null) throw new Error('there is no choice of language')
    if (select.value === tag) return
    const option = [...select.options].find(({ value }) => value === tag)
    if (option === undefined) select.add(new Option('[Éñĝļîšĥ õñé]', tag))
    select.value = tag
    select.dispatchEvent(new Event('change', { bubbles: true }))
    const frame = (): Promise<unknown> => new Promise(drawn => requestAnimationFrame(drawn))
    const endsAtMs = Date.now() + 30_000
    while (document.documentElement.lang !== tag) {
      if (Date.now() > endsAtMs) throw new Error(`the build does not speak ${tag}`)
      await frame()
    }
    // What is drawn anew may itself wait for a frame.
    await frame()
    await frame()
    await frame()
  }, lang)
}

/**
 * A page that the portal wrote itself is asked for in each language; the invented ones are put over English, or over
 * another one where English looks otherwise than all others.
 */
export function speakAtAddress(address: string, under = 'en'): Speak {
  return async (page, one) => {
    const url = new URL(address)
    url.searchParams.set('lang', isPseudo(one) ? under : one.lang)
    await page.goto(url.href)
    if (isPseudo(one)) await putOver(page, one)
  }
}

/** A whole document, such as that of a mail. */
export function speakDocument(write: (lang: string) => string): Speak {
  return async (page, one) => {
    await page.setContent(write(isPseudo(one) ? 'en' : one.lang))
    if (isPseudo(one)) await putOver(page, one)
  }
}

export type Speak = (page: Page, one: Spoken) => Promise<void>

async function putOver(page: Page, { lang, dir }: Spoken): Promise<void> {
  await page.evaluate(
    `(pseudoWords => {
      const root = document.documentElement
      root.lang = ${JSON.stringify(lang)}
      root.dir = ${JSON.stringify(dir)}
      for (const element of document.body.querySelectorAll('[dir]:not(bdi, b)')) element.dir = root.dir
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      while (walk.nextNode())
        if (!walk.currentNode.parentElement.closest('script, style, bdi'))
          walk.currentNode.data = pseudoWords(walk.currentNode.data.trim(), root.dir)
    })(${pseudoWords.toString()})`,
  )
}

/**
 * Holds a state of a page against every language and the two invented ones, in two widths: nothing cut, covered or
 * too wide, and the page from right to left the mirror image of the one from left to right. Leaves it in English.
 */
export async function isSoundInEveryLanguage(
  page: Page,
  state: string,
  speak: Speak = speakLive,
): Promise<void> {
  await isSoundIn(spoken, page, state, speak)
}

/** The same in the two invented languages alone, longer than any other; in all where pictures are kept. */
export async function isSoundInInventedLanguages(
  page: Page,
  state: string,
  speak: Speak = speakLive,
): Promise<void> {
  await isSoundIn(isLookedAt ? spoken : spoken.filter(isPseudo), page, state, speak)
}

/** Holds a page on which something went wrong against all that can go wrong, in every language and both invented ones. */
export async function isSoundWithEveryError(page: Page, state: string): Promise<void> {
  await isSoundIn(spoken, page, state, async (page, one) => {
    await speakLive(page, one)
    await page.evaluate(copySheet, errorWords(one))
  })
  await page.evaluate(copySheet, [])
}

/** What happened, the next step, and a button, of every error in a language. */
function errorWords(one: Spoken): readonly (readonly string[])[] {
  const say = translator(isPseudo(one) ? 'en' : one.lang)
  const minutes = new Intl.NumberFormat(one.lang, {
    style: 'unit',
    unit: 'minute',
    unitDisplay: 'long',
    numberingSystem: 'latn',
  })
  const values = { organisation: 'Example', wait: minutes.format(15) }
  const buttons = [say('errors.retry'), say('errors.openFile'), say('errors.reload')]
  return Object.keys(readMessages('en')['errors'] ?? {})
    .filter(name => name.endsWith('-next'))
    .map((next, i) => [
      say(`errors.${next.slice(0, -'-next'.length)}` as MessageKey),
      say(`errors.${next}` as MessageKey, values),
      buttons[i % buttons.length] ?? '',
    ])
    .map(words => (isPseudo(one) ? words.map(word => pseudoWords(word, one.dir)) : words))
}

/** Runs within the page: puts copies of its sheet below it, each with other words, in the place of earlier ones. */
function copySheet(all: readonly (readonly string[])[]): void {
  for (const copy of document.querySelectorAll('[data-copy]')) copy.remove()
  const sheet = document.querySelector('main > .sheet')
  if (sheet === null) throw new Error('there is no sheet')
  for (const words of all) {
    const copy = sheet.cloneNode(true) as HTMLElement
    copy.dataset['copy'] = ''
    for (const [i, selector] of ['h1', 'h1 + p', '.primary'].entries()) {
      const element = copy.querySelector(selector)
      if (element === null) throw new Error(`the sheet has no ${selector}`)
      element.textContent = words[i] ?? ''
    }
    sheet.parentElement?.append(copy)
  }
}

async function isSoundIn(
  languages: readonly Spoken[],
  page: Page,
  state: string,
  speak: Speak,
): Promise<void> {
  const boxes = new Map<string, Boxes>()
  for (const one of languages) {
    await speak(page, one)
    const viewports = isLookedAt || isPseudo(one) ? windows : [narrow]
    for (const viewport of viewports) {
      await page.setViewportSize(viewport)
      // Eyes see both: the wide one light, the narrow one dark.
      if (isLookedAt)
        await page.emulateMedia({ colorScheme: viewport === narrow ? 'dark' : 'light' })
      const name = `${state}, ${one.lang}, ${viewport.width} px`
      expect.soft(await textFaults(page, one), name).toEqual([])
      if (isPseudo(one)) {
        expect.soft(await layoutFaults(page), name).toEqual([])
        boxes.set(`${viewport.width} ${one.dir}`, await boxesFromStart(page))
      }
      await keepPicture(page, name)
    }
  }
  for (const { width } of windows) {
    const [ltr = [], rtl = []] = [boxes.get(`${width} ltr`), boxes.get(`${width} rtl`)]
    expect.soft(unmirrored(ltr, rtl), `${state}, ${width} px: mirrored`).toEqual([])
  }
  await speak(page, { lang: 'en', dir: 'ltr' })
}

type Boxes = Awaited<ReturnType<typeof boxesFromStart>>

/** Boxes that are not as far from the one edge as their images from the other; a bracket is as wide as its mirror. */
function unmirrored(one: Boxes, other: Boxes): readonly string[] {
  if (one.length !== other.length) return [`${one.length} boxes and ${other.length}`]
  return one.flatMap(([name, start, end], i) => {
    const [, otherStart = 0, otherEnd = 0] = other[i] ?? []
    // Headings from left to right have a little less room between letters.
    const allowed = 4 + (end - start) * 0.03
    const isMirrored = Math.abs(start - otherStart) < allowed && Math.abs(end - otherEnd) < allowed
    return isMirrored ? [] : [`${name}: ${start} to ${end}, mirrored ${otherStart} to ${otherEnd}`]
  })
}
