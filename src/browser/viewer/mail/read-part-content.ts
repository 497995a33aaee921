import { oneByte } from './charset.ts'
import type { MailPart } from './mail-part.ts'
import type { PartContent } from './part-content.ts'
import { shownLine } from './shown-text.ts'

/** What a file is besides a file; null when nothing, when it cannot be read, or when its reader cannot be loaded. */
export async function readPartContent(part: MailPart): Promise<PartContent | null> {
  try {
    return await contentOf(part)
  } catch {
    return null
  }
}

/** Senders that do not know a type call it by one of these. */
const GENERAL =
  /^(?:application\/(?:octet-stream|download|x-download|force-download|unknown)|text\/plain)$/

async function contentOf(part: MailPart): Promise<PartContent | null> {
  const { type, bytes, charset } = part
  if (bytes.length === 0) return null
  const ending = endingOf(part)
  if (type === 'message/partial') return partial(part)
  if (type === 'message/external-body') return { kind: 'external', where: placeOf(part) }
  if (/^message\/(?:rfc822|global|news)$/.test(type)) return { kind: 'message' }
  if (ending === '.eml') return looksLikeMail(bytes) ? { kind: 'message' } : null
  if (isCalendar(part)) {
    const { readCalendar } = await import('./calendar/read-calendar.ts')
    const calendar = readCalendar(bytes, charset)
    return calendar === null ? null : { kind: 'calendar', calendar }
  }
  if (isContacts(part)) {
    const { readContacts } = await import('./contacts/read-contacts.ts')
    const contacts = readContacts(bytes, charset)
    return contacts === null ? null : { kind: 'contacts', ...contacts }
  }
  return null
}

/** True when all of it is read to know what it is; of others a look at the beginning is enough. */
export function isReadWhole(part: MailPart): boolean {
  return isCalendar(part) || isContacts(part)
}

function isCalendar(part: MailPart): boolean {
  return /^text\/(?:x-v)?calendar$|^application\/ics$/.test(part.type) || endingOf(part) === '.ics'
}

function isContacts(part: MailPart): boolean {
  return /^text\/(?:(?:x-)?vcard|directory)$/.test(part.type) || endingOf(part) === '.vcf'
}

/** Where the type says nothing. */
function endingOf({ type, name }: MailPart): string {
  return GENERAL.test(type) ? (/\.[a-z]{3}$/i.exec(name)?.[0].toLowerCase() ?? '') : ''
}

/** RFC 2046 §5.2.2 */
function partial({ parameters }: MailPart): PartContent {
  const number = (name: string) => {
    const digits = /^\d{1,6}$/.exec(parameters.get(name) ?? '')?.[0]
    return digits === undefined ? null : Number(digits)
  }
  return { kind: 'partial', number: number('number'), total: number('total') }
}

/** RFC 2046 §5.2.3, RFC 2017 */
function placeOf({ parameters }: MailPart): string {
  const names = ['url', 'server', 'site', 'directory', 'name']
  const found = names.map(name => parameters.get(name) ?? '').filter(value => value !== '')
  return shownLine(found.join(' ')).slice(0, MAX_PLACE_LENGTH)
}
const MAX_PLACE_LENGTH = 1000

/** Begins with a header field (RFC 5322 §2.2), or with the line that mailboxes put before it. */
function looksLikeMail(bytes: Uint8Array): boolean {
  const head = oneByte.decode(bytes.subarray(0, 200))
  return /^(?:\s*(?:ï»¿)?)(?:From |[!-9;-~]{1,100}[ \t]*:)/.test(head)
}
