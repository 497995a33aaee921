import { CipherSuite } from 'hpke'
import type { AEADFactory } from 'hpke'
import { EnvelopeError } from '../../core/envelope/errors.ts'
import type { Hpke } from '../../core/envelope/hpke.ts'
import { KeyCache } from './key-cache.ts'
import { keySchedule } from './key-schedule.ts'
import { PrivateKeyCache } from './private-key-cache.ts'
import { nativeMlkem768X25519 } from './mlkem768-x25519.ts'
import { nativeAes256Gcm, nativeChaCha20Poly1305, nativeHkdfSha256 } from './native-primitives.ts'

/** MLKEM768-X25519 (0x647a), HKDF-SHA256, AES-256-GCM: the portal's stanza. envelope.md §2 */
export const nodeHpke: Hpke = hpkeOf(nativeAes256Gcm)

/** The same KEM with ChaCha20-Poly1305: age's mlkem768x25519 recipients. https://age-encryption.org/v1 */
export const ageHpke: Hpke = hpkeOf(nativeChaCha20Poly1305)

function hpkeOf(aead: AEADFactory): Hpke {
  const suite = new CipherSuite(nativeMlkem768X25519, nativeHkdfSha256, aead)
  const kem = nativeMlkem768X25519()
  const cipher = aead()
  const messageKey = keySchedule(kem.id, cipher.id)
  const publicKeys = new KeyCache(bytes => suite.DeserializePublicKey(bytes))
  const privateKeys = new PrivateKeyCache(bytes => suite.DeserializePrivateKey(bytes, false))
  return {
    encBytes: suite.KEM.Nenc,
    async seal(publicKey, info, aad, plaintext) {
      const key = await publicKeys.get(publicKey).catch(badKey)
      const { shared_secret, enc } = await kem.Encap(key).catch(badKey)
      const { key: sealingKey, nonce } = messageKey(shared_secret, info)
      return { enc, ct: await cipher.Seal(sealingKey, nonce, aad, plaintext) }
    },
    async open(privateKey, enc, info, aad, ct) {
      const key = await privateKeys.get(privateKey).catch(cannotUnwrap)
      return suite.Open(key, enc, ct, { aad, info }).catch(cannotUnwrap)
    },
  }
}

function badKey(cause: unknown): never {
  throw new EnvelopeError('bad-recipient', 'public key', { cause })
}

function cannotUnwrap(cause: unknown): never {
  throw new EnvelopeError('cannot-unwrap', undefined, { cause })
}
