import { describe, expect, it } from 'vitest'
import type { SessionView } from '../../../src/core/api/messages.ts'
import type { PasskeyCreation, PasskeyQuestion } from '../../../src/core/api/passkeys.ts'
import { softwareAuthenticator } from '../../support/software-authenticator.ts'
import type { SoftwareAuthenticator } from '../../support/software-authenticator.ts'
import { BOB, sealHere } from '../keys/installation.ts'
import type { SealedMessage } from '../keys/installation.ts'
import {
  accountPortal,
  comeBack,
  signInWithAccount,
  startSignIn,
} from './support/account-portal.ts'
import { callback, liarNeeds } from './support/liars.ts'
import { lyingProvider } from './support/lying-provider.ts'
import { codeIn } from './support/passcode-sink.ts'
import { askPasscode, signIn } from './support/sign-in.ts'
import { testPortal } from './support/test-portal.ts'
import { ORIGIN, visitor } from './support/visitor.ts'
import type { Visitor } from './support/visitor.ts'

type Door = Parameters<typeof visitor>[0]

/** The same browser before a portal that was started anew with another configuration. */
function sameBrowser(who: Visitor, portal: Door): Visitor {
  const same = visitor(portal)
  for (const [name, value] of who.cookies) same.cookies.set(name, value)
  return same
}

const session = async (who: Visitor): Promise<SessionView | null> => {
  const response = await who.ask('/api/session')
  return response.status === 200 ? ((await response.json()) as SessionView) : null
}

const proven = async (who: Visitor) => (await session(who))?.addresses ?? []

async function release(who: Visitor, { stanza }: SealedMessage): Promise<number | string> {
  const json = { stanza, browserKey: `B${'A'.repeat(86)}=` }
  const response = await who.ask('/api/release', { json })
  const body = (await response.json()) as { code?: string }
  // A key that is none comes after the question who may read.
  return body.code === 'bad-envelope' ? 'released' : (body.code ?? 'released')
}

async function makePasskey(who: Visitor): Promise<SoftwareAuthenticator> {
  const begun = await who.ask('/api/passkeys/register/options', { json: { address: BOB } })
  const device = softwareAuthenticator(ORIGIN)
  const json = device.make((await begun.json()) as PasskeyCreation)
  expect((await who.ask('/api/passkeys/register/verify', { json })).status).toBe(201)
  return device
}

async function usePasskey(
  portal: Door,
  device: SoftwareAuthenticator,
  { stanza }: SealedMessage,
): Promise<Visitor> {
  const who = visitor(portal)
  const asked = await who.ask('/api/passkeys/authenticate/options', { json: {} })
  const json = device.answer((await asked.json()) as PasskeyQuestion, stanza)
  await who.ask('/api/passkeys/authenticate/verify', { json })
  return who
}

/** Bob, signed in at a provider that is trusted for his domain, with a passkey made under it. */
async function bobByAccount() {
  const liar = await lyingProvider()
  const settings = liar.settings('liar', { mfa: { acr: [], amr: ['mfa'] } })
  const test = await testPortal({ portal: { providers: [settings] }, needs: liarNeeds })
  const message = await sealHere(test.here)
  const bob = visitor(test.portal)
  liar.lies.claims = { amr: ['pwd', 'mfa'] }
  const location = await startSignIn(bob, { provider: 'liar' })
  expect((await comeBack(bob, callback(liar, location))).result).toBe('proven')
  return { liar, settings, test, message, bob, device: await makePasskey(bob) }
}

describe('threat: a removed passkey', () => {
  it('ends what it signed in, on every node at once', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    await signIn(test, bob, message.stanza, BOB)
    const stolen = await makePasskey(bob)
    const second = await test.anotherNode()
    const thieves = [
      await usePasskey(test.portal, stolen, message),
      await usePasskey(second, stolen, message),
    ]
    for (const thief of thieves) expect(await release(thief, message)).toBe('released')
    const listed = (await (await bob.ask('/api/passkeys')).json()) as { passkeys: { id: string }[] }
    const json = { id: listed.passkeys[0]?.id }
    expect((await bob.ask('/api/passkeys', { method: 'DELETE', json })).status).toBe(204)
    for (const thief of thieves) expect(await release(thief, message)).toBe('sign-in-required')
    expect(await proven(bob)).toEqual([BOB])
  })
})

