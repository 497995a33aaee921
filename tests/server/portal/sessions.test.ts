import { describe, expect, it } from 'vitest'
import type { DescribeAnswer, Problem, SessionView } from '../../../src/core/api/messages.ts'
import { address, BOB, CAROL, DAY_MS, sealHere } from '../keys/installation.ts'
import { codeIn } from './support/passcode-sink.ts'
import { askPasscode, signIn, verify } from './support/sign-in.ts'
import { testPortal } from './support/test-portal.ts'
import { ORIGIN, visitor } from './support/visitor.ts'
import type { Visitor } from './support/visitor.ts'

const browserKey = `B${'A'.repeat(86)}=`
const codeOf = async (response: Response) => ((await response.json()) as Problem).code
const release = (who: Visitor, stanza: string) =>
  who.ask('/api/release', { json: { stanza, browserKey } })

describe('cookies', () => {
  it('are not set before they are needed', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    for (const path of ['/', '/open', '/read', '/leave', '/privacy', '/assets/opener-AAAA1111.js'])
      await bob.ask(path)
    await bob.ask('/open', { body: 'envelope=x', headers: { 'content-type': 'text/plain' } })
    await bob.ask('/api/describe', { json: { stanza: message.stanza } })
    await bob.ask('/api/session')
    expect([...bob.cookies.keys()]).toEqual([])
    const { challenge } = await askPasscode(bob, message.stanza)
    expect([...bob.cookies.keys()]).toEqual(['__Host-zegel-browser'])
    await verify(bob, challenge, codeIn(await test.sink.next(BOB)))
    expect([...bob.cookies.keys()]).toEqual(['__Host-zegel-browser', '__Host-zegel-session'])
  })

  it('are for this host alone, unseen by scripts, and outlive the browser only on a private computer', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    for (const isPrivate of [false, true]) {
      const bob = visitor(test.portal)
      const { challenge } = await askPasscode(bob, message.stanza)
      const response = await verify(bob, challenge, codeIn(await test.sink.next(BOB)), isPrivate)
      const [cookie = ''] = response.headers.getSetCookie()
      const attributes = cookie.split('; ').slice(1)
      expect(attributes).toEqual([
        'Path=/',
        'Secure',
        'HttpOnly',
        'SameSite=Lax',
        ...(isPrivate ? ['Max-Age=43200'] : []),
      ])
    }
  })
})

describe('the session', () => {
  it('is shown, prolonged by asking, and ended by DELETE', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    expect(await codeOf(await bob.ask('/api/session'))).toBe('sign-in-required')
    await signIn(test, bob, message.stanza, BOB)
    const view = (await (await bob.ask('/api/session')).json()) as SessionView
    expect(view.addresses).toEqual([BOB])
    test.here.clockMs += 20 * 60_000
    const later = (await (await bob.ask('/api/session')).json()) as SessionView
    expect(later.idleUntilMs).toBe(view.idleUntilMs + 20 * 60_000)
    const out = await bob.ask('/api/session', { method: 'DELETE' })
    expect(out.status).toBe(204)
    expect(bob.cookies.has('__Host-zegel-session')).toBe(false)
    expect((await bob.ask('/api/session', { method: 'DELETE' })).status).toBe(204)
  })

  it('takes a second address in, and each opens what was sent to it', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const dora = address('dora@example.net')
    const other = await sealHere(test.here, { recipients: [{ address: dora, listed: true }] })
    const who = visitor(test.portal)
    await signIn(test, who, message.stanza, BOB)
    expect(await codeOf(await release(who, other.stanza))).toBe('not-a-recipient')
    await signIn(test, who, other.stanza, dora)
    const view = (await (await who.ask('/api/session')).json()) as SessionView
    expect(view.addresses).toEqual([BOB, dora])
  })
})

describe('threat: stolen cookie after sign-out', () => {
  it('opens nothing, on any node', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    await signIn(test, bob, message.stanza, BOB)
    const thief = visitor(await test.anotherNode())
    for (const [name, value] of bob.cookies) thief.cookies.set(name, value)
    expect((await thief.ask('/api/session')).status).toBe(200)
    await bob.ask('/api/session', { method: 'DELETE' })
    expect(await codeOf(await release(thief, message.stanza))).toBe('sign-in-required')
  })
})

describe('threat: session fixation', () => {
  it('renews the number at sign-in, and a planted session does not become the victim’s', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const mallory = visitor(test.portal)
    await signIn(test, mallory, message.stanza, CAROL, { address: CAROL })
    const victim = visitor(test.portal)
    const planted = mallory.cookies.get('__Host-zegel-session') ?? ''
    victim.cookies.set('__Host-zegel-session', planted)
    await signIn(test, victim, message.stanza, BOB)
    expect(victim.cookies.get('__Host-zegel-session')).not.toBe(planted)
    expect(await codeOf(await mallory.ask('/api/session'))).toBe('sign-in-required')
  })
})

