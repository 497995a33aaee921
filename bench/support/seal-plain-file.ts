import { randomBytes } from 'node:crypto'
import { formatAgeStanza, formatHeader } from '../../src/core/envelope/age-header.ts'
import { NONCE_BYTES, StreamSealer } from '../../src/core/envelope/stream.ts'
import { nodeSealingCrypto } from '../../src/server/crypto/node-sealing-crypto.ts'

/** An age file of ours with a file key that is known: what the browser decrypts once it has both shares. */
export function sealPlainFile(mail: Uint8Array, fileKey: Uint8Array): Buffer {
  const crypto = nodeSealingCrypto
  const nonce = randomBytes(NONCE_BYTES)
  const macKey = crypto.hkdfSha256(fileKey, new Uint8Array(0), 'header', 32)
  const stanza = formatAgeStanza({ args: ['bench'], body: new Uint8Array(32) })
  const header = formatHeader([stanza], input => crypto.hmacSha256(macKey, input))
  const key = crypto.hkdfSha256(fileKey, nonce, 'payload', 32)
  const stream = new StreamSealer(crypto.chunkSealer(key))
  const sealed: Uint8Array[] = []
  const keep = (piece: Uint8Array): void => void sealed.push(Uint8Array.from(piece))
  stream.push(mail, keep)
  stream.finish().forEach(keep)
  return Buffer.concat([header, nonce, ...sealed])
}