describe('threat: trust in a provider falls', () => {
  const fallen = (settings: object) => ({
    'the provider is gone': [],
    'another one has its id': [{ ...settings, issuer: 'http://127.0.0.1:9' }],
    'it is not trusted for the domain': [{ ...settings, trustedDomains: [] }],
  })

  it('and a passkey made under its account gives nothing any more', async () => {
    const { settings, test, message, device } = await bobByAccount()
    const early = await usePasskey(test.portal, device, message)
    expect(await release(early, message)).toBe('released')
    for (const [why, providers] of Object.entries(fallen(settings))) {
      const later = await test.anotherNode({ providers })
      const again = await usePasskey(later, device, message)
      expect(`${why}: ${await release(again, message)}`).toBe(`${why}: sign-in-required`)
      const same = sameBrowser(early, later)
      expect(`${why}: ${await release(same, message)}`).toBe(`${why}: sign-in-required`)
    }
  })

  it('and such a passkey counts as the passcode that proved its mailbox since', async () => {
    const { settings, test, message, device } = await bobByAccount()
    const strict = await sealHere(test.here, { assurance: 'account' })
    const bob = await usePasskey(test.portal, device, message)
    await test.sink.next(BOB)
    await signIn(test, bob, message.stanza, BOB)
    for (const providers of Object.values(fallen(settings))) {
      const again = await usePasskey(await test.anotherNode({ providers }), device, message)
      expect(await release(again, message)).toBe('released')
      expect(await release(again, strict)).toBe('assurance-too-low')
    }
  })

  it('and what it said about two factors counts for one', async () => {
    const { settings, test, bob, device, message } = await bobByAccount()
    const strict = await sealHere(test.here, { assurance: 'mfa' })
    const account = await sealHere(test.here, { assurance: 'account' })
    expect(await release(bob, strict)).toBe('released')
    const providers = [{ ...settings, mfa: { acr: [], amr: [] } }]
    const later = await test.anotherNode({ providers })
    for (const who of [sameBrowser(bob, later), await usePasskey(later, device, message)]) {
      expect(await release(who, strict)).toBe('assurance-too-low')
      expect(await release(who, account)).toBe('released')
    }
  })

  it('and a session of its account proves nothing before its new issuer', async () => {
    const { settings, test, bob } = await bobByAccount()
    const providers = [{ ...settings, issuer: 'http://127.0.0.1:9' }]
    expect(await session(sameBrowser(bob, await test.anotherNode({ providers })))).toBeNull()
    expect(await proven(sameBrowser(bob, await test.anotherNode()))).toEqual([BOB])
  })
})

describe('threat: tenants are narrowed', () => {
  const NARROW = '11111111-2222-3333-4444-555555555555'

  it('and accounts of the others are signed out, with all that came from them', async () => {
    const test = await accountPortal()
    const [microsoft = {}, ...others] = test.provider.settings
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    const person = { email: BOB, kind: 'work' } as const
    expect((await signInWithAccount(bob, person)).result).toBe('proven')
    const device = await makePasskey(bob)
    const narrow = { providers: [{ ...microsoft, tenants: [NARROW] }, ...others] }
    const later = await test.anotherNode(narrow)
    expect(await session(sameBrowser(bob, later))).toBeNull()
    const again = await usePasskey(later, device, message)
    expect(await release(again, message)).toBe('sign-in-required')
    expect(await proven(bob)).toEqual([BOB])
  })

  it('and an association signs nobody in who may not sign in any more', async () => {
    const test = await accountPortal()
    const [microsoft = {}, ...others] = test.provider.settings
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    const person = { email: 'someone@example.org', kind: 'liar' } as const
    expect((await signInWithAccount(bob, person)).result).toBe('passcode-needed')
    const { account } = (await session(bob)) ?? { account: null }
    const { challenge } = await askPasscode(bob, message.stanza)
    const code = codeIn(await test.sink.next(BOB))
    const json = { challenge, code, privateComputer: false, associate: account?.id }
    expect((await bob.ask('/api/passcodes/verify', { json })).status).toBe(200)
    const elsewhere = visitor(test.portal)
    expect((await signInWithAccount(elsewhere, person)).result).toBe('proven')
    expect(await release(elsewhere, message)).toBe('released')
    const narrow = { providers: [{ ...microsoft, tenants: [NARROW] }, ...others] }
    const same = sameBrowser(elsewhere, await test.anotherNode(narrow))
    expect(await release(same, message)).toBe('sign-in-required')
  })
})
