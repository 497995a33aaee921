import { createHash, randomBytes } from 'node:crypto'
import type { SealingCrypto } from '../../core/envelope/sealing-crypto.ts'
import { chunkSealer, hkdfSha256, hmacSha256 } from './native-primitives.ts'
import { nodeHpke, threadedAgeHpke, threadedHpke } from './node-hpke.ts'
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
  wrapFileKey: (recipient, fileKey) => wrapFileKey(recipient, fileKey),
  writeBase64(bytes, into, at) {
    return viewOf(into).write(viewOf(bytes).toString('base64'), at, 'latin1')
  },
}

/** The same for many mails at once: what costs most is worked out in libuv's threads. */
export const threadedSealingCrypto: SealingCrypto = {
  ...nodeSealingCrypto,
  hpke: threadedHpke,
  wrapFileKey: (recipient, fileKey) => wrapFileKey(recipient, fileKey, threadedAgeHpke),
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
