import { describe, expect, it } from 'vitest'
import type { SessionView } from '../../../src/core/api/messages.ts'
import { SIGN_IN_PAGES } from '../../../src/core/api/sign-in-results.ts'
import { BOB, sealHere } from '../keys/installation.ts'
import {
  accountPortal,
  comeBack,
  outcomeOf,
  signInWithAccount,
  startSignIn,
} from './support/account-portal.ts'
import { callback, isSignedIn, liarNeeds, liars, tryLiar } from './support/liars.ts'
import { lyingProvider } from './support/lying-provider.ts'
import { codeIn } from './support/passcode-sink.ts'
import { askPasscode, signIn } from './support/sign-in.ts'
import { testPortal } from './support/test-portal.ts'
import { ORIGIN, visitor } from './support/visitor.ts'
import type { Visitor } from './support/visitor.ts'

describe('the lying provider, while it is honest', () => {
  it('signs in', async () => {
    const test = await liars()
    const bob = visitor(test.portal)
    expect(await tryLiar(test, bob)).toBe('proven')
    expect(await isSignedIn(bob)).toBe(true)
  })
})

describe('threat: nOAuth', () => {
  it('opens nothing for a foreign tenant, a guest or an unverified address', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    for (const [provider, kind] of [
      ['microsoft', 'liar'],
      ['microsoft', 'guest'],
      ['google', 'other'],
      ['google', 'unverified'],
    ] as const) {
      const mallory = visitor(test.portal)
      const outcome = await signInWithAccount(mallory, { email: BOB, kind }, { provider })
      expect(`${kind} ${outcome.result}`).toBe(`${kind} passcode-needed`)
      const json = { stanza: message.stanza, browserKey: `B${'A'.repeat(86)}=` }
      expect((await mallory.ask('/api/release', { json })).status).toBe(401)
    }
  })

  it('lets nobody associate an account with a mailbox that is not theirs', async () => {
    const test = await accountPortal()
    const message = await sealHere(test.here)
    const mallory = visitor(test.portal)
    await signInWithAccount(mallory, { email: BOB, kind: 'liar' })
    const { challenge } = await askPasscode(mallory, message.stanza)
    const right = codeIn(await test.sink.next(BOB))
    const code = right === '00000000' ? '00000001' : '00000000'
    const { account } = (await (await mallory.ask('/api/session')).json()) as SessionView
    const json = { challenge, code, privateComputer: false, associate: account?.id }
    expect((await mallory.ask('/api/passcodes/verify', { json })).status).toBe(403)
    const again = visitor(test.portal)
    const outcome = await signInWithAccount(again, { email: BOB, kind: 'liar' })
    expect(outcome.result).toBe('passcode-needed')
  })
})

