import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import imported from '@messageformat/core'
import compileModule from '@messageformat/core/compile-module.js'
import type { Plugin } from 'vite'
import { languageNames } from '../src/server/text/language-names.ts'
import { listLocales } from '../src/server/text/read-messages.ts'
import { dropRepeatedForms } from './drop-repeated-forms.ts'

// The package's types describe an ES module; what Node hands over is the class.
const MessageFormat = imported as unknown as typeof imported.default

/** Shown only after the choice of how to sign in; everything else of `reader` is there before it. */
const proof = names(
  'reader',
  'codeTitle codeSent codeTyped code codeValid continue newPasscode newPasscodeWait newPasscodeSent',
  'sending delivered refused refusedNoReason codeEndsSoon codeEnded codeIncomplete codeWrong',
  'otherAddress openingTitle stepKey stepDecrypt stepRead',
)
/** Where several addresses, or none that may be shown, make the reader say which is theirs. */
const which = names(
  'reader',
  'whichTitle whichIntro which another anotherHint sendPasscode back addressNeeded addressWrong',
)
/** When no letter is shown any more, or soon. */
const closed = names(
  'message',
  'signedOutTitle signedOut signOutFailed sessionEndedTitle sessionEnded stoppedTitle stopped',
  'openAfterAll signInAgain sessionEndsSoon stay',
)
/** What is said of few letters. */
const remarks = names('message', 'odd encrypted signed cannotDisplayNext cannotDisplayTime')
/** What stands around every page, its links included. */
const frame: Wanted = (group, name) =>
  group === 'frame' || (group === 'statement' && name === 'accessibility')
/** What a page can say when it cannot load what else there is to say. */
const unreachable = names('errors', 'offline offline-next disconnected disconnected-next retry')
const unfinished = names('errors', 'worker-failed')
/** Why an answer was not sent: who reads has no use for it. */
const unsent = names(
  'errors',
  'reply-not-allowed reply-not-allowed-next recipient-not-allowed recipient-not-allowed-next',
  'recipient-refused recipient-refused-next not-the-writer not-the-writer-next bad-reply bad-reply-next',
  'replies-unavailable replies-unavailable-next replies-off replies-off-next',
)
/** What is wrong with an address that was typed. */
const typedAddress = names('reader', 'addressNeeded addressWrong')
/** What goes wrong while a message is opened and read. */
const errors: Wanted = (group, name) => group === 'errors' && !unsent(group, name)

type Wanted = (group: string, name: string) => boolean

/** Of a message that somebody outside wrote; the same words as in the mail that people inside get. */
const written = names('replyMail', 'outside passcode account passkey')
/** What a message says of its sender, where that is not who was verified. */
const strange = names(
  'message',
  'fromDiffers fromSeveral fromUnreadable nameMisleads senderDiffers replyToDiffers',
)
const outside: Wanted = (group, name) => written(group, name) || strange(group, name)

/** Which sentences each part of a page loads; the server's stay out of the browser. */
const chunks = {
  read: (group, name) =>
    frame(group, name) ||
    unreachable(group, name) ||
    (group === 'reader' && !proof(group, name) && !which(group, name)),
  proof,
  which,
  troubles: (group, name) =>
    (errors(group, name) && !unreachable(group, name)) || closed(group, name),
  unsent,
  letter: (group, name) =>
    group === 'message' && !closed(group, name) && !remarks(group, name) && !strange(group, name),
  attached: (group, name) =>
    group === 'attached' || unfinished(group, name) || remarks(group, name),
  cards: group => group === 'cards',
  outside,
  composer: (group, name) => group === 'composer' || typedAddress(group, name),
  open: (group, name) => frame(group, name) || group === 'opener' || errors(group, name),
  leave: (group, name) => frame(group, name) || group === 'leave',
  ways: group => group === 'signIn',
  associations: (group, name) =>
    frame(group, name) || group === 'associations' || errors(group, name),
} as const satisfies Record<string, Wanted>
type ChunkName = keyof typeof chunks

