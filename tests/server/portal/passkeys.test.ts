import { describe, expect, it } from 'vitest'
import type { Problem, SessionView } from '../../../src/core/api/messages.ts'
import type {
  PasskeyCreation,
  PasskeyQuestion,
  PasskeysAnswer,
} from '../../../src/core/api/passkeys.ts'
import { softwareAuthenticator } from '../../support/software-authenticator.ts'
import type { SoftwareAuthenticator } from '../../support/software-authenticator.ts'
import { address, BOB, CAROL, DAY_MS, sealHere } from '../keys/installation.ts'
import { comeBack, startSignIn } from './support/account-portal.ts'
import { callback, liarNeeds } from './support/liars.ts'
import { lyingProvider } from './support/lying-provider.ts'
import { signIn } from './support/sign-in.ts'
import { testPortal } from './support/test-portal.ts'
import type { TestPortal } from './support/test-portal.ts'
import { ORIGIN, visitor } from './support/visitor.ts'
import type { Visitor } from './support/visitor.ts'

const codeOf = async (response: Response) => ((await response.json()) as Problem).code

const begin = (who: Visitor, address: string) =>
  who.ask('/api/passkeys/register/options', { json: { address } })

async function beginMaking(who: Visitor, address: string): Promise<PasskeyCreation> {
  return (await (await begin(who, address)).json()) as PasskeyCreation
}

async function ask(who: Visitor): Promise<PasskeyQuestion> {
  const response = await who.ask('/api/passkeys/authenticate/options', { json: {} })
  return (await response.json()) as PasskeyQuestion
}

async function signInWith(who: Visitor, device: SoftwareAuthenticator, stanza: string) {
  return who.ask('/api/passkeys/authenticate/verify', {
    json: device.answer(await ask(who), stanza),
  })
}

const list = async (who: Visitor) =>
  ((await (await who.ask('/api/passkeys')).json()) as PasskeysAnswer).passkeys

/** Bob, signed in by passcode, with a passkey on a device of his. */
async function bobWithPasskey(test: TestPortal) {
  const message = await sealHere(test.here)
  const bob = visitor(test.portal)
  const device = softwareAuthenticator(ORIGIN)
  await signIn(test, bob, message.stanza, BOB)
  const creation = await beginMaking(bob, BOB)
  const made = await bob.ask('/api/passkeys/register/verify', { json: device.make(creation) })
  expect(made.status).toBe(201)
  return { message, bob, device, creation }
}

