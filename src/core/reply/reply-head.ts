import { parseAddress } from '../address/address.ts'
import type { Address } from '../address/address.ts'
import {
  check,
  either,
  flag,
  integer,
  list,
  nullable,
  object,
  oneOf,
  parseShape,
  text,
} from '../api/shape.ts'
import type { Shape } from '../api/shape.ts'
import { concat, fromUtf8, u32, utf8 } from '../envelope/bytes.ts'
import {
  MAX_ID_CHARACTERS,
  MAX_PART_NAME_CHARACTERS,
  MAX_REFERENCES,
  MAX_REPLY_HEAD_BYTES,
  MAX_REPLY_PARTS,
  MAX_REPLY_RECIPIENTS,
  MAX_SUBJECT_CHARACTERS,
  MAX_WRITER_NAME_CHARACTERS,
  MAX_WRITTEN_BYTES,
} from './limits.ts'
import { MAX_MESSAGE_BYTES } from '../envelope/limits.ts'

export type ReplyKind = 'reply' | 'reply-all' | 'forward'

/** A piece of a reply; `bytes` is how long it is. */
export type ReplyPart =
  | { readonly role: 'text' | 'html'; readonly bytes: number }
  | {
      readonly role: 'inline'
      readonly type: string
      readonly name: string
      /** Without brackets. */
      readonly contentId: string
      readonly bytes: number
    }
  | {
      readonly role: 'attachment'
      readonly type: string
      readonly name: string
      readonly bytes: number
    }

/** What a sealed reply says of itself; only this decides. docs/replies.md §1 */
export interface ReplyHead {
  readonly version: 1
  readonly kind: ReplyKind
  /** 16 bytes, base64url; the same when the same draft is sent again. */
  readonly submissionId: string
  readonly messageId: string
  readonly conversationId: string
  readonly writer: Address
  readonly writerName: string
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly copyToWriter: boolean
  readonly subject: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly locale: string
  /** Text first, then HTML if any, then inline pictures, then attachments. */
  readonly parts: readonly ReplyPart[]
}

/** First bytes of a reply's plaintext; then the head's length and the head. */
export const REPLY_MAGIC: Uint8Array = /* @__PURE__ */ utf8('zegel.v1 reply\n')
/** Magic and u32: so much is read before it is known how long the head is. */
export const REPLY_PREFIX_BYTES: number = REPLY_MAGIC.length + 4

const id = text({ max: 22, pattern: /^[A-Za-z0-9_-]{22}$/ })
/** Printable ASCII without blanks: it becomes part of a header field. */
const mailId = text({ max: MAX_ID_CHARACTERS, pattern: /^<[!-;=?-~]+>$/ })
const size = integer(0, MAX_MESSAGE_BYTES)
const written = integer(0, MAX_WRITTEN_BYTES)
/** RFC 6838 §4.2 */
const type = text({
  max: 127,
  pattern: /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,62}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,62}$/,
})
const name = text({ max: MAX_PART_NAME_CHARACTERS })
const contentId = text({ min: 1, max: 100, pattern: /^[A-Za-z0-9._-]+(?:@[A-Za-z0-9._-]+)?$/ })

/** The canonical form itself: nothing is corrected behind a seal. */
const address: Shape<Address> = check(
  value => typeof value === 'string' && parseAddress(value) === value,
)

const part: Shape<ReplyPart> = either(
  object<{ role: 'text' | 'html'; bytes: number }>({ role: oneOf('text', 'html'), bytes: written }),
  either(
    object<Extract<ReplyPart, { role: 'inline' }>>({
      role: oneOf('inline'),
      type,
      name,
      contentId,
      bytes: size,
    }),
    object<Extract<ReplyPart, { role: 'attachment' }>>({
      role: oneOf('attachment'),
      type,
      name,
      bytes: size,
    }),
  ),
)

const replyHead: Shape<ReplyHead> = object<ReplyHead>({
  version: check(value => value === 1),
  kind: oneOf('reply', 'reply-all', 'forward'),
  submissionId: id,
  messageId: id,
  conversationId: id,
  writer: address,
  writerName: text({ max: MAX_WRITER_NAME_CHARACTERS }),
  to: list(address, MAX_REPLY_RECIPIENTS),
  cc: list(address, MAX_REPLY_RECIPIENTS),
  copyToWriter: flag,
  subject: text({ max: MAX_SUBJECT_CHARACTERS }),
  inReplyTo: nullable(mailId),
  references: list(mailId, MAX_REFERENCES),
  locale: text({ max: 35, pattern: /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/ }),
  parts: list(part, MAX_REPLY_PARTS),
})

/** Magic, length and head as bytes; the parts follow. @throws {RangeError} for a head that `readReplyHead` would refuse */
export function writeReplyHead(head: ReplyHead): Uint8Array<ArrayBuffer> {
  const json = utf8(JSON.stringify(head))
  if (readReplyHead(json) === null) throw new RangeError('not a head of a reply')
  return concat(REPLY_MAGIC, u32(json.length), json)
}

/** @param json the head's bytes alone @returns null for anything that is not exactly a head */
export function readReplyHead(json: Uint8Array): ReplyHead | null {
  if (json.length > MAX_REPLY_HEAD_BYTES) return null
  const parsed = parseShape(replyHead, parseJson(json))
  return parsed.ok && isConsistent(parsed.value) ? parsed.value : null
}

/** Of the prefix of a reply's plaintext: how long the head is; null when it is none. */
export function replyHeadLength(prefix: Uint8Array): number | null {
  if (prefix.length !== REPLY_PREFIX_BYTES) return null
  if (REPLY_MAGIC.some((byte, at) => prefix[at] !== byte)) return null
  const length = new DataView(prefix.buffer, prefix.byteOffset).getUint32(REPLY_MAGIC.length)
  return length <= MAX_REPLY_HEAD_BYTES ? length : null
}

function parseJson(json: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(json))
  } catch {
    return undefined
  }
}

const ORDER = ['text', 'html', 'inline', 'attachment'] as const

function isConsistent({ to, cc, parts }: ReplyHead): boolean {
  const people = [...to, ...cc]
  const roles = parts.map(({ role }) => ORDER.indexOf(role))
  return (
    people.length > 0 &&
    people.length <= MAX_REPLY_RECIPIENTS &&
    new Set(people).size === people.length &&
    roles[0] === 0 &&
    roles.every((role, at) => at === 0 || role >= (roles[at - 1] ?? 0)) &&
    roles.filter(role => role === 0).length === 1 &&
    roles.filter(role => role === 1).length <= 1
  )
}