describe('threat: mix-up of two identity providers', () => {
  it('takes no answer of one at the door of the other', async () => {
    const test = await liars()
    const bob = visitor(test.portal)
    const location = await startSignIn(bob, { provider: 'other' })
    const wrongDoor = callback(test.other, location)
    wrongDoor.pathname = '/auth/liar/callback'
    expect((await comeBack(bob, wrongDoor)).result).toBe('stale')
    expect(test.liar.asked).toEqual([])
    expect(test.other.asked).toEqual([])
  })

  it('gives a code to nobody when the answer names another issuer, or none where it should', async () => {
    const test = await liars()
    const bob = visitor(test.portal)
    expect(await tryLiar(test, bob, { iss: test.other.issuer })).toBe('failed')
    expect(await tryLiar(test, bob, { iss: null })).toBe('failed')
    expect(test.liar.asked).toEqual([])
    expect(await isSignedIn(bob)).toBe(false)
  })

  it('takes no discovery document that names another issuer', async () => {
    const test = await liars()
    test.liar.lies.metadata = { issuer: test.other.issuer }
    const location = await startSignIn(visitor(test.portal), { provider: 'liar' })
    expect(location.hash).toBe('#sign-in=failed&provider=liar')
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://evil.example/', 'no address'])(
    'leads nobody to an authorization endpoint such as %s',
    async endpoint => {
      const test = await liars()
      test.liar.lies.metadata = { authorization_endpoint: endpoint }
      const location = await startSignIn(visitor(test.portal), { provider: 'liar' })
      expect(location.origin).toBe(ORIGIN)
      expect(location.hash).toBe('#sign-in=failed&provider=liar')
    },
  )
})

describe('threat: code injection', () => {
  it('a stolen code is worth nothing in another browser: the verifier is missing', async () => {
    const test = await liars()
    const victim = visitor(test.portal)
    const stolen = test.liar.issueCode(await startSignIn(victim, { provider: 'liar' }))
    const mallory = visitor(test.portal)
    expect(await tryLiar(test, mallory, { code: stolen })).toBe('failed')
    expect(await isSignedIn(mallory)).toBe(false)
  })

  it('and at a provider that does not look at the verifier, the nonce is another', async () => {
    const test = await liars()
    test.liar.lies.takesAnyCode = true
    const victim = visitor(test.portal)
    const stolen = test.liar.issueCode(await startSignIn(victim, { provider: 'liar' }))
    const mallory = visitor(test.portal)
    expect(await tryLiar(test, mallory, { code: stolen })).toBe('failed')
    expect(await isSignedIn(mallory)).toBe(false)
  })
})

describe('threat: one network keeps another reader of it from signing in', () => {
  it('neither by starts nor by answers: each has a limit of its own', async () => {
    const test = await liars()
    const bob = visitor(test.portal)
    const led = await startSignIn(bob, { provider: 'liar' })
    const mallory = visitor(test.portal)
    const ended = async (start: () => Promise<URL | { readonly result: string }>) => {
      for (let i = 0; i < 1000; i += 1) {
        const end = await start()
        const said = 'hash' in end ? end.hash : end.result
        if (said.includes('rate-limited')) return i
      }
      return 1000
    }
    expect(await ended(() => startSignIn(mallory, { provider: 'liar' }))).toBeLessThan(1000)
    expect((await comeBack(bob, callback(test.liar, led))).result).toBe('proven')
    test.here.clockMs += 10 * 60_000
    const forged = new URL('/auth/liar/callback?state=x&code=y', ORIGIN)
    expect(await ended(() => comeBack(mallory, forged))).toBeLessThan(1000)
    const again = visitor(test.portal)
    expect((await startSignIn(again, { provider: 'liar' })).hash).toBe('')
  })
})

describe('threat: a replayed or foreign answer', () => {
  it('is taken once, on all nodes', async () => {
    const test = await liars()
    test.liar.lies.takesAnyCode = true
    const bob = visitor(test.portal)
    const location = await startSignIn(bob, { provider: 'liar' })
    const url = callback(test.liar, location)
    const cookies = new Map(bob.cookies)
    expect((await comeBack(bob, url)).result).toBe('proven')
    expect((await comeBack(bob, url)).result).toBe('stale')
    const copy = visitor(await test.anotherNode())
    for (const [name, value] of cookies) copy.cookies.set(name, value)
    expect((await comeBack(copy, url)).result).toBe('stale')
    expect(test.liar.asked).toHaveLength(1)
  })

  it('is taken once of twenty at the same time', async () => {
    const test = await liars()
    test.liar.lies.takesAnyCode = true
    const bob = visitor(test.portal)
    const url = callback(test.liar, await startSignIn(bob, { provider: 'liar' }))
    const path = url.href.slice(ORIGIN.length)
    const cookie = [...bob.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => visitor(test.portal).ask(path, { headers: { cookie } })),
    )
    const results = await Promise.all(answers.map(async each => (await outcomeOf(each)).result))
    expect(results.toSorted()).toEqual(['proven', ...Array.from({ length: 19 }, () => 'stale')])
  })

  it('is taken no more after a quarter of an hour', async () => {
    const test = await liars()
    const bob = visitor(test.portal)
    const url = callback(test.liar, await startSignIn(bob, { provider: 'liar' }))
    test.here.clockMs += 15 * 60_000
    expect((await comeBack(bob, url)).result).toBe('stale')
  })
})

