import { createHash, randomBytes } from 'node:crypto'
import type { SealingCrypto } from '../../core/envelope/sealing-crypto.ts'
import { chunkSealer, hkdfSha256, hmacSha256 } from './native-primitives.ts'
import { nodeHpke } from './node-hpke.ts'
import { wrapFileKey } from './wrap-file-key.ts'

/** The native primitives that sealing needs, through node:crypto. */
export const nodeSealingCrypto: SealingCrypto = {
  hpke: nodeHpke,
  randomBytes: length => randomBytes(length),
  hmacSha256,
  hkdfSha256,
  sha256() {
    const hash = createHash('sha256')
    return { update: bytes => void hash.update(bytes), digest: () => hash.digest() }
  },
  chunkSealer,
  wrapFileKey,
  toBase64NoPad(bytes) {
    const digits = Math.ceil((bytes.length * 4) / 3)
    return viewOf(bytes).toString('base64').slice(0, digits)
  },
  writeBase64(bytes, into, at) {
    return viewOf(into).write(viewOf(bytes).toString('base64'), at, 'latin1')
  },
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
