import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { keyIdOf } from '../../../src/core/envelope/key-id.ts'
import { generateReplyKeyPair, parseRecipient } from '../../../src/server/crypto/age-keys.ts'
import {
  ed25519Signer,
  ed25519Verifier,
  generateSigningKeyPair,
} from '../../../src/server/crypto/ed25519.ts'

describe('reply key pair', () => {
  it('is one that age-encryption takes: recipient and identity belong together', async () => {
    const { recipient, identity } = generateReplyKeyPair()
    expect(await identityToRecipient(identity)).toBe(recipient)
    expect(recipient).toMatch(/^age1pq1[a-z0-9]{1950,1960}$/)
    const encrypter = new Encrypter()
    encrypter.addRecipient(recipient)
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    expect(await decrypter.decrypt(await encrypter.encrypt('hello'), 'text')).toBe('hello')
  })
})

describe('parseRecipient', () => {
  const { recipient, identity } = generateReplyKeyPair()

  it('reads a post-quantum recipient', () => {
    expect(parseRecipient(recipient)).toMatchObject({ type: 'mlkem768x25519' })
  })

  it.each([
    ['one with a letter changed', recipient.replace(/.$/, last => (last === 'q' ? 'p' : 'q'))],
    ['one with a letter missing', recipient.slice(0, -1)],
    ['an identity', identity],
    ['a tag recipient', 'age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e'],
    ['mixed case', recipient.replace('age1pq1', 'Age1pq1')],
  ])('refuses %s', (_, text) => {
    expect(() => parseRecipient(text)).toThrow('bad-recipient')
  })
})

describe('Ed25519', () => {
  it('signs and verifies as RFC 8032 §7.1, test 2', () => {
    const privateKey = Buffer.from(
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      'hex',
    )
    const publicKey = Buffer.from(
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      'hex',
    )
    const signature = ed25519Signer(privateKey)(Uint8Array.of(0x72))
    expect(Buffer.from(signature).toString('hex')).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    )
    expect(ed25519Verifier(publicKey)(Uint8Array.of(0x72), signature)).toBe(true)
    expect(ed25519Verifier(publicKey)(Uint8Array.of(0x73), signature)).toBe(false)
    expect(ed25519Verifier(publicKey)(Uint8Array.of(0x72), signature.subarray(1))).toBe(false)
  })

  it('takes no key of another length', () => {
    expect(() => ed25519Signer(new Uint8Array(31))).toThrow(/key/i)
    expect(() => ed25519Verifier(new Uint8Array(33))).toThrow(/key/i)
  })

  it('makes 32-byte keys', () => {
    const pair = generateSigningKeyPair()
    expect([pair.publicKey.length, pair.privateKey.length]).toEqual([32, 32])
  })
})

describe('keyIdOf', () => {
  it('is another for another organisation or another key', () => {
    const key = new Uint8Array(32)
    const other = new Uint8Array(32).fill(1)
    const ids = [keyIdOf('a', key), keyIdOf('b', key), keyIdOf('a', other), keyIdOf('ab', key)]
    expect(new Set(ids).size).toBe(4)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/)
  })
})
