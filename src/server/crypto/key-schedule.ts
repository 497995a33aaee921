import { createSecretKey, hkdfSync } from 'node:crypto'
import { I2OSP, concat, encode } from 'hpke'
import { hmac } from './native-primitives.ts'

/** RFC 9180 §7.2: HKDF-SHA256. */
const KDF_ID = 0x0001
const BASE_MODE = I2OSP(0, 1)
const NO_SALT = createSecretKey(new Uint8Array(32))
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
 * that is the same for all messages is worked out once; extract and expand are one native call.
 */
export function keySchedule(
  kemId: number,
  aeadId: number,
): (sharedSecret: Uint8Array, info: Uint8Array) => MessageKey {
  const suiteId = concat(encode('HPKE'), I2OSP(kemId, 2), I2OSP(KDF_ID, 2), I2OSP(aeadId, 2))
  const labeled = (label: string): Uint8Array => concat(encode('HPKE-v1'), suiteId, encode(label))
  // No pre-shared key: the label is all that LabeledExtract takes besides the shared secret.
  const secretLabel = createSecretKey(labeled('secret'))
  const infosOf = derivationInfos(labeled)
  return (sharedSecret, info) => {
    const { ofKey, ofNonce } = infosOf(info)
    const derive = (derivation: Uint8Array, bytes: number): Uint8Array =>
      new Uint8Array(hkdfSync('sha256', secretLabel, sharedSecret, derivation, bytes))
    return { key: derive(ofKey, KEY_BYTES), nonce: derive(ofNonce, NONCE_BYTES) }
  }
}

interface DerivationInfos {
  readonly ofKey: Uint8Array
  readonly ofNonce: Uint8Array
}

/** What LabeledExpand takes for the key and for the nonce; remembered by the very array of `info`, a constant. */
function derivationInfos(
  labeled: (label: string) => Uint8Array,
): (info: Uint8Array) => DerivationInfos {
  const noPskId = hmac(NO_SALT, labeled('psk_id_hash'))
  const infoLabel = labeled('info_hash')
  const keyLabel = concat(I2OSP(KEY_BYTES, 2), labeled('key'))
  const nonceLabel = concat(I2OSP(NONCE_BYTES, 2), labeled('base_nonce'))
  const known = new WeakMap<Uint8Array, DerivationInfos>()
  return info => {
    const remembered = known.get(info)
    if (remembered !== undefined) return remembered
    const context = concat(BASE_MODE, noPskId, hmac(NO_SALT, concat(infoLabel, info)))
    const infos = { ofKey: concat(keyLabel, context), ofNonce: concat(nonceLabel, context) }
    known.set(info, infos)
    return infos
  }
}
