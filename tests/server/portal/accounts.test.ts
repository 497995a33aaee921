import { describe, expect, it } from 'vitest'
import type {
  AssociationsAnswer,
  DescribeAnswer,
  ReleaseAnswer,
  SessionView,
} from '../../../src/core/api/messages.ts'
import { BOB, CAROL, sealHere } from '../keys/installation.ts'
import {
  accountPortal,
  atProvider,
  comeBack,
  signInWithAccount,
  startSignIn,
} from './support/account-portal.ts'
import type { AccountPortal } from './support/account-portal.ts'
import { codeIn } from './support/passcode-sink.ts'
import { askPasscode, signIn } from './support/sign-in.ts'
import { visitor } from './support/visitor.ts'
import type { Visitor } from './support/visitor.ts'

const DAY_MS = 86_400_000
const BOB_AT_WORK = { email: BOB, kind: 'work' }
const BOB_AT_HOME = { name: 'Bob Brown', email: 'bob@outlook.com' }

async function describeAs(who: Visitor, stanza: string): Promise<DescribeAnswer> {
  const response = await who.ask('/api/describe', { json: { stanza } })
  expect(response.status).toBe(200)
  return (await response.json()) as DescribeAnswer
}

/** The status, and the recipient it was released to. */
async function release(who: Visitor, stanza: string) {
  const key = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ])
  const raw = Buffer.from(await crypto.subtle.exportKey('raw', key.publicKey)).toString('base64')
  const response = await who.ask('/api/release', { json: { stanza, browserKey: raw } })
  const body = (await response.json()) as Partial<ReleaseAnswer> & { code?: string }
  return { status: response.status, recipient: body.recipient, code: body.code }
}

async function associate(test: AccountPortal, who: Visitor, stanza: string, address: string) {
  const { challenge } = await askPasscode(who, stanza)
  const code = codeIn(await test.sink.next(address))
  const json = { challenge, code, privateComputer: false, associate: (await accountOf(who))?.id }
  return who.ask('/api/passcodes/verify', { json })
}

async function accountOf(who: Visitor): Promise<SessionView['account']> {
  return ((await (await who.ask('/api/session')).json()) as SessionView).account
}

async function associations(who: Visitor): Promise<AssociationsAnswer['associations']> {
  const response = await who.ask('/api/associations')
  expect(response.status).toBe(200)
  return ((await response.json()) as AssociationsAnswer).associations
}

describe('signing in with an account', () => {
  it('opens a message for the address that the account proves', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    expect(await signInWithAccount(bob, BOB_AT_WORK)).toEqual({
      result: 'proven',
      provider: 'microsoft',
    })
    const view = (await (await bob.ask('/api/session')).json()) as SessionView
    expect(view).toMatchObject({ addresses: [BOB], account: { provider: 'microsoft' } })
    expect((await describeAs(bob, message.stanza)).signedIn).toBe(true)
    expect(await release(bob, message.stanza)).toMatchObject({ status: 200, recipient: BOB })
    const [entry] = await test.here.store.audit.list('example', { limit: 1 })
    expect(entry).toMatchObject({ recipient: BOB, method: 'account', assurance: 'account' })
  })

  it('works with Google too, with the address of a managed domain', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    const outcome = await signInWithAccount(
      bob,
      { email: BOB, kind: 'workspace' },
      { provider: 'google' },
    )
    expect(outcome).toEqual({ result: 'proven', provider: 'google' })
    expect(await release(bob, message.stanza)).toMatchObject({ status: 200 })
  })

  it('asks the provider for what it needs and for nothing more', async () => {
    const test = await accountPortal()
    const location = await startSignIn(visitor(test.portal))
    const query = location.searchParams
    expect(query.get('scope')).toBe('openid email profile')
    expect(query.get('response_type')).toBe('code')
    expect(query.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(query.get(name)).toMatch(/^[\w-]{43}$/)
    expect([...query.keys()].toSorted()).toEqual([
      'client_id',
      'code_challenge',
      'code_challenge_method',
      'nonce',
      'redirect_uri',
      'response_type',
      'scope',
      'state',
    ])
  })

  it('leads to making an account, with a proven address as a hint and never with another', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    const unknown = await startSignIn(bob, { prompt: 'create' })
    expect(unknown.searchParams.get('prompt')).toBe('create')
    expect(unknown.searchParams.has('login_hint')).toBe(false)
    await signIn(test, bob, message.stanza, BOB)
    const known = await startSignIn(bob, { prompt: 'create' })
    expect(known.searchParams.get('login_hint')).toBe(BOB)
    expect((await startSignIn(bob)).searchParams.has('login_hint')).toBe(false)
    const google = await startSignIn(bob, { provider: 'google', prompt: 'create' })
    expect(google.searchParams.has('prompt')).toBe(false)
  })

  it('says so when the person refuses', async () => {
    const test = await accountPortal()
    const bob = visitor(test.portal)
    expect((await signInWithAccount(bob, null)).result).toBe('consent-refused')
    expect((await bob.ask('/api/session')).status).toBe(401)
  })

  it('says so when the provider is down, and asks it again a little later', async () => {
    const test = await accountPortal()
    const bob = visitor(test.portal)
    await test.provider.close()
    const location = await startSignIn(bob)
    expect(location.href).toMatch(/\/read#sign-in=provider-down&provider=microsoft$/)
    expect(test.logged.join('')).toContain('provider-down provider=microsoft')
  })

  it('keeps several tabs apart', async () => {
    const test = await accountPortal()
    const bob = visitor(test.portal)
    const first = await startSignIn(bob)
    const second = await startSignIn(bob, { provider: 'google' })
    const atGoogle = await atProvider(second, { name: 'Bob Brown', email: 'bob@gmail.com' })
    const atMicrosoft = await atProvider(first, BOB_AT_WORK)
    expect((await comeBack(bob, atMicrosoft)).result).toBe('proven')
    expect((await comeBack(bob, atGoogle)).result).toBe('proven')
    const view = (await (await bob.ask('/api/session')).json()) as SessionView
    expect(view.addresses).toEqual([BOB, 'bob@gmail.com'])
  })

  it('forgets the oldest of too many that are under way', async () => {
    const test = await accountPortal()
    const bob = visitor(test.portal)
    for (let i = 0; i < 7; i += 1) await startSignIn(bob)
    const names = [...bob.cookies.keys()].filter(name => name.includes('sign-in'))
    expect(names).toHaveLength(4)
  })

  it('offers the likeliest provider first', async () => {
    const test = await accountPortal()
    for (const [address, ids] of [
      ['dora@gmail.com', ['google', 'microsoft']],
      ['dora@hotmail.co.uk', ['microsoft', 'google']],
      ['dora@example.org', ['microsoft', 'google']],
    ] as const) {
      const message = await sealHere(test.here, {
        recipients: [{ address: address as never, listed: true }],
      })
      const { methods } = await describeAs(visitor(test.portal), message.stanza)
      expect(methods.providers.map(({ id }) => id)).toEqual(ids)
      expect(methods.providers.map(({ suggested }) => suggested)).toEqual(
        address === 'dora@example.org' ? [false, false] : [true, false],
      )
    }
  })
})

