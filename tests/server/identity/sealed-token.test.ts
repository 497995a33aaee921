import { randomBytes } from 'node:crypto'
import { CompactEncrypt, SignJWT, UnsecuredJWT } from 'jose'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTokenBox } from '../../../src/server/identity/sealed-token.ts'
import { fixedRing } from '../../support/fixed-ring.ts'

const secret = new Uint8Array(32).fill(1)
const ring = fixedRing(secret)

describe('createTokenBox', () => {
  it('opens what it sealed', async () => {
    const box = createTokenBox(ring, 'session')
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async value => {
        expect(await box.open(await box.seal(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 30 },
    )
  })

  it('shows nothing of what is inside', async () => {
    const token = await createTokenBox(ring, 'session').seal({ address: 'bob@example.net' })
    for (const part of token.split('.'))
      expect(Buffer.from(part, 'base64url').toString('latin1')).not.toContain('bob')
  })

  it('refuses a token of another key or another use', async () => {
    const token = await createTokenBox(ring, 'challenge').seal({ a: 1 })
    expect(await createTokenBox(ring, 'session').open(token)).toBeNull()
    expect(await createTokenBox(fixedRing(new Uint8Array(32)), 'challenge').open(token)).toBeNull()
  })

  it('opens what an older secret sealed, and nothing once that one is gone', async () => {
    const renewed = fixedRing(new Uint8Array(32).fill(2), secret)
    const old = await createTokenBox(ring, 'session').seal({ a: 1 })
    const box = createTokenBox(renewed, 'session')
    const token = await box.seal({ a: 2 })
    expect(await box.open(old)).toEqual({ a: 1 })
    renewed.keys.pop()
    expect(await box.open(old)).toBeNull()
    expect(await box.open(token)).toEqual({ a: 2 })
  })

  it('refuses a token that names another of the secrets, or none', async () => {
    const other = new Uint8Array(32).fill(2)
    const both = fixedRing(other, secret)
    const token = await createTokenBox(ring, 'session').seal({ a: 1 })
    const [, ...rest] = token.split('.')
    const header = (kid: object) => ({ alg: 'dir', enc: 'A256GCM', typ: 'session', ...kid })
    for (const kid of [{ kid: both.keys[0]?.id }, {}, { kid: 7 }]) {
      const forged = Buffer.from(JSON.stringify(header(kid))).toString('base64url')
      const box = createTokenBox(both, 'session')
      expect(await box.open([forged, ...rest].join('.'))).toBeNull()
    }
  })

  it('refuses a token with any character changed, or cut off', async () => {
    const box = createTokenBox(ring, 'session')
    const token = await box.seal({ a: 1 })
    for (let at = 0; at < token.length; at += 1) {
      const other = token.charAt(at) === 'A' ? 'Q' : 'A'
      const changed = `${token.slice(0, at)}${other}${token.slice(at + 1)}`
      const isSame = decode(changed) === decode(token)
      expect(isSame || (await box.open(changed)) === null).toBe(true)
      expect(await box.open(token.slice(0, at))).toBeNull()
    }
  })

  it('takes any text for an answer, never for an exception', async () => {
    const box = createTokenBox(ring, 'session')
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async text => {
        expect(await box.open(text)).toBeNull()
      }),
    )
    expect(await box.open('a'.repeat(100_000))).toBeNull()
  })
})

/** The bytes of a token's parts: the last characters of a part may hold bits that mean nothing. */
function decode(token: string): string {
  return token
    .split('.')
    .map(part => Buffer.from(part, 'base64url').toString('hex'))
    .join('.')
}

describe('threat: `none` algorithm, key confusion', () => {
  it('refuses unsecured, signed, compressed and otherwise encrypted tokens', async () => {
    const box = createTokenBox(ring, 'session')
    const payload = { id: 'x' }
    const kid = (await ring.current()).id
    const encrypted = (header: { alg: string; enc: string }, key: Uint8Array) =>
      new CompactEncrypt(Buffer.from(JSON.stringify(payload)))
        .setProtectedHeader({ ...header, kid })
        .encrypt(key)
    const tokens = [
      new UnsecuredJWT(payload).encode(),
      await new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid }).sign(secret),
      await encrypted({ alg: 'A256GCMKW', enc: 'A256GCM' }, secret),
      await encrypted({ alg: 'dir', enc: 'A128CBC-HS256' }, secret),
      await encrypted({ alg: 'dir', enc: 'A256GCM' }, secret),
      await encrypted({ alg: 'dir', enc: 'A256GCM' }, randomBytes(32)),
    ]
    for (const token of tokens) expect(await box.open(token)).toBeNull()
  })
})
