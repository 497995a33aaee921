import type { MapiProperties } from './mapi-properties.ts'
import { PROPERTY } from './mapi-properties.ts'
import type { WinmailFile } from './winmail.ts'

/** Names of MS-OXPROPS §1.3.2 as they stand in a winmail.dat. */
const APPOINTMENT = '0220060000000000c000000000000046'
const MEETING = '90dad86e0b451b1098da00aa003f1305'
/** MS-OXOCAL §2.2 */
const START = `${APPOINTMENT}:820d`
const END = `${APPOINTMENT}:820e`
const LOCATION = `${APPOINTMENT}:8208`
const ALL_DAY = `${APPOINTMENT}:8215`
const RECURRENCE = `${APPOINTMENT}:8232`
const OBJECT_ID = `${MEETING}:3`

/** By the end of the message class (MS-OXOCAL §2.2, MS-OXTNEF §2.1.3.3.7). */
const METHODS: readonly (readonly [RegExp, string, string])[] = [
  [/meeting\.request$|mtgreq$/i, 'REQUEST', ''],
  [/meeting\.canceled$|mtgcncl$/i, 'CANCEL', ''],
  [/meeting\.resp\.pos$|mtgrespp$/i, 'REPLY', 'ACCEPTED'],
  [/meeting\.resp\.neg$|mtgrespn$/i, 'REPLY', 'DECLINED'],
  [/meeting\.resp\.tent$|mtgrespa$/i, 'REPLY', 'TENTATIVE'],
  [/^ipm\.appointment$/i, 'PUBLISH', ''],
]

/** The message, as far as a calendar needs it. */
export interface WinmailMessage {
  readonly properties: MapiProperties
  readonly messageClass: string
  readonly subject: string
}

/**
 * The invitation of a winmail.dat as a calendar file, which is what every calendar can take. A repetition is told in
 * words alone. Null when the message is none, or does not say when.
 */
export function meetingFile({
  properties,
  messageClass,
  subject,
}: WinmailMessage): WinmailFile | null {
  const kind = properties.firstText(PROPERTY.messageClass) ?? messageClass
  const method = METHODS.find(([pattern]) => pattern.test(kind.trim()))
  const startMs = properties.timeMs(START) ?? properties.timeMs(PROPERTY.startsAt)
  if (method === undefined || startMs === null) return null
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Zegel//winmail.dat//EN',
    `METHOD:${method[1]}`,
    'BEGIN:VEVENT',
    ...eventLines(properties, startMs, subject),
    person(properties, method[1] === 'REPLY' ? `ATTENDEE;PARTSTAT=${method[2]}` : 'ORGANIZER'),
    method[1] === 'CANCEL' ? 'STATUS:CANCELLED' : '',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]
  const text = lines.filter((line, i) => line !== '' || i === lines.length - 1).join('\r\n')
  return {
    name: 'invite.ics',
    type: 'text/calendar',
    contentId: null,
    bytes: new TextEncoder().encode(text),
  }
}

function eventLines(
  properties: MapiProperties,
  startMs: number,
  subject: string,
): readonly string[] {
  const endMs = properties.timeMs(END) ?? properties.timeMs(PROPERTY.endsAt)
  const allDay = (properties.number(ALL_DAY) ?? 0) !== 0
  const id = properties.bytes(OBJECT_ID)
  return [
    id === null
      ? ''
      : `UID:${Array.from(id, byte => byte.toString(16).padStart(2, '0'))
          .join('')
          .toUpperCase()}`,
    field('SUMMARY', properties.firstText(PROPERTY.subject) ?? subject),
    field('LOCATION', properties.text(LOCATION) ?? ''),
    field('DESCRIPTION', properties.text(RECURRENCE) ?? ''),
    time('DTSTART', startMs, allDay),
    endMs === null ? '' : time('DTEND', endMs, allDay),
  ]
}

function time(name: string, ms: number, allDay: boolean): string {
  // A day begins at midnight somewhere: the nearest midnight of UTC is that of the same date.
  const text = new Date(allDay ? ms + 43_200_000 : ms).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return allDay ? `${name};VALUE=DATE:${text.slice(0, 8)}` : `${name}:${text}`
}

function person(properties: MapiProperties, name: string): string {
  const {
    representedMail,
    representedAddress,
    representedName,
    senderMail,
    senderAddress,
    senderName,
  } = PROPERTY
  const address =
    properties.firstText(representedMail, representedAddress, senderMail, senderAddress) ?? ''
  const shown = properties.firstText(representedName, senderName) ?? ''
  if (shown === '' && address === '') return ''
  const spec = /^[\w.+-]{1,64}@[\w.-]{1,255}$/.test(address) ? address : ''
  return `${name};CN="${shown.slice(0, 200).replaceAll(/["\p{Cc}]/gu, ' ')}":mailto:${spec}`
}

/** RFC 5545 §3.3.11 */
function field(name: string, value: string): string {
  if (value === '') return ''
  const escaped = value
    .slice(0, 2000)
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll(/\r\n?|\n/g, '\\n')
  return `${name}:${escaped.replaceAll(/\p{Cc}/gu, ' ')}`
}
