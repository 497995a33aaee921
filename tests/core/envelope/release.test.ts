import * as fc from 'fast-check'
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_P256_HKDF_SHA256 } from 'hpke'
import { describe, expect, it } from 'vitest'
import { sha256 } from '@noble/hashes/sha2.js'
import { createReleaseReceiver } from '../../../src/core/envelope/release.ts'
import { sealRelease } from '../../../src/server/crypto/seal-release.ts'

const stanza = '-> zegel.v1 AAAAAAAAAAAAAAAAAAAAAA\nAAAA\n'
const share = Uint8Array.from({ length: 16 }, (_, i) => i)
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('release', () => {
  it('reaches the browser that asked', async () => {
    const receiver = await createReleaseReceiver()
    expect(receiver.publicKey).toHaveLength(65)
    const sealed = await sealRelease(receiver.publicKey, stanza, share)
    expect(sealed.enc).toHaveLength(65)
    expect(sealed.ct).toHaveLength(32)
    expect(await receiver.open(sealed, stanza)).toEqual(share)
  })

  it('is HPKE as the hpke package makes it with Web Crypto alone', async () => {
    const suite = new CipherSuite(KEM_DHKEM_P256_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM)
    const options = { info: utf8('zegel.v1 release'), aad: sha256(utf8(stanza)) }
    const receiver = await createReleaseReceiver()
    const key = await suite.DeserializePublicKey(receiver.publicKey)
    const sealed = await suite.Seal(key, share, options)
    const mapped = { enc: sealed.encapsulatedSecret, ct: sealed.ciphertext }
    expect(await receiver.open(mapped, stanza)).toEqual(share)
    const pair = await suite.GenerateKeyPair(true)
    const ours = await sealRelease(await suite.SerializePublicKey(pair.publicKey), stanza, share)
    expect(await suite.Open(pair.privateKey, ours.enc, ours.ct, options)).toEqual(share)
  })

  it('opens for no other stanza, no other browser, and not when altered', async () => {
    const receiver = await createReleaseReceiver()
    const sealed = await sealRelease(receiver.publicKey, stanza, share)
    await expect(receiver.open(sealed, `${stanza}x`)).rejects.toThrow('cannot-unwrap')
    await expect((await createReleaseReceiver()).open(sealed, stanza)).rejects.toThrow(
      'cannot-unwrap',
    )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 97 * 8 - 1 }), async bit => {
        const both = Buffer.concat([sealed.enc, sealed.ct])
        both[bit >> 3] = (both[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const altered = { enc: both.subarray(0, 65), ct: both.subarray(65) }
        await expect(receiver.open(altered, stanza)).rejects.toThrow('cannot-unwrap')
      }),
    )
  })

  it.each([0, 1, 33, 64, 65, 66])('refuses a browser key of %i zeros', async length => {
    await expect(sealRelease(new Uint8Array(length), stanza, share)).rejects.toThrow(
      'bad-recipient',
    )
  })

  it('refuses a point that is not on the curve', async () => {
    const { publicKey } = await createReleaseReceiver()
    const moved = Uint8Array.from(publicKey)
    moved[64] = (moved[64] ?? 0) ^ 1
    await expect(sealRelease(moved, stanza, share)).rejects.toThrow('bad-recipient')
  })
})
