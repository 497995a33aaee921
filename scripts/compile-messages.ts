import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import imported from '@messageformat/core'
import compileModule from '@messageformat/core/compile-module.js'
import type { Plugin } from 'vite'

// The package's types describe an ES module; what Node hands over is the class.
const MessageFormat = imported as unknown as typeof imported.default

/** Groups of sentences by the page that uses them; the server's stay out of the browser. */
const chunks = {
  read: ['frame', 'reader', 'errors'],
  letter: ['message'],
  open: ['frame', 'opener', 'errors'],
  leave: ['frame', 'leave'],
  ways: ['signIn'],
  associations: ['frame', 'associations', 'errors'],
} as const
type ChunkName = keyof typeof chunks

const folder = fileURLToPath(new URL('../src/locales/', import.meta.url))
const index = 'virtual:zegel-locales'
const one = 'virtual:zegel-locale/'

/**
 * Compiles the ICU sentences of `src/locales` ahead: `virtual:zegel-locales` exports the list
 * `locales` and `loadLocale(tag, page)`, which loads one chunk of functions by group and name.
 */
export function compileMessages(): Plugin {
  return {
    name: 'zegel-compile-messages',
    resolveId: id => (id === index || id.startsWith(one) ? `\0${id}` : null),
    load(id) {
      if (id === `\0${index}`) return indexModule()
      if (!id.startsWith(`\0${one}`)) return null
      const [locale = '', page = ''] = id.slice(one.length + 1).split('/')
      this.addWatchFile(`${folder}${locale}.json`)
      return localeModule(locale, page as ChunkName)
    },
  }
}

function indexModule(): string {
  const locales = readdirSync(folder)
    .map(name => /^([a-z]{2,3}(?:-[A-Za-z0-9]+)*)\.json$/.exec(name)?.[1])
    .filter(name => name !== undefined)
    .sort()
  const loaders = locales.flatMap(tag =>
    Object.keys(chunks).map(page => `'${tag}/${page}': () => import('${one}${tag}/${page}')`),
  )
  return `const loaders = {${loaders.join(',')}}
export const locales = ${JSON.stringify(locales)}
export const loadLocale = async (tag, page) => (await loaders[tag + '/' + page]()).default`
}

function localeModule(locale: string, page: ChunkName): string {
  const all = JSON.parse(readFileSync(`${folder}${locale}.json`, 'utf8')) as Record<
    string,
    Record<string, string>
  >
  const groups = Object.fromEntries(chunks[page].map(group => [group, all[group] ?? {}]))
  return compileModule(new MessageFormat(locale), groups)
}