describe('threat: state or nonce altered or missing', () => {
  it.each([null, '', 'x', 'A'.repeat(43), "' or 1=1 --"])('state %s', async state => {
    const test = await liars()
    const bob = visitor(test.portal)
    expect(await tryLiar(test, bob, { state })).toBe('stale')
    expect(test.liar.asked).toEqual([])
    expect(await isSignedIn(bob)).toBe(false)
  })

  it('a second state beside the right one', async () => {
    const test = await liars()
    const bob = visitor(test.portal)
    const url = callback(test.liar, await startSignIn(bob, { provider: 'liar' }))
    url.searchParams.append('state', 'x')
    expect((await comeBack(bob, url)).result).toBe('failed')
  })

  it.each([undefined, '', 'x', null, 7])('nonce %s', async nonce => {
    const test = await liars()
    test.liar.lies.claims = { nonce }
    const bob = visitor(test.portal)
    expect(await tryLiar(test, bob)).toBe('failed')
    expect(await isSignedIn(bob)).toBe(false)
  })

  it('a cookie that somebody wrote or cut', async () => {
    const test = await liars()
    const bob = visitor(test.portal)
    const url = callback(test.liar, await startSignIn(bob, { provider: 'liar' }))
    const name = [...bob.cookies.keys()].find(each => each.includes('sign-in')) ?? ''
    const value = bob.cookies.get(name) ?? ''
    for (const forged of [value.slice(0, -1), `${value}A`, 'e30.e30.e30.e30.e30', 'x']) {
      bob.cookies.set(name, forged)
      expect((await comeBack(bob, url)).result).toBe('stale')
    }
  })
})

