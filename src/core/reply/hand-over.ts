import { check, parseShape, integer, object, oneOf, text } from '../api/shape.ts'
import type { Shape } from '../api/shape.ts'
import { concat, fromUtf8, utf8 } from '../envelope/bytes.ts'
import type { Assurance, Proof } from '../policy/policy.ts'
import { MAX_HAND_OVER_HEAD_BYTES } from './limits.ts'

/** What the portal says of a reply that it passes on; signed, and believed for five minutes. docs/replies.md §3 */
export interface HandOver {
  readonly version: 1
  readonly organisationId: string
  /** The answered message's padded sealed record, base64. */
  readonly record: string
  /** Who the portal has verified, and how. */
  readonly writer: {
    readonly address: string
    readonly method: Proof['method']
    readonly assurance: Assurance
    readonly provenAtMs: number
  }
  readonly atMs: number
  /** Length of the reply file that follows. */
  readonly bytes: number
}

/** Ed25519. */
export const HAND_OVER_SIGNATURE_BYTES = 64

const handOver: Shape<HandOver> = object<HandOver>({
  version: check(value => value === 1),
  organisationId: text({ max: 63, pattern: /^[a-z0-9][a-z0-9-]{0,62}$/ }),
  record: text({ max: MAX_HAND_OVER_HEAD_BYTES, pattern: /^[A-Za-z0-9+/]+={0,2}$/ }),
  writer: object<HandOver['writer']>({
    address: text({ min: 3, max: 254 }),
    method: oneOf('passcode', 'account', 'passkey'),
    assurance: oneOf('mailbox', 'account', 'mfa'),
    provenAtMs: integer(),
  }),
  atMs: integer(),
  bytes: integer(),
})

export function writeHandOver(head: HandOver): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify(head))
}

/** @returns null for anything that is not exactly a head */
export function readHandOver(json: Uint8Array): HandOver | null {
  if (json.length > MAX_HAND_OVER_HEAD_BYTES) return null
  const parsed = parseShape(handOver, parseJson(json))
  return parsed.ok ? parsed.value : null
}

/** What the first signature covers. */
export function handOverSignatureInput(head: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(utf8('zegel.v1 hand-over\0'), head)
}

/** What the second covers. @param digest SHA-256 of head and reply file */
export function handedOverSignatureInput(digest: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(utf8('zegel.v1 handed over\0'), digest)
}

function parseJson(json: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(json))
  } catch {
    return undefined
  }
}