describe('a passkey', () => {
  it('is made after a passcode and signs in alone, in another browser too', async () => {
    const test = await testPortal()
    const { message, device, creation } = await bobWithPasskey(test)
    expect(creation.rpId).toBe('mail.example.com')
    expect(creation.userName).toBe(BOB)
    const elsewhere = visitor(test.portal)
    const response = await signInWith(elsewhere, device, message.stanza)
    expect(response.status).toBe(200)
    expect(((await response.json()) as SessionView).addresses).toEqual([BOB])
    expect((await elsewhere.ask('/api/session')).status).toBe(200)
  })

  it('is announced to the address it opens, without a link', async () => {
    const test = await testPortal()
    await bobWithPasskey(test)
    const { raw } = await test.sink.next(BOB)
    expect(raw).toContain('Subject: A new passkey')
    expect(raw).not.toMatch(/https?:/)
  })

  it('is listed and removed by who proved its address, and is worth nothing then', async () => {
    const test = await testPortal()
    const { message, bob, device } = await bobWithPasskey(test)
    const [passkey] = await list(bob)
    expect(passkey?.address).toBe(BOB)
    const json = { id: passkey?.id }
    for (let round = 0; round < 2; round += 1)
      expect((await bob.ask('/api/passkeys', { method: 'DELETE', json })).status).toBe(204)
    expect(await list(bob)).toEqual([])
    const later = await signInWith(visitor(test.portal), device, message.stanza)
    expect(await codeOf(later)).toBe('passkey-refused')
  })

  it('cannot be listed or removed by who proved another address', async () => {
    const test = await testPortal()
    const { message, bob } = await bobWithPasskey(test)
    const carol = visitor(test.portal)
    await signIn(test, carol, message.stanza, CAROL, { address: CAROL })
    expect(await list(carol)).toEqual([])
    const [passkey] = await list(bob)
    const json = { id: passkey?.id }
    expect((await carol.ask('/api/passkeys', { method: 'DELETE', json })).status).toBe(204)
    expect(await list(bob)).toHaveLength(1)
  })

  it('opens nothing that was sent to others', async () => {
    const test = await testPortal()
    const { device } = await bobWithPasskey(test)
    const recipients = [{ address: CAROL, listed: true }]
    const other = await sealHere(test.here, { recipients })
    const who = visitor(test.portal)
    expect(await codeOf(await signInWith(who, device, other.stanza))).toBe('not-a-recipient')
    expect(who.cookies.has('__Host-zegel-session')).toBe(false)
  })

  it('counts before the organisation it was made for alone', async () => {
    const test = await testPortal()
    const { device } = await bobWithPasskey(test)
    const other = await sealHere(test.here, {
      organisationId: 'other',
      sender: address('olga@other.test'),
    })
    const response = await signInWith(visitor(test.portal), device, other.stanza)
    expect(await codeOf(response)).toBe('passkey-refused')
  })

  it('lapses after 180 days without a passcode, and goes with the next sweep', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here, { expiresAtMs: null })
    const { device } = await bobWithPasskey(test)
    test.here.clockMs += 180 * DAY_MS
    const response = await signInWith(visitor(test.portal), device, message.stanza)
    expect(await codeOf(response)).toBe('passkey-refused')
    expect(await test.here.store.sweep(test.here.clockMs)).toBeGreaterThan(0)
  })

  it('lives on for 180 days from a passcode that was used in its session', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here, { expiresAtMs: null })
    const { device } = await bobWithPasskey(test)
    await test.sink.next(BOB)
    test.here.clockMs += 100 * DAY_MS
    const bob = visitor(test.portal)
    await signInWith(bob, device, message.stanza)
    await signIn(test, bob, message.stanza, BOB)
    test.here.clockMs += 100 * DAY_MS
    const response = await signInWith(visitor(test.portal), device, message.stanza)
    expect(response.status).toBe(200)
  })

  it('is not made under a passkey: it would live for ever without anybody reading the mailbox', async () => {
    const test = await testPortal()
    const { message, device } = await bobWithPasskey(test)
    const elsewhere = visitor(test.portal)
    await signInWith(elsewhere, device, message.stanza)
    expect(await codeOf(await begin(elsewhere, BOB))).toBe('assurance-too-low')
  })

  it('is not made for an address that the session has not proven', async () => {
    const test = await testPortal()
    const { bob } = await bobWithPasskey(test)
    expect(await codeOf(await begin(bob, CAROL))).toBe('assurance-too-low')
    expect(await codeOf(await begin(bob, 'no address'))).toBe('assurance-too-low')
  })

  it('never gives more than the proof it was made under', async () => {
    const test = await testPortal()
    const { device } = await bobWithPasskey(test)
    const strict = await sealHere(test.here, { assurance: 'mfa' })
    const who = visitor(test.portal)
    expect((await signInWith(who, device, strict.stanza)).status).toBe(200)
    const browserKey = `B${'A'.repeat(86)}=`
    const json = { stanza: strict.stanza, browserKey }
    expect(await codeOf(await who.ask('/api/release', { json }))).toBe('assurance-too-low')
  })
})