describe('threat: login CSRF', () => {
  it("nobody is signed in as somebody else by the attacker's answer", async () => {
    const test = await liars()
    const mallory = visitor(test.portal)
    const url = callback(test.liar, await startSignIn(mallory, { provider: 'liar' }))
    const victim = visitor(test.portal)
    expect((await comeBack(victim, url)).result).toBe('stale')
    expect(await isSignedIn(victim)).toBe(false)
  })

  it('also not when the victim has a sign-in of their own under way, or the cookie planted', async () => {
    const test = await liars()
    const mallory = visitor(test.portal)
    const url = callback(test.liar, await startSignIn(mallory, { provider: 'liar' }))
    const victim = visitor(test.portal)
    await startSignIn(victim, { provider: 'liar' })
    expect((await comeBack(victim, url)).result).toBe('stale')
    for (const [name, value] of mallory.cookies)
      if (name.includes('sign-in')) victim.cookies.set(name, value)
    expect((await comeBack(victim, url)).result).toBe('stale')
    expect(await isSignedIn(victim)).toBe(false)
  })

  it('is not begun by another site', async () => {
    const { portal } = await liars()
    const path = '/auth/liar/start?organisation=example&private=0&prompt=usual&page=read'
    const response = await visitor(portal).ask(path, {
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    expect(response.status).toBe(403)
    expect(response.headers.getSetCookie()).toEqual([])
  })
})

describe('threat: public computer', () => {
  it.each([
    ['same-origin', true],
    ['none', false],
  ])('a start that is %s says that the computer is private: %s', async (site, isPrivate) => {
    const test = await liars()
    const bob = visitor(test.portal)
    const path = '/auth/liar/start?organisation=example&private=1&prompt=usual&page=read'
    const started = await bob.ask(path, { headers: { 'sec-fetch-site': site } })
    const location = new URL(started.headers.get('location') ?? '', ORIGIN)
    expect((await comeBack(bob, callback(test.liar, location))).result).toBe('proven')
    const view = (await (await bob.ask('/api/session')).json()) as SessionView
    expect(view.idleUntilMs === view.endsAtMs).toBe(isPrivate)
  })
})

describe('threat: session fixation', () => {
  it('a session that was planted is worth nothing after the sign-in', async () => {
    const test = await liars()
    const message = await sealHere(test.here)
    const mallory = visitor(test.portal)
    const eve = await sealHere(test.here, {
      recipients: [{ address: 'eve@example.net' as never, listed: true }],
    })
    await signIn(test, mallory, eve.stanza, 'eve@example.net')
    const planted = mallory.cookies.get('__Host-zegel-session') ?? ''
    const victim = visitor(test.portal)
    victim.cookies.set('__Host-zegel-session', planted)
    expect(await tryLiar(test, victim)).toBe('proven')
    expect(victim.cookies.get('__Host-zegel-session')).not.toBe(planted)
    expect(await isSignedIn(mallory)).toBe(false)
    const json = { stanza: message.stanza }
    const seen = await (await mallory.ask('/api/describe', { json })).text()
    expect(seen).toContain('"signedIn":false')
  })
})

describe('threat: open redirect', () => {
  it.each([
    'private=0&prompt=usual&page=//evil.example',
    'private=0&prompt=usual&page=https://evil.example',
    'private=0&prompt=usual&page=/open',
    'private=0&prompt=usual&page=__proto__',
    'private=0&prompt=usual',
    'private=0&prompt=none&page=read',
    'private=2&prompt=usual&page=read',
  ])('a start with %s is refused', async query => {
    const { portal } = await liars()
    const path = `/auth/liar/start?organisation=example&${query}`
    const response = await visitor(portal).ask(path)
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
  })

  it('whatever comes back leads to one of two pages', async () => {
    const test = await liars()
    const bob = visitor(test.portal)
    for (const query of [
      '',
      '?next=//evil.example',
      '?error=x&error_uri=https://evil.example',
      '?state=//x',
    ]) {
      const response = await bob.ask(`/auth/liar/callback${query}`)
      const location = new URL(response.headers.get('location') ?? '', ORIGIN)
      expect(location.origin).toBe(ORIGIN)
      expect(Object.values<string>(SIGN_IN_PAGES)).toContain(location.pathname)
    }
  })

  it('offers no provider to an organisation that has none, and none that does not exist', async () => {
    const liar = await lyingProvider()
    const providers = [liar.settings('liar', { organisation: 'other' })]
    const { portal } = await testPortal({ portal: { providers }, needs: liarNeeds })
    const ask = (provider: string, organisation: string) =>
      visitor(portal).ask(
        `/auth/${provider}/start?organisation=${organisation}&private=0&prompt=usual&page=read`,
      )
    expect((await ask('liar', 'other')).status).toBe(303)
    expect((await ask('liar', 'example')).status).toBe(404)
    expect((await ask('liar', 'nobody')).status).toBe(404)
    expect((await ask('none', 'other')).status).toBe(404)
    expect((await ask('%2F%2Fevil.example', 'other')).status).toBe(404)
  })
})

describe('threat: an organisation proves a foreign address through its own provider', () => {
  it('counts for nothing before another organisation', async () => {
    const liar = await lyingProvider()
    const providers = [liar.settings('liar', { organisation: 'other' })]
    const test = await testPortal({ portal: { providers }, needs: liarNeeds })
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    const location = await startSignIn(bob, { provider: 'liar', organisation: 'other' })
    expect((await comeBack(bob, callback(liar, location))).result).toBe('proven')
    const json = { stanza: message.stanza }
    expect(await (await bob.ask('/api/describe', { json })).text()).toContain('"signedIn":false')
  })

  it('counts no more once the provider is not trusted for the domain', async () => {
    const liar = await lyingProvider()
    const trusting = { providers: [liar.settings('liar')] }
    const test = await testPortal({ portal: trusting, needs: liarNeeds })
    const bob = visitor(test.portal)
    await comeBack(bob, callback(liar, await startSignIn(bob, { provider: 'liar' })))
    const proven = async (who: Visitor) =>
      ((await (await who.ask('/api/session')).json()) as Partial<SessionView>).addresses ?? []
    expect(await proven(bob)).toEqual([BOB])
    const { secret, ring } = test.here.portal
    for (const providers of [[liar.settings('liar', { trustedDomains: [] })], []]) {
      const later = await testPortal({
        portal: { providers },
        needs: { ...liarNeeds, secret, ring, store: test.here.store },
      })
      const same = visitor(later.portal)
      for (const [name, value] of bob.cookies) same.cookies.set(name, value)
      expect(await proven(same)).toEqual([])
    }
  })
})
