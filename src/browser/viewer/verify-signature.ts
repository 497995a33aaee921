import { fileSignatureInput, verifyFileSignature } from '../../core/envelope/file-signature.ts'
import { ownBytes } from '../../core/envelope/bytes.ts'

/**
 * True when the organisation's key signed exactly this file. Browsers without Ed25519 in Web Crypto
 * (Chromium before 137) load the audited one of @noble/curves. envelope.md §3
 */
export async function verifySignature(
  ageFile: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): Promise<boolean> {
  if (await hasEd25519()) return verifyFileSignature(ageFile, signature, publicKey)
  if (signature.length !== 64 || publicKey.length !== 32) return false
  const { ed25519 } = await import('@noble/curves/ed25519.js')
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', ownBytes(ageFile)))
  try {
    return ed25519.verify(signature, fileSignatureInput(digest), publicKey, { zip215: false })
  } catch {
    return false // not a point of the curve
  }
}

/** The base point is a public key that every implementation takes. RFC 8032 §5.1 */
const BASE_POINT = new Uint8Array(32).fill(0x66).with(0, 0x58)

async function hasEd25519(): Promise<boolean> {
  try {
    await crypto.subtle.importKey('raw', BASE_POINT, 'Ed25519', false, ['verify'])
    return true
  } catch {
    return false
  }
}
