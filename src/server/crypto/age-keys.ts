import { bech32 } from '@scure/base'
import { EnvelopeError } from '../../core/envelope/errors.ts'
import { generateSealingKeyPair } from './mlkem768-x25519.ts'

/** What `age-keygen -pq` makes. https://age-encryption.org/v1 */
export interface AgeKeyPair {
  /** `age1pq1…` */
  readonly recipient: string
  /** `AGE-SECRET-KEY-PQ-1…` */
  readonly identity: string
}

export type AgeRecipient =
  | { readonly type: 'mlkem768x25519'; readonly publicKey: Uint8Array }
  | { readonly type: 'X25519'; readonly publicKey: Uint8Array }

const HYBRID = { prefix: 'age1pq', bytes: 1216 }
const CLASSICAL = { prefix: 'age', bytes: 32 }
const IDENTITY_PREFIX = 'age-secret-key-pq-'
const IDENTITY_BYTES = 32
/** Bech32 of a hybrid key has 1960 characters. */
const MAX_CHARACTERS = 4096

/** A post-quantum key pair; the gateway's reply key is one. */
export function generateReplyKeyPair(): AgeKeyPair {
  const { publicKey, privateKey } = generateSealingKeyPair()
  const words = bech32.toWords(privateKey)
  return {
    recipient: formatHybridRecipient(publicKey),
    identity: bech32.encode('AGE-SECRET-KEY-PQ-', words, false).toUpperCase(),
  }
}

export function formatHybridRecipient(publicKey: Uint8Array): string {
  return bech32.encode(HYBRID.prefix, bech32.toWords(publicKey), false)
}

/** @throws {EnvelopeError} `bad-recipient` */
export function parseRecipient(text: string): AgeRecipient {
  const { prefix, bytes } = decode(text)
  if (prefix === HYBRID.prefix && bytes.length === HYBRID.bytes)
    return { type: 'mlkem768x25519', publicKey: bytes }
  if (prefix === CLASSICAL.prefix && bytes.length === CLASSICAL.bytes)
    return { type: 'X25519', publicKey: bytes }
  throw new EnvelopeError('bad-recipient', 'neither age1pq1… nor age1…')
}

/**
 * The 32 bytes of a post-quantum identity.
 * @throws {EnvelopeError} `bad-recipient`
 */
export function parseIdentity(text: string): Uint8Array {
  const { prefix, bytes } = decode(text.toLowerCase())
  if (prefix === IDENTITY_PREFIX && bytes.length === IDENTITY_BYTES) return bytes
  throw new EnvelopeError('bad-recipient', 'not AGE-SECRET-KEY-PQ-1…')
}

function decode(text: string): { prefix: string; bytes: Uint8Array } {
  if (text.length > MAX_CHARACTERS) throw new EnvelopeError('bad-recipient', 'too long')
  try {
    const { prefix, words } = bech32.decode(text as `${string}1${string}`, false)
    return { prefix, bytes: bech32.fromWords(words) }
  } catch (cause) {
    throw new EnvelopeError('bad-recipient', 'not Bech32', { cause })
  }
}