function names(group: string, ...lists: readonly string[]): Wanted {
  const listed = new Set(lists.flatMap(list => list.split(' ')))
  return (ofGroup, name) => ofGroup === group && listed.has(name)
}

const folder = fileURLToPath(new URL('../src/locales/', import.meta.url))
const index = 'virtual:zegel-locales'
/** Followed by a tag: the chunks of a language. Then by the name of one of them. */
const one = 'virtual:zegel-locale/'

/** Plural rules by the browser, which knows those of every language, instead of a table of them. */
const plurals = fileURLToPath(new URL('../src/browser/ui/plural-of.ts', import.meta.url))
const cardinals = /import \{ (\w+) \} from "@messageformat\/runtime\/lib\/cardinals";/
/** Digits of Arabic are those of the sentences and codes, whichever the browser has for it: `region` in src/browser/ui/format.ts. */
const arabicNumber = 'number("ar", '
/** A sentence without places: kept as text, which is smaller than a function. */
const plain = /: \(\) => (?="(?:[^"\\]|\\.)*",?\n)/g

type Sentences = Readonly<Record<string, Readonly<Record<string, string>>>>

/**
 * Compiles the ICU sentences of `src/locales` ahead: `virtual:zegel-locales` exports `locales`, the
 * languages by tag and name, and `loadLocale(tag, page)`, which loads one chunk of functions by group and name.
 */
export function compileMessages(): Plugin {
  return {
    name: 'zegel-compile-messages',
    resolveId: id => (id === index || id.startsWith(one) ? `\0${id}` : null),
    load(id) {
      if (id === `\0${index}`) return indexModule()
      if (!id.startsWith(`\0${one}`)) return null
      const [locale = '', page] = id.slice(one.length + 1).split('/')
      if (page === undefined) return languageModule(locale)
      this.addWatchFile(`${folder}${locale}.json`)
      return localeModule(locale, page as ChunkName)
    },
  }
}

/** Names a file for each language, not for each of its chunks: nobody loads the names of all. */
function indexModule(): string {
  const names = languageNames(listLocales())
  const languages = names.map(({ tag }) => `'${tag}': () => import('${one}${tag}')`)
  return `const languages = {${languages.join(',')}}
export const locales = ${JSON.stringify(names.map(({ tag, name }) => [tag, name]))}
export const loadLocale = async (tag, page) =>
  (await (await languages[tag]()).default[page]()).default`
}

function languageModule(locale: string): string {
  const loaders = Object.keys(chunks).map(
    page => `'${page}': () => import('${one}${locale}/${page}')`,
  )
  return `export default {${loaders.join(',')}}`
}

function localeModule(locale: string, page: ChunkName): string {
  const all = JSON.parse(readFileSync(`${folder}${locale}.json`, 'utf8')) as Sentences
  const module = compileModule(new MessageFormat(locale), sentencesOf(all, page))
  return module
    .replaceAll(plain, ': ')
    .replaceAll(arabicNumber, 'number("ar-u-nu-latn", ')
    .replace(cardinals, (_, tag: string) => {
      return `import { pluralOf } from '${plurals}'\nconst ${tag} = pluralOf('${locale}')`
    })
}

/** The sentences that one part of a page loads. */
export function sentencesOf(all: Sentences, page: ChunkName): Sentences {
  const wanted: Wanted = chunks[page]
  const groups = Object.entries(all).map(([group, sentences]) => {
    const kept = Object.entries(sentences)
      .filter(([name]) => wanted(group, name))
      .map(([name, sentence]) => [name, dropRepeatedForms(sentence)] as const)
    return [group, Object.fromEntries(kept)] as const
  })
  return Object.fromEntries(groups.filter(([, kept]) => Object.keys(kept).length > 0))
}
