import { concat, ownBytes, utf8 } from './bytes.ts'

const PREFIX = utf8('zegel.v1 file\0')

/** What the file signature covers. envelope.md §3 */
export function fileSignatureInput(sha256OfAgeFile: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(PREFIX, sha256OfAgeFile)
}

/**
 * True when the organisation's signing key signed exactly these bytes. envelope.md §3
 * False for anything else, also for a key or signature of the wrong length.
 */
export async function verifyFileSignature(
  ageFile: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): Promise<boolean> {
  if (signature.length !== 64 || publicKey.length !== 32) return false
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', ownBytes(ageFile)))
  const key = await crypto.subtle
    .importKey('raw', ownBytes(publicKey), 'Ed25519', false, ['verify'])
    .catch(() => null)
  if (key === null) return false
  return crypto.subtle.verify('Ed25519', key, ownBytes(signature), fileSignatureInput(digest))
}
