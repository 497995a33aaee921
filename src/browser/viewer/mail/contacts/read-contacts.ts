import { cleanName } from '../../../../core/address/clean-name.ts'
import type { ContentLine } from '../content-lines.ts'
import { readContentLines, unescapeText } from '../content-lines.ts'
import {
  MAX_CARD_ENTRIES,
  MAX_CARDS,
  MAX_NOTE_LENGTH,
  MAX_PHOTO_BYTES,
  MAX_SMALL_FILE_BYTES,
} from '../limits.ts'
import { shownLine } from '../shown-text.ts'
import { decodeBase64 } from '../transfer-encoding.ts'
import { Warnings } from '../warning.ts'
import type { ContactCard, ContactEntry, ContactKind } from './contact-card.ts'

export interface Contacts {
  readonly cards: readonly ContactCard[]
  /** How many further cards were left out. */
  readonly more: number
}

/** Reads a vCard file (2.1, RFC 2426, RFC 6350). Never throws. Null when it holds no card that says anything. */
export function readContacts(bytes: Uint8Array, charset: string | null): Contacts | null {
  if (bytes.length > MAX_SMALL_FILE_BYTES) return null
  const groups = cardsOf(readContentLines(bytes, charset))
  const cards = groups.slice(0, MAX_CARDS).flatMap(readCard)
  return cards.length === 0 ? null : { cards, more: Math.max(0, groups.length - MAX_CARDS) }
}

/** The lines from each BEGIN to its END. A card within a card (2.1 §2.7.2) is a card of its own. */
function cardsOf(lines: readonly ContentLine[]): readonly (readonly ContentLine[])[] {
  const cards: ContentLine[][] = []
  let open = false
  for (const line of lines) {
    const isCard = line.value.trim().toUpperCase() === 'VCARD'
    if (line.name === 'BEGIN' && isCard) {
      cards.push([])
      open = true
    } else if (line.name === 'END' && isCard) open = false
    else if (open) cards.at(-1)?.push(line)
  }
  return cards
}

/** Empty when nothing of it could be shown. */
function readCard(lines: readonly ContentLine[]): readonly ContactCard[] {
  const first = (name: string) => lines.find(line => line.name === name)?.value ?? ''
  const organisation = cleanLine(components(first('ORG')).join(', '))
  const mails = entries(lines, 'EMAIL')
  const phones = entries(lines, 'TEL')
  const name =
    cleanName(unescapeText(first('FN'))) ||
    cleanName(personName(first('N'))) ||
    cleanName(unescapeText(first('NICKNAME'))) ||
    cleanName(organisation || (mails[0]?.value ?? '') || (phones[0]?.value ?? ''))
  if (name === '') return []
  return [
    {
      name,
      organisation,
      title: cleanLine(unescapeText(first('TITLE') || first('ROLE'))),
      phones,
      mails,
      addresses: entries(lines, 'ADR', addressLine),
      urls: entries(lines, 'URL'),
      birthday: birthdayOf(first('BDAY')),
      note: unescapeText(first('NOTE')).slice(0, MAX_NOTE_LENGTH).trim(),
      photo: photoOf(lines.find(line => line.name === 'PHOTO')),
    },
  ]
}

function entries(
  lines: readonly ContentLine[],
  name: string,
  toText: (value: string) => string = unescapeText,
): readonly ContactEntry[] {
  return lines
    .filter(line => line.name === name)
    .slice(0, MAX_CARD_ENTRIES)
    .map(line => ({
      value: cleanLine(toText(line.value.replace(/^(?:tel|mailto):/i, ''))),
      kinds: kindsOf(line),
    }))
    .filter(({ value }) => value !== '')
}

function cleanLine(text: string): string {
  return shownLine(text).slice(0, MAX_LINE_LENGTH)
}
const MAX_LINE_LENGTH = 1000

const KINDS: ReadonlyMap<string, ContactKind> = new Map([
  ['home', 'home'],
  ['work', 'work'],
  ['cell', 'cell'],
  ['mobile', 'cell'],
  ['fax', 'fax'],
  ['pref', 'preferred'],
])

/** RFC 6350 §5.6 and §5.3 */
function kindsOf({ parameters }: ContentLine): readonly ContactKind[] {
  const types = (parameters.get('TYPE') ?? []).flatMap(type => type.toLowerCase().split(','))
  const kinds = types.flatMap(type => KINDS.get(type) ?? [])
  return [...new Set(parameters.has('PREF') ? [...kinds, 'preferred' as const] : kinds)]
}

/** At semicolons that are not escaped (RFC 6350 §3.4). */
function components(value: string): readonly string[] {
  const parts = value.match(/(?:\\.|[^\\;])+|;/gsu) ?? []
  return parts.filter(part => part !== ';').map(part => unescapeText(part).trim())
}

/** RFC 6350 §6.2.2: family, given, further names, prefixes, suffixes. */
function personName(value: string): string {
  const [family = '', given = '', further = '', prefix = '', suffix = ''] = value
    .split(/(?<!\\);/u)
    .map(unescapeText)
  return [prefix, given, further, family, suffix].filter(part => part.trim() !== '').join(' ')
}

function addressLine(value: string): string {
  return components(value)
    .filter(part => part !== '')
    .join(', ')
}

/** RFC 6350 §6.2.5: with or without dashes, with or without a year. */
function birthdayOf(value: string): string {
  const match = /^(\d{4}|--)-?(\d{2})-?(\d{2})(?:T.*)?$/.exec(value.trim())
  if (match === null) return cleanLine(unescapeText(value))
  return `${match[1] === '--' ? '-' : (match[1] ?? '')}-${match[2] ?? ''}-${match[3] ?? ''}`
}

/** A picture that is in the card; one that is elsewhere is not fetched. */
function photoOf(line: ContentLine | undefined): ContactCard['photo'] {
  const data = /^data:(image\/[\w.+-]{1,60});base64,/i.exec(line?.value.slice(0, 200) ?? '')
  const encoding = line?.parameters.get('ENCODING')?.[0]?.toUpperCase() ?? ''
  if (line === undefined || (data === null && !/^(?:B|BASE64)$/.test(encoding))) return null
  const text = line.value.slice(data?.[0].length ?? 0)
  if (text.length > MAX_PHOTO_BYTES * 1.4) return null
  const bytes = decodeBase64(new TextEncoder().encode(text), new Warnings())
  const type = (data?.[1] ?? line.parameters.get('TYPE')?.[0] ?? '').toLowerCase()
  return bytes.length === 0
    ? null
    : { type: type.includes('/') ? type : `image/${type || 'jpeg'}`, bytes }
}
