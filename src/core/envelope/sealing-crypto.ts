import type { Stanza } from './age-header.ts'
import type { Hpke } from './hpke.ts'
import type { SealChunk } from './stream.ts'

/** The primitives that sealing needs; the server brings native ones (`src/server/crypto`). */
export interface SealingCrypto {
  readonly hpke: Hpke
  randomBytes(length: number): Uint8Array
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array
  hkdfSha256(key: Uint8Array, salt: Uint8Array, info: string, length: number): Uint8Array
  sha256(): IncrementalHash
  /** ChaCha20-Poly1305 without associated data under one key. */
  chunkSealer(key: Uint8Array): SealChunk
  /**
   * Wraps a file key for an age recipient, `age1pq1…` or `age1…`.
   * @throws {EnvelopeError} `bad-recipient`
   */
  wrapFileKey(recipient: string, fileKey: Uint8Array): Promise<Stanza>
  /** Base64 without padding. */
  toBase64NoPad(bytes: Uint8Array): string
  /** Writes padded base64 as ASCII to `into` from `at` on; returns how many bytes that took. */
  writeBase64(bytes: Uint8Array, into: Uint8Array, at: number): number
}

export interface IncrementalHash {
  update(bytes: Uint8Array): void
  digest(): Uint8Array
}
