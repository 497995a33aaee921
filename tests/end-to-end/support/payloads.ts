import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { corpusFolder } from '../../support/corpus.ts'

/** A piece of HTML that means no good, with where it comes from. */
export interface Payload {
  readonly origin: string
  readonly html: string
}

/** One for each way in which HTML or CSS makes a client fetch something. */
export function leakVectors(): readonly Payload[] {
  const folder = join(corpusFolder, 'html-leaks/vectors')
  return readdirSync(folder)
    .sort()
    .map(name => ({ origin: name, html: readFileSync(join(folder, name), 'utf8') }))
}

/** Lists of script injections and of ways around sanitisers. */
export function scriptPayloads(): readonly Payload[] {
  const at = (name: string): string => readFileSync(join(corpusFolder, 'xss', name), 'utf8')
  const jsonLists: readonly (readonly [string, string])[] = [
    ['dompurify-expect.json', 'payload'],
    ['h5sc-items.json', 'data'],
    ['mxss-sanitizer-bypasses.json', 'payload'],
    ['owasp-xss-filter-evasion.json', 'payload'],
    ['bleach-tests.json', 'input'],
    ['awesomexss.json', 'payload'],
  ]
  const fromJson = jsonLists.flatMap(([name, field]) =>
    (JSON.parse(at(name)) as Record<string, unknown>[]).map((entry, index) => ({
      origin: `${name} ${index}`,
      html: String(entry[field]),
    })),
  )
  const textLists = [
    'payloadbox-xss-payload-list.txt',
    'fuzzdb/xss-rsnake.txt',
    'fuzzdb/xss-other.txt',
  ]
  const fromText = textLists.flatMap(name =>
    at(name)
      .split('\n')
      .map((html, index) => ({ origin: `${name}:${index + 1}`, html })),
  )
  return [...fromJson, ...fromText].filter(({ html }) => html.trim() !== '')
}

/** One mail in which each payload is an HTML part of its own, so that none swallows the next. */
export function mailOf(to: string, subject: string, payloads: readonly Payload[]): Buffer {
  const lines = [
    'From: Mallory <alice@example.com>',
    `To: ${to}`,
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="=_many"',
    '',
    ...payloads.flatMap(({ html }) => [
      '--=_many',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      ...(Buffer.from(html)
        .toString('base64')
        .match(/.{1,76}/g) ?? []),
    ]),
    '--=_many--',
    '',
  ]
  return Buffer.from(lines.join('\r\n'))
}

export function inGroupsOf<T>(size: number, all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  )
}
