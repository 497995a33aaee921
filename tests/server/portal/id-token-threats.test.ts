import { createHmac } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import type { SessionView } from '../../../src/core/api/messages.ts'
import { BOB, sealHere } from '../keys/installation.ts'
import { isSignedIn, liars, tryLiar, CLIENT_SECRET } from './support/liars.ts'
import type { Claims, LyingProvider } from './support/lying-provider.ts'
import { codeIn } from './support/passcode-sink.ts'
import { askPasscode } from './support/sign-in.ts'
import { visitor } from './support/visitor.ts'

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const unsigned = (header: object) => (claims: Claims) => `${part(header)}.${part(claims)}.`
const withHmac =
  (key: string, header: object = {}) =>
  (claims: Claims) => {
    const text = `${part({ alg: 'HS256', ...header })}.${part(claims)}`
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
  }

describe('threat: alg none and key confusion in ID tokens', () => {
  it.each(['none', 'None', 'NONE', '', 'nOnE'])('alg %s', async alg => {
    const test = await liars()
    test.liar.lies.token = unsigned({ alg, kid: 'k1' })
    expect(await tryLiar(test, visitor(test.portal))).toBe('failed')
  })

  it('an HMAC under the public key, under the client secret, under nothing', async () => {
    const test = await liars()
    for (const key of [test.liar.publicKeyPem, test.liar.publicKeyPem.trim(), CLIENT_SECRET, '']) {
      test.liar.lies.token = withHmac(key, { kid: 'k1' })
      expect(await tryLiar(test, visitor(test.portal))).toBe('failed')
    }
  })

  it("a token that brings its own key, or another's", async () => {
    const test = await liars()
    const foreign = await generateKeyPair('RS256', { extractable: true })
    const jwk = await exportJWK(foreign.publicKey)
    for (const header of [
      { kid: 'k1', jwk },
      { kid: 'k2', jwk },
      { jku: `${test.other.issuer}/jwks` },
    ]) {
      test.liar.lies.token = claims =>
        new SignJWT({ ...claims })
          .setProtectedHeader({ alg: 'RS256', ...header })
          .sign(foreign.privateKey)
      expect(await tryLiar(test, visitor(test.portal))).toBe('failed')
    }
    test.liar.lies.token = claims => test.other.sign(claims)
    expect(await tryLiar(test, visitor(test.portal))).toBe('failed')
  })

  it('a signature over something else, and none', async () => {
    const test = await liars()
    test.liar.lies.token = async claims => {
      const [header, , signature] = (
        await test.liar.sign({ ...claims, email: 'x@example.net' })
      ).split('.')
      return `${header}.${part(claims)}.${signature}`
    }
    expect(await tryLiar(test, visitor(test.portal))).toBe('failed')
    test.liar.lies.token = async claims =>
      (await test.liar.sign(claims)).split('.').slice(0, 2).join('.')
    expect(await tryLiar(test, visitor(test.portal))).toBe('failed')
  })

  it.each([
    { aud: 'another' },
    { aud: ['zegel', 'another'], azp: 'another' },
    { aud: undefined },
    { iss: 'https://evil.example' },
    { iss: undefined },
    { exp: 1_000_000 },
    { exp: undefined },
    { nbf: 9_999_999_999 },
    { sub: undefined },
    { sub: '' },
  ])('claims that are not for us or not of now: %o', async claims => {
    const test = await liars()
    test.liar.lies.claims = claims
    const bob = visitor(test.portal)
    expect(['failed', 'account-refused']).toContain(await tryLiar(test, bob))
    expect(await isSignedIn(bob)).toBe(false)
  })
})

describe('threat: a provider that wastes memory or leads elsewhere', () => {
  it.each([
    [
      'an endless answer',
      (liar: LyingProvider) => {
        liar.lies.answer = response => {
          response.writeHead(200, { 'content-type': 'application/json' })
          response.end(Buffer.alloc(2 * 1024 * 1024, 32))
        }
      },
      'failed',
    ],
    [
      'a redirect',
      (liar: LyingProvider) => {
        liar.lies.answer = response =>
          response.writeHead(307, { location: `${liar.issuer}/jwks` }).end()
      },
      'failed',
    ],
    [
      'no JSON',
      (liar: LyingProvider) => {
        liar.lies.answer = response =>
          response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')
      },
      'failed',
    ],
    [
      'an error of its own',
      (liar: LyingProvider) => {
        liar.lies.answer = response => response.writeHead(503).end()
      },
      'provider-down',
    ],
    [
      'a line that breaks',
      (liar: LyingProvider) => {
        liar.lies.answer = response => response.destroy()
      },
      'provider-down',
    ],
  ] as const)('%s', async (_, lie, result) => {
    const test = await liars()
    lie(test.liar)
    const bob = visitor(test.portal)
    expect(await tryLiar(test, bob)).toBe(result)
    expect(await isSignedIn(bob)).toBe(false)
  })
})

describe('threat: an account that somebody else left behind at this computer', () => {
  it('has a name before it is associated, whichever claim the provider has for it', async () => {
    const test = await liars()
    for (const claims of [
      { email: undefined, preferred_username: 'eve@work.example' },
      { email: undefined, name: 'Eve' },
    ]) {
      test.liar.lies.claims = claims
      const bob = visitor(test.portal)
      await tryLiar(test, bob)
      const { account } = (await (await bob.ask('/api/session')).json()) as SessionView
      expect(account).toMatchObject({
        label: claims.preferred_username ?? claims.name,
        vouched: false,
      })
    }
  })
})

describe('what is kept of an account', () => {
  it('is no token, no code, no secret, no name and no address, in the database, its files or the log', async () => {
    const test = await liars()
    const message = await sealHere(test.here)
    test.liar.lies.claims = { sub: 'SUBJECT-CANARY', email: 'linked-canary@example.net' }
    const bob = visitor(test.portal)
    await tryLiar(test, bob)
    const { challenge } = await askPasscode(bob, message.stanza)
    const code = codeIn(await test.sink.next(BOB))
    const { account } = (await (await bob.ask('/api/session')).json()) as SessionView
    expect(account?.label).toBe('linked-canary@example.net')
    const json = { challenge, code, privateComputer: false, associate: account?.id }
    expect((await bob.ask('/api/passcodes/verify', { json })).status).toBe(200)
    expect((await (await bob.ask('/api/associations')).text()).includes('"id"')).toBe(true)
    test.liar.lies.token = () => 'TOKEN-CANARY'
    await tryLiar(test, visitor(test.portal))
    await test.sink.next(BOB)
    const files = await readdir(test.here.folder)
    const bytes = await Promise.all(files.map(name => readFile(join(test.here.folder, name))))
    const kept = Buffer.concat([...bytes, Buffer.from(test.logged.join(''))]).toString('latin1')
    expect(kept.length).toBeGreaterThan(10_000)
    const canaries = [
      'SUBJECT-CANARY',
      'linked-canary',
      'ACCESS-CANARY',
      'CODE-CANARY',
      'TOKEN-CANARY',
      CLIENT_SECRET,
      BOB,
      test.liar.issuer,
    ]
    for (const canary of canaries)
      for (const text of [
        canary,
        Buffer.from(canary).toString('base64'),
        Buffer.from(canary).toString('hex'),
      ])
        expect(`${canary} ${kept.includes(text)}`).toBe(`${canary} false`)
  })
})
