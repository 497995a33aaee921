import { randomBytes } from 'node:crypto'
import { CompactEncrypt, SignJWT, UnsecuredJWT } from 'jose'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTokenBox } from '../../../src/server/identity/sealed-token.ts'

const secret = new Uint8Array(32).fill(1)

describe('createTokenBox', () => {
  it('opens what it sealed', async () => {
    const box = createTokenBox(secret, 'session')
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async value => {
        expect(await box.open(await box.seal(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 30 },
    )
  })

  it('shows nothing of what is inside', async () => {
    const token = await createTokenBox(secret, 'session').seal({ address: 'bob@example.net' })
    for (const part of token.split('.'))
      expect(Buffer.from(part, 'base64url').toString('latin1')).not.toContain('bob')
  })

  it('refuses a token of another key or another use', async () => {
    const token = await createTokenBox(secret, 'challenge').seal({ a: 1 })
    expect(await createTokenBox(secret, 'session').open(token)).toBeNull()
    expect(await createTokenBox(new Uint8Array(32), 'challenge').open(token)).toBeNull()
  })

  it('refuses a token with any character changed, or cut off', async () => {
    const box = createTokenBox(secret, 'session')
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
    const box = createTokenBox(secret, 'session')
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
    const box = createTokenBox(secret, 'session')
    const payload = { id: 'x' }
    const encrypted = (header: { alg: string; enc: string }, key: Uint8Array) =>
      new CompactEncrypt(Buffer.from(JSON.stringify(payload)))
        .setProtectedHeader(header)
        .encrypt(key)
    const tokens = [
      new UnsecuredJWT(payload).encode(),
      await new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(secret),
      await encrypted({ alg: 'A256GCMKW', enc: 'A256GCM' }, secret),
      await encrypted({ alg: 'dir', enc: 'A128CBC-HS256' }, secret),
      await encrypted({ alg: 'dir', enc: 'A256GCM' }, secret),
      await encrypted({ alg: 'dir', enc: 'A256GCM' }, randomBytes(32)),
    ]
    for (const token of tokens) expect(await box.open(token)).toBeNull()
  })
})
