import { messageIdOf } from './message-ids.ts'
import type { Mac } from './message-ids.ts'
import { fieldsNamed } from './header-fields.ts'
import type { HeaderField } from './header-fields.ts'
import { LOOP_FIELD, formatLoopMark } from './loop-mark.ts'
import { rfc5322Date } from './rfc5322-date.ts'
import { phrase, writeAddressField, writeField, writeTextField } from './write-field.ts'
import { domainOf } from '../../core/address/address.ts'
import { parseMailboxes } from '../../core/address/mailboxes.ts'
import type { Policy } from '../../core/policy/policy.ts'

/** What passes from the original mail besides its subject; everything else stays inside. envelope.md §5 */
const ADDRESS_FIELDS = ['Sender', 'To', 'Cc', 'Reply-To'] as const
const THREAD_FIELDS = ['In-Reply-To', 'References', 'Auto-Submitted'] as const
const LIST_FIELD = /^List-[A-Za-z0-9-]{1,40}$/i
/** Copied fields may not outgrow what a wrapped mail may cost (envelope.md §4); more is left out. */
export const MAX_COPIED_BYTES: number = 16 * 1024
/** A From field beyond this gets its name shortened. Attack: a name of 70 KB, which would be repeated. */
export const MAX_FROM_BYTES: number = 2 * 1024
/** A date that is none: the mail gets the gateway's. RFC 5322 §3.3 needs 40 characters. */
export const MAX_DATE_CHARACTERS = 128

export interface WrapperRequest {
  readonly fields: readonly HeaderField[]
  readonly policy: Policy
  readonly subject: string
  readonly mac: Mac
  readonly boundary: string
  readonly nowMs: number
}

/** The wrapper mail's header block, empty line included. */
export function wrapperHeader(request: WrapperRequest): string {
  const { fields, policy, mac } = request
  const messageId = messageIdOf(fields) ?? `<${policy.messageId}@${domainOf(policy.sender)}>`
  const own = {
    from: fromField(fields, policy),
    date: dateField(fields, request.nowMs),
    messageId: writeField('Message-ID', asciiOnly(messageId)),
  }
  const mark = formatLoopMark(mac, policy.messageId, valuesOf(own))
  return [
    own.from,
    ...copied(fields),
    writeTextField('Subject', request.subject),
    own.date,
    own.messageId,
    writeField(LOOP_FIELD, mark),
    'MIME-Version: 1.0\r\n',
    `Content-Type: multipart/mixed; boundary="${request.boundary}"\r\n\r\n`,
  ].join('')
}

/** The original's; with a name of at most 100 characters where it is too long for a wrapper. The address stays whole. */
function fromField(fields: readonly HeaderField[], policy: Policy): string {
  const { sender, senderName } = policy
  const field = writeAddressField('From', fieldsNamed(fields, 'From')[0]?.value ?? sender)
  if (Buffer.byteLength(field) <= MAX_FROM_BYTES) return field
  return writeField('From', senderName === '' ? sender : `${phrase(senderName)} <${sender}>`)
}

function dateField(fields: readonly HeaderField[], nowMs: number): string {
  const date = fieldsNamed(fields, 'Date')[0]?.value ?? ''
  const isDate = date !== '' && date.length <= MAX_DATE_CHARACTERS
  return writeField('Date', isDate ? asciiOnly(date) : rfc5322Date(nowMs))
}

function copied(fields: readonly HeaderField[]): string[] {
  const list = fields.filter(field => LIST_FIELD.test(field.name)).map(field => field.name)
  const copies = [
    ...ADDRESS_FIELDS.map(name => ({ name, forms: [writeAddressField, writeAddresses] })),
    ...[...THREAD_FIELDS, ...new Set(list)].map(name => ({ name, forms: [writeAscii] })),
  ]
  let left = MAX_COPIED_BYTES
  return copies.map(({ name, forms }) => {
    const line = firstThatFits(fields, name, forms, left)
    left -= Buffer.byteLength(line)
    return line
  })
}

type WriteForm = (name: string, value: string) => string

/** Empty when there is no such field, or no form of it is short enough. */
function firstThatFits(
  fields: readonly HeaderField[],
  name: string,
  forms: readonly WriteForm[],
  maxBytes: number,
): string {
  for (const write of forms) {
    const line = copyOf(fields, name, write)
    if (Buffer.byteLength(line) <= maxBytes) return line
  }
  return ''
}

/** Without the names, for a list that is too long with them. */
function writeAddresses(name: string, value: string): string {
  const mailboxes = parseMailboxes(value)
  if (mailboxes === null) return ''
  return writeField(name, mailboxes.map(({ address }) => address).join(', '))
}

/** Each at most once (RFC 5322 §3.6): the first. */
function copyOf(fields: readonly HeaderField[], name: string, write: WriteForm): string {
  const value = fieldsNamed(fields, name)[0]?.value ?? ''
  return value === '' ? '' : write(name, value)
}

function writeAscii(name: string, value: string): string {
  return writeField(name, asciiOnly(value))
}

function asciiOnly(text: string): string {
  return text.replaceAll(/\P{ASCII}/gu, '?')
}

/** What a later reader of these lines gets as their values. */
function valuesOf(lines: { from: string; date: string; messageId: string }): {
  from: string
  date: string
  messageId: string
} {
  const value = (line: string): string =>
    line.slice(line.indexOf(':') + 1).replaceAll(/\r\n(?=[ \t])/g, '')
  return { from: value(lines.from), date: value(lines.date), messageId: value(lines.messageId) }
}
