import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Stanza } from '../../core/envelope/age-header.ts'
import { toBase64NoPad } from '../../core/envelope/base64.ts'
import { concat, utf8 } from '../../core/envelope/bytes.ts'
import { EnvelopeError } from '../../core/envelope/errors.ts'
import { parseRecipient } from './age-keys.ts'
import { hkdfSha256, sealAead } from './native-primitives.ts'
import { ageHpke } from './node-hpke.ts'

const NO_BYTES = new Uint8Array(0)
export const HYBRID_INFO: Uint8Array = utf8('age-encryption.org/mlkem768x25519')
const CLASSICAL_INFO = 'age-encryption.org/v1/X25519'

/**
 * Wraps a file key for an age recipient natively; age-encryption and the `age` program open it.
 * @throws {EnvelopeError} `bad-recipient`
 */
export async function wrapFileKey(recipient: string, fileKey: Uint8Array): Promise<Stanza> {
  const { type, publicKey } = parseRecipient(recipient)
  if (type === 'X25519') return wrapClassically(publicKey, fileKey)
  const { enc, ct } = await ageHpke.seal(publicKey, HYBRID_INFO, NO_BYTES, fileKey)
  return { args: ['mlkem768x25519', toBase64NoPad(enc)], body: ct }
}

/** https://age-encryption.org/v1 §The X25519 recipient type */
function wrapClassically(publicKey: Uint8Array, fileKey: Uint8Array): Stanza {
  const ephemeral = generateKeyPairSync('x25519')
  const share: Uint8Array = ephemeral.publicKey.export({ format: 'raw-public' })
  const secret = sharedSecret(ephemeral.privateKey, publicKey)
  const key = hkdfSha256(secret, concat(share, publicKey), CLASSICAL_INFO, 32)
  const body = sealAead('chacha20-poly1305', key, new Uint8Array(12), NO_BYTES, fileKey)
  return { args: ['X25519', toBase64NoPad(share)], body }
}

/** A point of low order gives no secret. */
function sharedSecret(privateKey: KeyObject, publicKey: Uint8Array): Uint8Array {
  try {
    const peer = createPublicKey({
      key: Buffer.from(publicKey),
      format: 'raw-public',
      asymmetricKeyType: 'x25519',
    })
    return diffieHellman({ privateKey, publicKey: peer })
  } catch (cause) {
    throw new EnvelopeError('bad-recipient', 'low order', { cause })
  }
}
