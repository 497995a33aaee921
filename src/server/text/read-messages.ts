import { readdirSync, readFileSync } from 'node:fs'

/** A locale file: sentences by group and name. */
export type Messages = Readonly<Record<string, Readonly<Record<string, string>>>>

const folder = new URL('../../locales/', import.meta.url)
const localeFile = /^([a-z]{2,3}(?:-[A-Za-z0-9]+)*)\.json$/

/** BCP 47 tags of all locale files. */
export function listLocales(): string[] {
  return readdirSync(folder)
    .map(name => localeFile.exec(name)?.[1])
    .filter(name => name !== undefined)
}

/** @throws Error when there is no file for exactly this tag */
export function readMessages(locale: string): Messages {
  return JSON.parse(readFileSync(new URL(`${locale}.json`, folder), 'utf8')) as Messages
}
