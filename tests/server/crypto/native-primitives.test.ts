import { createHmac, randomBytes } from 'node:crypto'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chunkSealer,
  hkdfSha256,
  hmacSha256,
  nativeHkdfSha256,
  openAead,
  sealAead,
} from '../../../src/server/crypto/native-primitives.ts'
import { nodeSealingCrypto } from '../../../src/server/crypto/node-sealing-crypto.ts'
import { toBase64NoPad } from '../../../src/core/envelope/base64.ts'
import { utf8 } from '../../../src/core/envelope/bytes.ts'

const bytes = fc.uint8Array({ maxLength: 200 })

describe('native primitives', () => {
  it('HMAC is that of node:crypto, HKDF that of another implementation', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 100 }),
        bytes,
        fc.string(),
        fc.integer({ min: 1, max: 200 }),
        (key, salt, info, length) => {
          expect(Buffer.from(hmacSha256(key, salt))).toEqual(
            createHmac('sha256', key).update(salt).digest(),
          )
          expect(Buffer.from(hkdfSha256(key, salt, info, length))).toEqual(
            Buffer.from(hkdf(sha256, key, salt, utf8(info), length)),
          )
        },
      ),
    )
  })

  it('HKDF is that of RFC 5869, test case 1', async () => {
    const kdf = nativeHkdfSha256()
    const prk = await kdf.Extract(
      Buffer.from('000102030405060708090a0b0c', 'hex'),
      Buffer.alloc(22, 0x0b),
    )
    const okm = await kdf.Expand(prk, Buffer.from('f0f1f2f3f4f5f6f7f8f9', 'hex'), 42)
    expect(Buffer.from(okm).toString('hex')).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    )
  })

  it('seals chunks as another implementation does', () => {
    const key = new Uint8Array(randomBytes(32))
    fc.assert(
      fc.property(bytes, fc.uint8Array({ minLength: 12, maxLength: 12 }), (plain, nonce) => {
        const sealed = Buffer.from(chacha20poly1305(key, nonce).encrypt(plain))
        expect(Buffer.concat([...chunkSealer(key)(nonce, plain)])).toEqual(sealed)
        expect(
          Buffer.from(sealAead('chacha20-poly1305', key, nonce, new Uint8Array(0), plain)),
        ).toEqual(sealed)
      }),
    )
  })

  it.each(['aes-256-gcm', 'chacha20-poly1305'] as const)(
    '%s gives nothing out that was altered',
    name => {
      const [key, nonce, aad] = [randomBytes(32), randomBytes(12), randomBytes(5)]
      const sealed = sealAead(name, key, nonce, aad, Buffer.from('hello'))
      expect(Buffer.from(openAead(name, key, nonce, aad, sealed)).toString()).toBe('hello')
      for (let bit = 0; bit < sealed.length * 8; bit++) {
        const altered = Uint8Array.from(sealed)
        altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(() => openAead(name, key, nonce, aad, altered)).toThrow(/authenticate/)
      }
      for (let length = 0; length < sealed.length; length++)
        expect(() => openAead(name, key, nonce, aad, sealed.subarray(0, length))).toThrow(
          /authenticate|shorter/,
        )
    },
  )

  it('writes base64 without padding as the envelope writes it', () => {
    fc.assert(
      fc.property(bytes, data => {
        expect(nodeSealingCrypto.toBase64NoPad(data)).toBe(toBase64NoPad(data))
      }),
    )
  })

  it('writes base64 in place and nothing beside it', () => {
    fc.assert(
      fc.property(bytes, fc.nat(20), (data, at) => {
        const text = Buffer.from(data).toString('base64')
        const into = new Uint8Array(at + text.length + 3).fill(1)
        expect(nodeSealingCrypto.writeBase64(data, into, at)).toBe(text.length)
        expect(Buffer.from(into).toString('latin1')).toBe(
          `${'\u0001'.repeat(at)}${text}\u0001\u0001\u0001`,
        )
      }),
    )
  })
})
