import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import PostalMime from 'postal-mime'
import { expect } from 'vitest'
import type { ReplyHead, ReplyPart } from '../../../../src/core/reply/reply-head.ts'
import { configSchema } from '../../../../src/server/config/schema.ts'
import { findHeaderEnd, readHeaderFields } from '../../../../src/server/gateway/header-fields.ts'
import { MailFacts } from '../../../../src/server/gateway/mail-facts.ts'
import { startReplyMail } from '../../../../src/server/gateway/replies/reply-mail.ts'
import type { ReplyMail } from '../../../../src/server/gateway/replies/reply-mail.ts'
import { address, testMac } from '../../../support/sealed-message.ts'

export const bob = address('bob@outside.org')
export const plainHead: ReplyHead = {
  version: 1,
  kind: 'reply',
  submissionId: 'S'.repeat(22),
  messageId: 'M'.repeat(22),
  conversationId: 'C'.repeat(22),
  writer: bob,
  writerName: 'Bob',
  to: [address('alice@example.com')],
  cc: [],
  copyToWriter: false,
  subject: 'Re: The plan',
  inReplyTo: '<1@example.com>',
  references: ['<0@example.com>', '<1@example.com>'],
  locale: 'nl',
  parts: [{ role: 'text', bytes: 0 }],
}

/** A part, and what is in it. */
export type Filled = ReplyPart & { readonly content: Uint8Array }

export const filled = (part: object, content: string | Uint8Array): Filled =>
  ({
    ...part,
    content: Buffer.from(content),
    bytes: Buffer.from(content).length,
  }) as unknown as Filled
export function partOf({ content: _content, ...part }: Filled): ReplyPart {
  return part
}

export function start(
  head: Partial<ReplyHead>,
  locale = 'en',
  method = 'passcode' as const,
  writer = bob,
): ReplyMail {
  const { organisations } = configSchema.parse({
    organisations: [{ id: 'example', name: 'Example', domains: ['example.com'], locale }],
  })
  const [organisation] = organisations
  if (organisation === undefined) throw new Error('no organisation')
  let drawn = 0
  return startReplyMail({
    head: { ...plainHead, ...head },
    writer: { address: writer, method, assurance: 'mailbox', provenAtMs: 1_795_000_000_000 },
    organisation,
    mac: testMac,
    nowMs: 1_795_000_300_000,
    random: bytes => createHash('sha256').update(String(drawn++)).digest().subarray(0, bytes),
  })
}

/** The whole mail, its parts handed over in pieces of these lengths, again and again. */
export function write(
  head: Partial<ReplyHead>,
  parts: readonly Filled[] = [filled({ role: 'text' }, 'Hello')],
  cuts: readonly number[] = [Number.MAX_SAFE_INTEGER],
  locale = 'en',
): Buffer {
  const mail = start({ ...head, parts: parts.map(partOf) }, locale)
  const content = Buffer.concat(parts.map(part => part.content))
  const out: Uint8Array[] = [mail.header]
  for (let at = 0, turn = 0; at < content.length; turn++) {
    const end = at + (cuts[turn % cuts.length] ?? 1)
    // A buffer of its own, overwritten afterwards: nothing may be kept that the caller uses again.
    const piece = Buffer.from(content.subarray(at, end))
    out.push(...mail.push(piece).map(bytes => Buffer.from(bytes)))
    piece.fill(0)
    at = end
  }
  const whole = Buffer.concat([...out, ...mail.finish()])
  expect(whole.length).toBeLessThanOrEqual(mail.contentBytes)
  return whole
}

/** The header of what somebody with this address wrote. */
export const writeBy = (writer: string): Uint8Array =>
  start({}, 'en', 'passcode', address(writer)).header

export const parse = (mail: Uint8Array) =>
  PostalMime.parse(mail, { attachmentEncoding: 'arraybuffer', maxNestingDepth: 10 })
export const factsOf = (mail: Uint8Array) =>
  new MailFacts(readHeaderFields(mail.subarray(0, findHeaderEnd(mail))))
export const namesOf = (mail: Uint8Array) => factsOf(mail).fields.map(({ name }) => name)

/** What the field names of a reply are, whatever it says. */
export const FIELDS = [
  'From',
  'Reply-To',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'In-Reply-To',
  'References',
  'Zegel-Writer',
  'MIME-Version',
  'Content-Type',
]

export function expectSendable(mail: Buffer): void {
  const text = mail.toString('latin1')
  expect(text).toMatch(/^[\t\r\n -~]*$/)
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(text.endsWith('\r\n')).toBe(true)
  for (const line of text.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998)
}

const anyText = fc.string({ unit: 'binary', maxLength: 200 })
const evil = fc.constantFrom(
  'a\r\nBcc: eve@evil.test',
  'a\nX: y\n\nbody',
  '"; filename="b',
  "utf-8''%0d%0aX:%20y",
  '=?utf-8?B?DQpYOiB5?=',
  '../../etc/passwd',
  '\u202Egpj.exe',
  '"',
  '\\',
  '--zegel-',
  ' '.repeat(50),
  '.',
  'ß'.repeat(200),
  'a b '.repeat(60),
)
export const text = fc.oneof(anyText, evil)
export const bytes = fc.uint8Array({ maxLength: 400 })
const mediaType = fc.constantFrom(
  'image/png',
  'text/html',
  'text/plain',
  'message/rfc822',
  'multipart/mixed',
  'MULTIPART/x',
  'application/pdf',
)

export const replies = fc.record({
  written: bytes,
  html: fc.option(bytes, { nil: undefined }),
  inline: fc.array(fc.record({ type: mediaType, name: text, content: bytes }), { maxLength: 2 }),
  attached: fc.array(fc.record({ type: mediaType, name: text, content: bytes }), { maxLength: 3 }),
  cuts: fc.array(fc.integer({ min: 1, max: 130 }), { minLength: 1, maxLength: 5 }),
})

export function partsOf(reply: {
  written: Uint8Array
  html: Uint8Array | undefined
  inline: readonly { type: string; name: string; content: Uint8Array }[]
  attached: readonly { type: string; name: string; content: Uint8Array }[]
}): Filled[] {
  return [
    filled({ role: 'text' }, reply.written),
    ...(reply.html === undefined ? [] : [filled({ role: 'html' }, reply.html)]),
    ...reply.inline.map(({ type, name, content }, i) =>
      filled({ role: 'inline', type, name, contentId: `picture${i}@zegel` }, content),
    ),
    ...reply.attached.map(({ type, name, content }) =>
      filled({ role: 'attachment', type, name }, content),
    ),
  ]
}
