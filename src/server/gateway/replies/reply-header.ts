import { cleanName, cleanSenderName } from '../../../core/address/clean-name.ts'
import type { Address } from '../../../core/address/address.ts'
import type { Assurance, Proof } from '../../../core/policy/policy.ts'
import type { ReplyHead } from '../../../core/reply/reply-head.ts'
import type { OrganisationConfig } from '../../config/schema.ts'
import { translator } from '../../text/text.ts'
import type { Mac } from '../message-ids.ts'
import { rfc5322Date } from '../rfc5322-date.ts'
import { phrase, writeField, writeTextField } from '../write-field.ts'
import { replyMessageId } from './issued-message-id.ts'
import { writerAddress } from './writer-address.ts'

/** Whoever wrote a reply, as the portal has verified them. */
export interface VerifiedWriter {
  readonly address: Address
  readonly method: Proof['method']
  readonly assurance: Assurance
  readonly provenAtMs: number
}

export interface ReplyHeaderRequest {
  readonly head: ReplyHead
  readonly writer: VerifiedWriter
  readonly organisation: OrganisationConfig
  readonly mac: Mac
  readonly nowMs: number
}

/** Of the writer, how the portal verified them and in which language they read; only the gateway writes it. */
export const WRITER_FIELD = 'Zegel-Writer'

/** A longer name would push the address that was verified out of sight. */
const MAX_NAME_CHARACTERS = 40
/** Mail servers cut headers that are too long; the first and the nearest ids are what threads are made of. */
const MAX_REFERENCES_BYTES = 8 * 1024
/** What stands in brackets behind the name is said by the organisation alone. */
const BRACKETS = /[\p{Ps}\p{Pe}<>]+/gu

/** Every field of a reply but those of MIME; the values come from the head, the lines are the gateway's. */
export function replyHeader({
  head,
  writer,
  organisation,
  mac,
  nowMs,
}: ReplyHeaderRequest): string {
  const alias = writerAddress(mac, writer.address, organisation)
  const id = replyMessageId(mac, head.conversationId, head.submissionId, organisation)
  const references = referencesOf(head)
  return [
    writeField('From', `${phrase(shownName(head, writer, organisation))} <${alias}>`),
    addresses('Reply-To', [writer.address]),
    addresses('To', head.to),
    addresses('Cc', head.cc),
    writeTextField('Subject', head.subject),
    writeField('Date', rfc5322Date(nowMs)),
    writeField('Message-ID', id),
    head.inReplyTo === null ? '' : writeField('In-Reply-To', head.inReplyTo),
    references.length === 0 ? '' : writeField('References', references.join(' ')),
    writeField(WRITER_FIELD, writerValue(head, writer)),
    'MIME-Version: 1.0\r\n',
  ].join('')
}

/**
 * `Bob (bob@outside.org, external)`: the name proves nothing and is never alone. Attack: a name that is an address
 * inside, or says so in brackets of its own.
 */
function shownName(
  { writerName }: ReplyHead,
  { address }: VerifiedWriter,
  { locale }: OrganisationConfig,
): string {
  const external = translator(locale)('replyMail.external')
  const name = cleanSenderName(cleanName(writerName.replaceAll(BRACKETS, ' ')), address)
  const characters = Array.from(name)
  const short =
    characters.length <= MAX_NAME_CHARACTERS
      ? name
      : `${characters
          .slice(0, MAX_NAME_CHARACTERS - 1)
          .join('')
          .trimEnd()}…`
  return short === '' ? `${address} (${external})` : `${short} (${address}, ${external})`
}

function addresses(name: string, list: readonly Address[]): string {
  return list.length === 0 ? '' : writeField(name, list.join(', '))
}

/** Ends with the answered id. RFC 5322 §3.6.4 */
function referencesOf({ references, inReplyTo }: ReplyHead): readonly string[] {
  const all = inReplyTo === null ? references : [...references, inReplyTo]
  const ids = [...new Set(all.toReversed())].toReversed()
  const [first, ...rest] = ids
  if (first === undefined) return []
  let left = MAX_REFERENCES_BYTES - first.length
  const nearest = rest.toReversed().filter(id => (left -= id.length + 1) >= 0)
  return [first, ...nearest.toReversed()]
}

function writerValue({ locale }: ReplyHead, writer: VerifiedWriter): string {
  const { address, method, assurance, provenAtMs } = writer
  const time = new Date(provenAtMs).toISOString()
  return `${spelled(address)}; method=${method}; assurance=${assurance}; time=${time}; language=${locale}`
}

/** What the rules of a mail server look for never stands in the address. Attack: `assurance=mfa@evil.example`. */
function spelled(address: Address): string {
  return address.replaceAll(
    /[;=%"\\\s]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