describe('an account that does not prove the address', () => {
  it('is associated after one passcode, and signs in alone the next time', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    expect((await signInWithAccount(bob, BOB_AT_HOME)).result).toBe('proven')
    expect(await release(bob, message.stanza)).toMatchObject({ code: 'not-a-recipient' })
    expect((await associate(test, bob, message.stanza, BOB)).status).toBe(200)
    const notice = await test.sink.next(BOB)
    expect(notice.raw).toMatch(/^Subject: An account now opens messages from/m)
    expect(notice.raw).toContain('bob@outlook.com')
    expect(notice.raw).not.toContain('http')

    const again = visitor(test.portal)
    expect((await signInWithAccount(again, BOB_AT_HOME)).result).toBe('proven')
    expect((await describeAs(again, message.stanza)).signedIn).toBe(true)
    expect(await release(again, message.stanza)).toMatchObject({ status: 200, recipient: BOB })
    const [entry] = await test.here.store.audit.list('example', { limit: 1 })
    expect(entry).toMatchObject({ recipient: BOB, method: 'account', assurance: 'mailbox' })
    expect(await associations(again)).toMatchObject([
      { address: BOB, thisAccount: true, provider: { id: 'microsoft', name: 'Microsoft' } },
    ])
  })

  it('is named to the person, and the database and the log do not know the name', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    await signInWithAccount(bob, BOB_AT_HOME)
    expect(await accountOf(bob)).toEqual({
      provider: 'microsoft',
      id: expect.stringMatching(/^[\w-]{16}$/) as string,
      label: 'bob@outlook.com',
      vouched: true,
    })
    await associate(test, bob, message.stanza, BOB)
    expect((await accountOf(bob))?.label).toBe('bob@outlook.com')
    expect(test.logged.join('')).not.toContain('outlook.com')
  })

  it('is asked about as what it calls itself, and the notice says that nobody has confirmed it', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const mallory = visitor(test.portal)
    await signInWithAccount(mallory, { email: BOB, kind: 'liar' })
    expect(await accountOf(mallory)).toMatchObject({ label: BOB, vouched: false })
    await associate(test, mallory, message.stanza, BOB)
    const { raw } = await test.sink.next(BOB)
    const words = raw.replaceAll(/=?\r\n/g, ' ').replaceAll(/ +/g, ' ')
    expect(words).toContain(`calls itself ${BOB}. Microsoft has not confirmed this name.`)
    expect(words).not.toContain(`The account: ${BOB}`)
  })

  it('is announced again when it was associated before and that has lapsed, swept or not', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here, { expiresAtMs: null })
    for (let round = 0; round < 2; round += 1) {
      const bob = visitor(test.portal)
      await signInWithAccount(bob, BOB_AT_HOME)
      await associate(test, bob, message.stanza, BOB)
      expect((await test.sink.next(BOB)).raw).toContain('Subject: An account now opens')
      test.here.clockMs += 180 * DAY_MS
    }
  })

  it('is not associated unseen: neither another one of another tab, nor after it was signed out', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    await signInWithAccount(bob, BOB_AT_HOME)
    const shown = (await accountOf(bob))?.id
    const { challenge } = await askPasscode(bob, message.stanza)
    const code = codeIn(await test.sink.next(BOB))
    await signInWithAccount(bob, { email: 'eve@outlook.com', kind: 'personal' })
    const json = { challenge, code, privateComputer: false, associate: shown }
    const verify = async () => bob.ask('/api/passcodes/verify', { json })
    const refused = await verify()
    expect(refused.status).toBe(409)
    expect(await refused.json()).toMatchObject({ code: 'account-changed' })
    expect(await associations(bob)).toEqual([])
    bob.cookies.delete('__Host-zegel-session')
    expect((await verify()).status).toBe(409)
    await signInWithAccount(bob, BOB_AT_HOME)
    expect((await verify()).status).toBe(200)
    expect(await associations(bob)).toMatchObject([{ address: BOB, thisAccount: true }])
  })

  it('asks for a passcode when it proves nothing at all, and is not associated without a word', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const gina = visitor(test.portal)
    const guest = { email: BOB, kind: 'guest' }
    expect((await signInWithAccount(gina, guest)).result).toBe('passcode-needed')
    expect(await release(gina, message.stanza)).toMatchObject({ status: 401 })
    await signIn(test, gina, message.stanza, BOB)
    expect((await release(gina, message.stanza)).status).toBe(200)
    const again = visitor(test.portal)
    expect((await signInWithAccount(again, guest)).result).toBe('passcode-needed')
  })

  it('is worth no more than the proof it was made under', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    await signInWithAccount(bob, { email: 'bob@outlook.com', kind: 'personal', mfa: '1' })
    await associate(test, bob, message.stanza, BOB)
    const strict = await sealHere(test.here, { assurance: 'account' })
    expect(await release(bob, strict.stanza)).toMatchObject({ code: 'assurance-too-low' })
  })

  it('lapses after 180 days without a fresh proof of the mailbox, and lives on with one', async () => {
    const test = await accountPortal()
    const { stanza } = await sealHere(test.here, { expiresAtMs: test.here.clockMs + 600 * DAY_MS })
    const bob = visitor(test.portal)
    await signInWithAccount(bob, BOB_AT_HOME)
    await associate(test, bob, stanza, BOB)
    const signedInAfter = async (days: number) => {
      test.here.clockMs += days * DAY_MS
      const who = visitor(test.portal)
      await signInWithAccount(who, BOB_AT_HOME)
      return { who, signedIn: (await describeAs(who, stanza)).signedIn }
    }
    const renewed = await signedInAfter(100)
    expect(renewed.signedIn).toBe(true)
    await test.sink.next(BOB)
    await signIn(test, renewed.who, stanza, BOB)
    expect((await signedInAfter(179)).signedIn).toBe(true)
    expect((await signedInAfter(2)).signedIn).toBe(false)
  })

  it('is listed and removed by its person, and by nobody else', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    await signInWithAccount(bob, BOB_AT_HOME)
    await associate(test, bob, message.stanza, BOB)
    const [{ id } = { id: '' }] = await associations(bob)

    const carol = visitor(test.portal)
    await signIn(test, carol, message.stanza, CAROL, { address: CAROL })
    expect(await associations(carol)).toEqual([])
    const stolen = await carol.ask('/api/associations', { method: 'DELETE', json: { id } })
    expect(stolen.status).toBe(204)
    expect(await associations(bob)).toHaveLength(1)

    const removed = await bob.ask('/api/associations', { method: 'DELETE', json: { id } })
    expect(removed.status).toBe(204)
    expect(await associations(bob)).toEqual([])
    const again = visitor(test.portal)
    await signInWithAccount(again, BOB_AT_HOME)
    expect((await describeAs(again, message.stanza)).signedIn).toBe(false)
  })

  it('holds before its own organisation alone', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    await signInWithAccount(bob, BOB_AT_HOME)
    await associate(test, bob, message.stanza, BOB)
    const elsewhere = visitor(test.portal)
    await signInWithAccount(elsewhere, BOB_AT_HOME, { organisation: 'other' })
    expect((await describeAs(elsewhere, message.stanza)).signedIn).toBe(false)
  })
})
