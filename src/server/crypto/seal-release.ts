import { CipherSuite } from 'hpke'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8 } from '../../core/envelope/bytes.ts'
import { EnvelopeError } from '../../core/envelope/errors.ts'
import { RELEASE_INFO } from '../../core/envelope/release.ts'
import { nativeDhkemP256 } from './dhkem-p256.ts'
import { nativeAes256Gcm, nativeHkdfSha256 } from './native-primitives.ts'

/** DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM: what every browser's Web Crypto has. protocol.md §4 */
const suite = new CipherSuite(nativeDhkemP256, nativeHkdfSha256, nativeAes256Gcm)

/**
 * Seals the portal's share to the one-time key of the browser that asked.
 * @param browserKey P-256 point, 65 bytes uncompressed.
 * @param stanza the exact text of the stanza that the share belongs to.
 * @throws {EnvelopeError} `bad-recipient` for what is no point of the curve.
 */
export async function sealRelease(
  browserKey: Uint8Array,
  stanza: string,
  share: Uint8Array,
): Promise<{ enc: Uint8Array; ct: Uint8Array }> {
  try {
    const key = await suite.DeserializePublicKey(browserKey)
    const sealed = await suite.Seal(key, share, { info: RELEASE_INFO, aad: sha256(utf8(stanza)) })
    return { enc: sealed.encapsulatedSecret, ct: sealed.ciphertext }
  } catch (cause) {
    throw new EnvelopeError('bad-recipient', 'browser key', { cause })
  }
}