describe('threat: replay, phishing and copies of a passkey', () => {
  it('takes an answer once, also when two nodes get it at the same time', async () => {
    const test = await testPortal()
    const { message, device } = await bobWithPasskey(test)
    const second = await test.anotherNode()
    const who = visitor(test.portal)
    const json = device.answer(await ask(who), message.stanza)
    const there = visitor(second)
    for (const [name, value] of who.cookies) there.cookies.set(name, value)
    const path = '/api/passkeys/authenticate/verify'
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? who : there).ask(path, { json })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('takes an answer only in the browser that asked', async () => {
    const test = await testPortal()
    const { message, device } = await bobWithPasskey(test)
    const json = device.answer(await ask(visitor(test.portal)), message.stanza)
    for (const thief of [visitor(test.portal), visitor(test.portal)]) {
      const response = await thief.ask('/api/passkeys/authenticate/verify', { json })
      expect(await codeOf(response)).toBe('passkey-refused')
      await ask(thief)
    }
  })

  it('takes no answer after ten minutes', async () => {
    const test = await testPortal()
    const { message, device } = await bobWithPasskey(test)
    const who = visitor(test.portal)
    const json = device.answer(await ask(who), message.stanza)
    test.here.clockMs += 10 * 60_000
    const response = await who.ask('/api/passkeys/authenticate/verify', { json })
    expect(await codeOf(response)).toBe('passkey-refused')
  })

  it('takes no answer that was given to another site or for another host', async () => {
    const test = await testPortal()
    const { message, device } = await bobWithPasskey(test)
    const who = visitor(test.portal)
    device.options.origin = 'https://mail.example.com.evil.test'
    expect(await codeOf(await signInWith(who, device, message.stanza))).toBe('passkey-refused')
    device.options.origin = ORIGIN
    device.options.rpId = 'evil.test'
    expect(await codeOf(await signInWith(who, device, message.stanza))).toBe('passkey-refused')
  })

  it('takes no signature of another key under a known id', async () => {
    const test = await testPortal()
    const { message, device } = await bobWithPasskey(test)
    const who = visitor(test.portal)
    const forged = softwareAuthenticator(ORIGIN).answer(await ask(who), message.stanza)
    const json = { ...forged, id: device.id }
    const response = await who.ask('/api/passkeys/authenticate/verify', { json })
    expect(await codeOf(response)).toBe('passkey-refused')
  })

  it('notices a copy by the counter that goes back', async () => {
    const test = await testPortal()
    const { message, device } = await bobWithPasskey(test)
    device.options.counter = 7
    expect((await signInWith(visitor(test.portal), device, message.stanza)).status).toBe(200)
    const copied = await signInWith(visitor(test.portal), device, message.stanza)
    expect(await codeOf(copied)).toBe('passkey-refused')
  })

  it('takes a new passkey once, and in the session that asked', async () => {
    const test = await testPortal()
    const { message, bob } = await bobWithPasskey(test)
    const carol = visitor(test.portal)
    await signIn(test, carol, message.stanza, CAROL, { address: CAROL })
    const device = softwareAuthenticator(ORIGIN)
    const json = device.make(await beginMaking(bob, BOB))
    const path = '/api/passkeys/register/verify'
    expect(await codeOf(await carol.ask(path, { json }))).toBe('passkey-refused')
    expect((await bob.ask(path, { json })).status).toBe(201)
    expect(await codeOf(await bob.ask(path, { json }))).toBe('passkey-refused')
    const again = device.make(await beginMaking(bob, BOB))
    expect(await codeOf(await bob.ask(path, { json: again }))).toBe('passkey-refused')
  })
})

describe('threat: enumeration of accounts or recipients', () => {
  it('asks everyone the same, whoever has a passkey or not', async () => {
    const test = await testPortal()
    const stranger = visitor(test.portal)
    const before = await ask(stranger)
    await bobWithPasskey(test)
    const after = await ask(stranger)
    expect(Object.keys(after)).toEqual(Object.keys(before))
    expect(after.token.length).toBe(before.token.length)
  })

  it('stores no address with a passkey, and nothing that can be read as one', async () => {
    const test = await testPortal()
    const { device } = await bobWithPasskey(test)
    const stored = await test.here.store.passkeys.find(device.id, test.here.clockMs)
    const text = JSON.stringify({ ...stored, addressHash: '', publicKey: '' })
    expect(text).not.toContain('bob')
    expect(stored?.addressHash).toHaveLength(32)
  })
})

describe('user verification', () => {
  it('makes both factors only with a passkey that was made under both', async () => {
    const liar = await lyingProvider()
    const providers = [liar.settings('liar', { mfa: { acr: [], amr: ['mfa'] } })]
    const test = await testPortal({ portal: { providers }, needs: liarNeeds })
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    liar.lies.claims = { amr: ['pwd', 'mfa'] }
    await comeBack(bob, callback(liar, await startSignIn(bob, { provider: 'liar' })))
    const device = softwareAuthenticator(ORIGIN)
    const json = device.make(await beginMaking(bob, BOB))
    expect((await bob.ask('/api/passkeys/register/verify', { json })).status).toBe(201)
    const strict = await sealHere(test.here, { assurance: 'mfa' })
    const browserKey = `B${'A'.repeat(86)}=`
    const opened = async (userVerified: boolean) => {
      const who = visitor(test.portal)
      device.options.userVerified = userVerified
      await signInWith(who, device, message.stanza)
      const released = await who.ask('/api/release', {
        json: { stanza: strict.stanza, browserKey },
      })
      return released.status === 403 ? codeOf(released) : 'not refused'
    }
    expect(await opened(false)).toBe('assurance-too-low')
    expect(await opened(true)).toBe('not refused')
  })
})
