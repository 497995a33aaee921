import { generateKeyPairSync } from 'node:crypto'
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_P256_HKDF_SHA256 } from 'hpke'
import { describe, expect, it } from 'vitest'
import { sha256 } from '@noble/hashes/sha2.js'
import { RELEASE_INFO, createReleaseReceiver } from '../../../src/core/envelope/release.ts'
import { sealRelease } from '../../../src/server/crypto/seal-release.ts'

const SHARE = Uint8Array.from({ length: 16 }, (_, i) => i)

describe('sealRelease', () => {
  it('is opened by the browser it was sealed to', async () => {
    for (let i = 0; i < 20; i += 1) {
      const receiver = await createReleaseReceiver()
      const sealed = await sealRelease(receiver.publicKey, 'stanza', SHARE)
      expect(await receiver.open(sealed, 'stanza')).toEqual(SHARE)
    }
  })

  it('is RFC 9180: another implementation opens it', async () => {
    const suite = new CipherSuite(KEM_DHKEM_P256_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM)
    const pair = await suite.GenerateKeyPair(false)
    const publicKey = await suite.SerializePublicKey(pair.publicKey)
    const { enc, ct } = await sealRelease(publicKey, 'stanza', SHARE)
    const aad = sha256(new TextEncoder().encode('stanza'))
    expect(await suite.Open(pair.privateKey, enc, ct, { info: RELEASE_INFO, aad })).toEqual(SHARE)
  })

  it('takes nothing but an uncompressed point of the curve', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const point = Uint8Array.from(pair.publicKey.export({ format: 'raw-public' }))
    await expect(sealRelease(point, 's', SHARE)).resolves.toBeDefined()
    const compressed = Uint8Array.of(0x02 | ((point[64] ?? 0) & 1), ...point.subarray(1, 33))
    const beside = Uint8Array.from(point, (byte, i) => (i === 64 ? byte ^ 1 : byte))
    const infinity = Uint8Array.of(0)
    const zeros = Uint8Array.of(4, ...new Uint8Array(64))
    for (const key of [compressed, beside, infinity, zeros, point.subarray(0, 64)])
      await expect(sealRelease(key, 's', SHARE)).rejects.toMatchObject({ code: 'bad-recipient' })
  })
})
