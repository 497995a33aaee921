import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import * as age from 'age-encryption'
import * as openpgp from 'openpgp'
import { Base64Lines } from '../../src/core/envelope/base64-lines.ts'
import type { WriteBase64 } from '../../src/core/envelope/base64-lines.ts'
import { nodeSealingCrypto } from '../../src/server/crypto/node-sealing-crypto.ts'
import { timed } from './rounds.ts'
import type { Contender } from './rounds.ts'

const chunkBytes = 64 * 1024

const writeBase64: WriteBase64 = (bytes, into, at) => nodeSealingCrypto.writeBase64(bytes, into, at)

/**
 * OpenPGP.js 6: AEAD with GCM; not signed, which favours it. Armored by itself, or binary with our
 * base64 lines, which are faster than its own.
 */
export async function openpgpContender(
  name: string,
  mail: Uint8Array,
  format: 'armored' | 'binary',
): Promise<Contender> {
  const config = {
    aeadProtect: true,
    preferredAEADAlgorithm: openpgp.enums.aead.gcm,
    preferredCompressionAlgorithm: openpgp.enums.compression.uncompressed,
  }
  const { publicKey } = await openpgp.generateKey({
    type: 'curve25519',
    userIDs: [{ email: 'bob@example.org' }],
    format: 'object',
    config: { ...config, v6Keys: true },
  })
  return timed(name, async () => {
    const message = await openpgp.createMessage({ binary: mail })
    if (format === 'armored')
      await openpgp.encrypt({ message, encryptionKeys: publicKey, format, config })
    else base64Lines(await openpgp.encrypt({ message, encryptionKeys: publicKey, format, config }))
    return mail.length
  })
}

/** age-encryption, to a post-quantum recipient where it has one, then base64 as an attachment needs it. */
export async function ageContender(name: string, mail: Uint8Array): Promise<Contender> {
  const recipient = await age.identityToRecipient(await age.generateIdentity())
  return timed(name, async () => {
    const encrypter = new age.Encrypter()
    encrypter.addRecipient(recipient)
    base64Lines(await encrypter.encrypt(mail))
    return mail.length
  })
}

/** The limit: ChaCha20-Poly1305 in 64 KiB chunks, SHA-256 of the result, base64 in lines; and what is to be done besides. */
export function limitContender(
  name: string,
  mail: Uint8Array,
  besides: () => void = () => undefined,
): Contender {
  return timed(name, () => {
    besides()
    const key = randomBytes(32)
    const hash = createHash('sha256')
    const lines = new Base64Lines(writeBase64)
    for (let at = 0, counter = 0; at < mail.length; at += chunkBytes, counter++) {
      const nonce = Buffer.alloc(12)
      nonce.writeUInt32BE(counter, 7)
      const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 })
      const sealed = cipher.update(mail.subarray(at, at + chunkBytes))
      cipher.final()
      const tag = cipher.getAuthTag()
      hash.update(sealed).update(tag)
      lines.push(sealed, keep)
      lines.push(tag, keep)
    }
    keep(lines.finish())
    hash.digest()
    return mail.length
  })
}

/** base64 in lines of 900 characters, the way we write them ourselves. */
function base64Lines(bytes: Uint8Array): void {
  const lines = new Base64Lines(writeBase64)
  lines.push(bytes, keep)
  keep(lines.finish())
}

/** What is written goes to a socket; here it is only counted, so that no work can be left out. */
let writtenBytes = 0
function keep(bytes: Uint8Array): void {
  writtenBytes += bytes.length
}

/** Bytes of base64 lines that were written. */
export const written = (): number => writtenBytes
