import { EnvelopeError } from './errors.ts'
import { fromBase64Url, toBase64Url } from './base64.ts'

/** Bytes of a file key and of each of its two shares. envelope.md §1 */
export const SHARE_BYTES = 16

/** The portal's share of a file key. envelope.md §1 */
export function splitFileKey(fileKey: Uint8Array, envelopeShare: Uint8Array): Uint8Array {
  return exclusiveOr(fileKey, envelopeShare)
}

/** The file key of two shares; a wrong share gives a key that fails the header MAC. envelope.md §1 */
export function joinShares(a: Uint8Array, b: Uint8Array): Uint8Array {
  return exclusiveOr(a, b)
}

function exclusiveOr(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length !== SHARE_BYTES || b.length !== SHARE_BYTES)
    throw new EnvelopeError('wrong-key', 'a share has 16 bytes')
  return a.map((byte, i) => byte ^ (b[i] ?? 0))
}

/** A share as it stands in a fragment: 22 base64url characters. envelope.md §4 */
export function formatShare(share: Uint8Array): string {
  return toBase64Url(share)
}

/** Reads `#SHARE` or `SHARE`; null when it is none. */
export function parseShare(text: string): Uint8Array<ArrayBuffer> | null {
  const share = fromBase64Url(text.startsWith('#') ? text.slice(1) : text)
  return share?.length === SHARE_BYTES ? share : null
}