describe('threat: cookie of a foreign organisation', () => {
  it('is refused for a message of another organisation, with the same address', async () => {
    const test = await testPortal()
    const foreign = await sealHere(test.here, {
      organisationId: 'other',
      sender: address('olga@other.test'),
    })
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    await signIn(test, bob, foreign.stanza, BOB)
    expect(await codeOf(await release(bob, message.stanza))).toBe('sign-in-required')
    const described = await bob.ask('/api/describe', { json: { stanza: message.stanza } })
    expect(((await described.json()) as DescribeAnswer).signedIn).toBe(false)
  })

  it('is refused by a portal of another name', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    await signIn(test, bob, message.stanza, BOB)
    const { portal } = await testPortal({
      portal: { url: 'https://mail.other.test' },
      needs: {
        secret: name => test.here.portal.secret(name),
        ring: name => test.here.portal.ring(name),
        store: test.here.store,
      },
    })
    const elsewhere = visitor(portal, 'https://mail.other.test')
    for (const [name, value] of bob.cookies) elsewhere.cookies.set(name, value)
    expect(await codeOf(await elsewhere.ask('/api/session'))).toBe('sign-in-required')
    expect((await bob.ask('/api/session')).status).toBe(200)
  })
})

describe('threat: fixation of a passcode', () => {
  it('does not sign a browser in that did not ask', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const { challenge } = await askPasscode(visitor(test.portal), message.stanza)
    const code = codeIn(await test.sink.next(BOB))
    expect(await codeOf(await verify(visitor(test.portal), challenge, code))).toBe(
      'passcode-expired',
    )
  })
})

describe('what is shown before sign-in', () => {
  it('never shows who was in Bcc', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const response = await visitor(test.portal).ask('/api/describe', {
      json: { stanza: message.stanza },
    })
    expect(await response.text()).not.toMatch(/carol|c•••/)
  })

  it('says before sign-in that a message is expired, revoked or no message at all', async () => {
    const test = await testPortal()
    const bob = visitor(test.portal)
    const describeIt = async (stanza: string) =>
      codeOf(await bob.ask('/api/describe', { json: { stanza } }))
    const revoked = await sealHere(test.here)
    await test.here.store.overrides.put({
      messageId: revoked.policy.messageId,
      organisationId: 'example',
      recipient: null,
      revoked: true,
      changesExpiry: false,
      expiresAtMs: null,
      createdAtMs: test.here.clockMs,
    })
    expect(await describeIt(revoked.stanza)).toBe('revoked')
    const passcode = { stanza: revoked.stanza, recipient: { index: 0 }, locale: 'en' }
    expect(await codeOf(await bob.ask('/api/passcodes', { json: passcode }))).toBe('revoked')
    const altered = revoked.stanza.replace(/\n(.)/, (_, c) => `\n${c === 'A' ? 'B' : 'A'}`)
    expect(await describeIt(altered)).toBe('bad-envelope')
    expect(await describeIt('-> X25519 abc\nAAAA\n')).toBe('bad-envelope')
    const message = await sealHere(test.here)
    test.here.clockMs += 11 * DAY_MS
    expect(await describeIt(message.stanza)).toBe('expired')
  })

  it('offers no passcode, and mails none, where one is not enough', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here, { assurance: 'account' })
    const bob = visitor(test.portal)
    const described = await bob.ask('/api/describe', { json: { stanza: message.stanza } })
    expect(((await described.json()) as DescribeAnswer).methods.passcode).toBe(false)
    const json = { stanza: message.stanza, recipient: { index: 0 }, locale: 'en' }
    expect(await codeOf(await bob.ask('/api/passcodes', { json }))).toBe('assurance-too-low')
  })
})

describe('threat: mail bomb, floods', () => {
  it('slows a network down with Retry-After, and lets others through', async () => {
    const test = await testPortal({ portal: { trustedProxies: ['127.0.0.1'] } })
    const message = await sealHere(test.here)
    const from = (address: string) => async (stanza: string) =>
      test.portal.fetch(
        new Request(`${ORIGIN}/api/describe`, {
          method: 'POST',
          body: JSON.stringify({ stanza }),
          headers: {
            host: new URL(ORIGIN).host,
            'sec-fetch-site': 'same-origin',
            'content-type': 'application/json',
            'x-forwarded-for': address,
          },
        }),
        { incoming: { socket: { remoteAddress: '127.0.0.1' } } as never },
      )
    const flood = from('192.0.2.1')
    const answers = await Promise.all(Array.from({ length: 310 }, () => flood('x')))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(10)
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await from('192.0.2.200')(message.stanza)).status).toBe(429)
    expect((await from('192.0.3.1')(message.stanza)).status).toBe(200)
    test.here.clockMs += 60_000
    expect((await flood(message.stanza)).status).toBe(200)
  })
})

describe('promise: passcodes never stand in logs', () => {
  it('logs no address, code, reference or network address on the whole way', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    const { challenge, reference } = await askPasscode(bob, message.stanza)
    const code = codeIn(await test.sink.next(BOB))
    await verify(bob, challenge, '00000000')
    await verify(bob, challenge, code)
    await release(bob, message.stanza)
    const lines = test.logged.join('') + test.counters.prometheus()
    for (const canary of [code, reference, BOB, challenge, '127.0.0.1'])
      expect(lines).not.toContain(canary)
    expect(test.counters.prometheus()).toContain('zegel_passcode_mails_total')
  })
})
