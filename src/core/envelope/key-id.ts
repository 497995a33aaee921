import { sha256 } from '@noble/hashes/sha2.js'
import { toBase64Url } from './base64.ts'
import { concat, utf8 } from './bytes.ts'

/** 128 bits: no two keys of any installation share an id. */
const KEY_ID_BYTES = 16

/** Names a sealing or signing key of one organisation: 22 base64url characters. envelope.md §2 */
export function keyIdOf(organisationId: string, publicKey: Uint8Array): string {
  const digest = sha256(concat(utf8(`zegel.v1 key\0${organisationId}\0`), publicKey))
  return toBase64Url(digest.subarray(0, KEY_ID_BYTES))
}
