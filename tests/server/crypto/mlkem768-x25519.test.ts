import { randomBytes } from 'node:crypto'
import { MLKEM768X25519 } from '@noble/post-quantum/hybrid.js'
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_MLKEM768_X25519 } from 'hpke'
import { describe, expect, it } from 'vitest'
import { EnvelopeError } from '../../../src/core/envelope/errors.ts'
import {
  generateSealingKeyPair,
  nativeMlkem768X25519,
} from '../../../src/server/crypto/mlkem768-x25519.ts'
import { nativeAes256Gcm, nativeHkdfSha256 } from '../../../src/server/crypto/native-primitives.ts'
import { nodeHpke } from '../../../src/server/crypto/node-hpke.ts'

const web = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_AES_256_GCM)
const native = new CipherSuite(nativeMlkem768X25519, nativeHkdfSha256, nativeAes256Gcm)
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const info = utf8('info')
const aad = utf8('aad')
const plaintext = utf8('plaintext')
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('native MLKEM768-X25519', () => {
  it('derives the key pair that the Web Crypto one derives', async () => {
    for (let i = 0; i < 5; i++) {
      const ikm = new Uint8Array(randomBytes(32))
      const [a, b] = await Promise.all(
        [web, native].map(async suite => {
          const pair = await suite.DeriveKeyPair(ikm, true)
          return [
            hex(await suite.SerializePublicKey(pair.publicKey)),
            hex(await suite.SerializePrivateKey(pair.privateKey)),
          ]
        }),
      )
      expect(b).toEqual(a)
    }
  })

  it('opens what the Web Crypto one sealed, and the other way round', async () => {
    for (let i = 0; i < 5; i++) {
      const { publicKey, privateKey } = generateSealingKeyPair()
      const sealedByWeb = await web.Seal(await web.DeserializePublicKey(publicKey), plaintext, {
        info,
        aad,
      })
      expect(
        await nodeHpke.open(
          privateKey,
          sealedByWeb.encapsulatedSecret,
          info,
          aad,
          sealedByWeb.ciphertext,
        ),
      ).toEqual(Buffer.from(plaintext))
      const sealed = await nodeHpke.seal(publicKey, info, aad, plaintext)
      const key = await web.DeserializePrivateKey(privateKey, false)
      expect(await web.Open(key, sealed.enc, sealed.ct, { info, aad })).toEqual(plaintext)
    }
  })

  it('agrees with a third implementation on keys and secrets', async () => {
    const seed = new Uint8Array(randomBytes(32))
    const kem = nativeMlkem768X25519()
    const privateKey = await kem.DeserializePrivateKey(seed, true)
    const publicKey = await kem.DeserializePublicKey(MLKEM768X25519.getPublicKey(seed))
    const { cipherText, sharedSecret } = MLKEM768X25519.encapsulate(
      MLKEM768X25519.getPublicKey(seed),
    )
    expect(hex(await kem.Decap(cipherText, privateKey, undefined))).toBe(hex(sharedSecret))
    const { enc, shared_secret } = await kem.Encap(publicKey)
    expect(hex(MLKEM768X25519.decapsulate(enc, seed))).toBe(hex(shared_secret))
  })

  it('has the lengths of the draft', () => {
    expect(native.KEM).toMatchObject({ id: 0x647a, Nsecret: 32, Nenc: 1120, Npk: 1216, Nsk: 32 })
    const { publicKey, privateKey } = generateSealingKeyPair()
    expect([publicKey.length, privateKey.length]).toEqual([1216, 32])
  })

  it('makes another key pair and another encapsulation every time', async () => {
    const pair = generateSealingKeyPair()
    expect(hex(generateSealingKeyPair().privateKey)).not.toBe(hex(pair.privateKey))
    const [a, b] = await Promise.all(
      [1, 2].map(() => nodeHpke.seal(pair.publicKey, info, aad, plaintext)),
    )
    expect(hex(a?.enc ?? new Uint8Array(0))).not.toBe(hex(b?.enc ?? new Uint8Array(0)))
  })
})

describe('nodeHpke', () => {
  const pair = generateSealingKeyPair()

  it('refuses another info, aad, key, encapsulation or ciphertext', async () => {
    const { enc, ct } = await nodeHpke.seal(pair.publicKey, info, aad, plaintext)
    const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
      const copy = Uint8Array.from(bytes)
      copy[at] = (copy[at] ?? 0) ^ 1
      return copy
    }
    const refused: readonly Parameters<typeof nodeHpke.open>[] = [
      [pair.privateKey, enc, aad, aad, ct],
      [pair.privateKey, enc, info, info, ct],
      [generateSealingKeyPair().privateKey, enc, info, aad, ct],
      [pair.privateKey, flipped(enc, 0), info, aad, ct],
      [pair.privateKey, flipped(enc, 1100), info, aad, ct],
      [pair.privateKey, enc, info, aad, flipped(ct, 0)],
      [pair.privateKey, enc, info, aad, ct.subarray(1)],
      [pair.privateKey, enc.subarray(1), info, aad, ct],
      [pair.privateKey, enc, info, aad, new Uint8Array(0)],
      [pair.privateKey.subarray(1), enc, info, aad, ct],
      [pair.privateKey, new Uint8Array(1120), info, aad, ct],
    ]
    for (const args of refused)
      await expect(nodeHpke.open(...args)).rejects.toThrow('cannot-unwrap')
    expect(Buffer.from(await nodeHpke.open(pair.privateKey, enc, info, aad, ct))).toEqual(
      Buffer.from(plaintext),
    )
  })

  it.each([
    ['short', new Uint8Array(1215)],
    ['long', new Uint8Array(1217)],
    ['a lattice point out of range', new Uint8Array(1216).fill(255)],
  ])('refuses a public key that is %s', async (_, key) => {
    await expect(nodeHpke.seal(key, info, aad, plaintext)).rejects.toThrow(EnvelopeError)
  })

  it('refuses a public key whose X25519 half has low order', async () => {
    const key = Uint8Array.from(pair.publicKey)
    key.fill(0, 1184)
    await expect(nodeHpke.seal(key, info, aad, plaintext)).rejects.toThrow(EnvelopeError)
  })
})
