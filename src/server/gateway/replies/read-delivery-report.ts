import { parseAddress } from '../../../core/address/address.ts'
import type { Address } from '../../../core/address/address.ts'
import { findHeaderEnd, readHeaderFields } from '../header-fields.ts'
import { MailFacts } from '../mail-facts.ts'
import { WRITER_FIELD } from './reply-header.ts'

/** What of a delivery report may be said to whoever wrote the mail. RFC 3464 */
export interface DeliveryReport {
  /** False when it says of nobody that it failed for good: it was delayed, or it arrived. */
  readonly isFailure: boolean
  /** Those it failed for, as far as the writer knows them; may be empty. */
  readonly addresses: readonly Address[]
  /** Of the writer, as the returned header says; null: it does not. */
  readonly locale: string | null
}

/** So much of a report is looked at; what is returned of a mail stands behind. Attack: a report that fills memory. */
export const MAX_REPORT_BYTES: number = 128 * 1024
/** Addresses that one notice names. Attack: a notice that is a list of advertisements. */
const MAX_ADDRESSES = 20
const MAX_PARTS = 20
const LANGUAGE = /;\s*language=([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;|$)/

/** True for a report on delivery; one on reading, or an answer of a holiday program, is a mail like any other. */
export function isDeliveryReport(facts: MailFacts): boolean {
  const type = facts.first('content-type')
  const kind = /;\s*report-type\s*=\s*"?([\w-]+)/i.exec(type)?.[1]?.toLowerCase()
  return /^multipart\/report\b/i.test(type) && (kind === undefined || kind === 'delivery-status')
}

/** @param body what follows the header, cut anywhere; nothing of it is believed but by these rules */
export function readDeliveryReport(facts: MailFacts, body: Uint8Array): DeliveryReport {
  const parts = partsOf(facts.first('content-type'), Buffer.from(body))
  const returned = returnedFacts(parts)
  const status = parts.find(({ type }) => /^message\/(?:global-)?delivery-status\b/i.test(type))
  const recipients = (status?.blocks ?? []).filter(block => block.first('action') !== '')
  const failed = recipients.filter(block => block.first('action').toLowerCase() === 'failed')
  const known = new Set<Address>(returned?.listed ?? [])
  const named = failed.map(block => failedAddress(block, known)).filter(each => each !== null)
  return {
    // What cannot be read is told: a mail that was lost unnoticed is worse than a notice too many.
    isFailure: recipients.length === 0 || failed.length > 0,
    addresses: [...new Set(named)].slice(0, MAX_ADDRESSES),
    locale: LANGUAGE.exec(returned?.first(WRITER_FIELD) ?? '')?.[1] ?? null,
  }
}

/**
 * The address that the mail was sent to (RFC 3464 §2.3.1); where it leads (§2.3.2) only when the writer had written that
 * themselves. Attack: finding out where somebody inside has their mail forwarded.
 */
function failedAddress(block: MailFacts, known: ReadonlySet<Address>): Address | null {
  const original = addressIn(block.first('original-recipient'))
  if (original !== null) return original
  const final = addressIn(block.first('final-recipient'))
  return final !== null && known.has(final) ? final : null
}

/** `rfc822; alice@example.com` */
function addressIn(value: string): Address | null {
  const [, text = ''] = /^(?:rfc822|utf-8)\s*;\s*<?([^<>\s]+)>?$/i.exec(value) ?? []
  return parseAddress(text)
}

interface ReportPart {
  readonly type: string
  /** Groups of fields with an empty line between. */
  readonly blocks: readonly MailFacts[]
}

/** The header of the mail that was not delivered. */
function returnedFacts(parts: readonly ReportPart[]): MailFacts | undefined {
  const returned = parts.find(({ type }) =>
    /^(?:text\/rfc822-headers|message\/(?:rfc822|global|global-headers))\b/i.test(type),
  )
  return returned?.blocks[0]
}

function partsOf(contentType: string, body: Buffer): readonly ReportPart[] {
  const [, quoted, token] =
    /;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? []
  const boundary = quoted ?? token
  if (boundary === undefined) return []
  const text = `\n${body.toString('latin1')}`
  const pieces = text.split(`\n--${boundary}`).slice(1, MAX_PARTS + 1)
  return pieces.map(piece => readPart(Buffer.from(piece.slice(piece.indexOf('\n') + 1), 'latin1')))
}

function readPart(bytes: Buffer): ReportPart {
  const [header, ...blocks] = blocksOf(bytes)
  return { type: header?.first('content-type') ?? '', blocks }
}

/** As many groups as a report with all its recipients has. */
const MAX_BLOCKS = 200

function blocksOf(bytes: Buffer): readonly MailFacts[] {
  const blocks: MailFacts[] = []
  for (let rest = bytes; rest.length > 0 && blocks.length < MAX_BLOCKS;) {
    const end = findHeaderEnd(rest)
    const length = end === -1 ? rest.length : end
    blocks.push(new MailFacts(readHeaderFields(rest.subarray(0, length))))
    rest = rest.subarray(length)
  }
  return blocks
}
