import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { AEAD, AEADFactory, KDF, KDFFactory } from 'hpke'

const TAG_BYTES = 16
/** RFC 5869 §2.2: no salt is as many zeros as the hash has bytes. */
const NO_SALT = createSecretKey(new Uint8Array(32))

type CipherName = 'aes-256-gcm' | 'chacha20-poly1305'

/**
 * A key that is used more than once. Handing bytes to node:crypto instead costs 10 to 20 µs a call
 * (it tries whether they are a key object, and throws inside).
 */
function secretKey(bytes: Uint8Array): KeyObject {
  return createSecretKey(bytes)
}

/** Seals chunks under one key: `[ciphertext, tag]`, no associated data. */
export function chunkSealer(
  bytes: Uint8Array,
): (nonce: Uint8Array, plain: Uint8Array) => readonly [Uint8Array, Uint8Array] {
  const key = secretKey(bytes)
  return (nonce, plain) => {
    const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES })
    const body = cipher.update(plain)
    cipher.final()
    return [body, cipher.getAuthTag()]
  }
}

/** Opens such chunks, tag included; what it hands out is memory of its own. Throws when one was altered. */
export function chunkOpener(
  bytes: Uint8Array,
): (nonce: Uint8Array, sealed: Uint8Array) => Uint8Array {
  const key = secretKey(bytes)
  return (nonce, sealed) => {
    const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES))
    decipher.final()
    return plain
  }
}

/** ciphertext ‖ tag */
export function sealAead(
  name: CipherName,
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plain: Uint8Array,
): Uint8Array {
  // The two names need different overloads; with the tag's length given both are the same.
  const cipher = createCipheriv(name as 'aes-256-gcm', secretKey(key), nonce, {
    authTagLength: TAG_BYTES,
  })
  if (aad.length > 0) cipher.setAAD(aad)
  const body = cipher.update(plain)
  cipher.final()
  return Buffer.concat([body, cipher.getAuthTag()])
}

/** @throws Error when it was altered or the key is another one. */
export function openAead(
  name: CipherName,
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Uint8Array {
  if (sealed.length < TAG_BYTES) throw new RangeError('shorter than its tag')
  const decipher = createDecipheriv(name as 'aes-256-gcm', secretKey(key), nonce, {
    authTagLength: TAG_BYTES,
  })
  if (aad.length > 0) decipher.setAAD(aad)
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES))
  decipher.final()
  return plain
}

export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(secretKey(key), data)
}

/** HMAC-SHA-256: 32 bytes. */
export function hmac(key: KeyObject, data: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(data).digest()
}

/** RFC 5869, for at most 255 blocks. */
export function hkdfSha256(
  key: Uint8Array,
  salt: Uint8Array,
  info: string,
  length: number,
): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secretKey(key), salt, info, length))
}

/** RFC 5869 §2.3 */
function expand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const key = secretKey(prk)
  const output = new Uint8Array(length)
  let block: Uint8Array = new Uint8Array(0)
  for (let at = 0, i = 1; at < length; at += block.length, i++) {
    block = createHmac('sha256', key).update(block).update(info).update(Uint8Array.of(i)).digest()
    output.set(block.subarray(0, length - at), at)
  }
  return output
}

/** HKDF-SHA256 for the `hpke` package. */
export const nativeHkdfSha256: KDFFactory = (): KDF => ({
  id: 0x0001,
  type: 'KDF',
  name: 'HKDF-SHA256',
  Nh: 32,
  stages: 2,
  Extract: async (salt, ikm) => hmac(salt.length === 0 ? NO_SALT : secretKey(salt), ikm),
  Expand: async (prk, info, length) => expand(prk, info, length),
  Derive: () => Promise.reject(new TypeError('HKDF is a two-stage KDF')),
})

function aead(id: number, label: string, name: CipherName): AEAD {
  return {
    id,
    type: 'AEAD',
    name: label,
    Nk: 32,
    Nn: 12,
    Nt: TAG_BYTES,
    Seal: async (key, nonce, aad, plain) => sealAead(name, key, nonce, aad, plain),
    Open: async (key, nonce, aad, sealed) => openAead(name, key, nonce, aad, sealed),
  }
}

export const nativeAes256Gcm: AEADFactory = () => aead(0x0002, 'AES-256-GCM', 'aes-256-gcm')

export const nativeChaCha20Poly1305: AEADFactory = () =>
  aead(0x0003, 'ChaCha20Poly1305', 'chacha20-poly1305')
