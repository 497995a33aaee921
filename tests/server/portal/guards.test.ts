import { describe, expect, it } from 'vitest'
import type { Problem } from '../../../src/core/api/messages.ts'
import { createApp } from '../../../src/server/portal/app.ts'
import type { AppNeeds } from '../../../src/server/portal/app.ts'
import type { Guard, Route } from '../../../src/server/portal/route.ts'
import { BOB, sealHere } from '../keys/installation.ts'
import { nameOf, pathOf } from './support/every-route.ts'
import { codeIn } from './support/passcode-sink.ts'
import { askPasscode, signIn, verify } from './support/sign-in.ts'
import { testPortal } from './support/test-portal.ts'
import { ORIGIN, visitor } from './support/visitor.ts'

const problemOf = async (response: Response) => (await response.json()) as Problem

describe('threat: forgotten test endpoints, missing authorisation', () => {
  it('has exactly the routes that were meant, each with its guard', async () => {
    const { portal } = await testPortal()
    const meant = [
      'GET / anyone',
      'GET /open anyone',
      'POST /open anyone',
      'POST /open/shared anyone',
      'GET /read anyone',
      'GET /leave anyone',
      'GET /associations anyone',
      'GET /accessibility anyone',
      'GET /privacy anyone',
      'GET /promises anyone',
      'POST /api/describe same-origin',
      'POST /api/passcodes same-origin',
      'POST /api/passcodes/verify same-origin',
      'GET /api/passcodes/:id same-origin',
      'POST /api/passkeys/register/options session',
      'POST /api/passkeys/register/verify session',
      'POST /api/passkeys/authenticate/options same-origin',
      'POST /api/passkeys/authenticate/verify same-origin',
      'GET /api/passkeys session',
      'DELETE /api/passkeys session',
      'GET /auth/:provider/start same-origin',
      'GET /auth/:provider/callback transaction',
      'GET /api/associations session',
      'DELETE /api/associations session',
      'POST /api/release session',
      'POST /api/replies session',
      'GET /api/session session',
      'DELETE /api/session same-origin',
      'POST /api/usage same-origin',
      'GET /service-worker.js anyone',
      'GET /manifest.webmanifest anyone',
      'GET /assets/:name anyone',
      'GET /.well-known/zegel-release.json anyone',
      'GET /.well-known/security.txt anyone',
      'GET /health/live operator',
      'GET /health/ready operator',
    ]
    const routes = portal.routes.map(route => `${nameOf(route)} ${route.guard}`)
    expect(routes.toSorted()).toEqual(meant.toSorted())
  })

  it.each([undefined, '', 'nobody', 'Anyone'])('does not start with the guard %s', guard => {
    const route = {
      method: 'GET',
      path: '/test',
      guard: guard as Guard,
      profile: 'api',
      handle: context => context.text('open to all'),
    } satisfies Route
    const needs = { routes: [route] } as unknown as AppNeeds
    expect(() => createApp(needs)).toThrow(/guard/)
  })

  it('shows nothing of a message to who has not signed in, on any route', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    await signIn(test, visitor(test.portal), message.stanza, BOB)
    for (const route of test.portal.routes) {
      const stranger = visitor(test.portal)
      const response = await stranger.ask(pathOf(route), {
        method: route.method,
        ...(route.method === 'POST' ? { json: { stanza: message.stanza, browserKey: 'x' } } : {}),
      })
      const shown = await response.text()
      const headers = JSON.stringify([...response.headers])
      for (const canary of [BOB, 'carol', 'Subject: secret', 'the words', message.policy.messageId])
        expect(`${nameOf(route)} ${headers}${shown}`).not.toContain(canary)
    }
  })

  it('answers 404 outside the table and 405 with Allow inside it', async () => {
    const { portal } = await testPortal()
    const who = visitor(portal)
    for (const path of [
      '/test',
      '/api/admin',
      '/debug',
      '/.env',
      '/open/',
      '/assets/../package.json',
    ])
      expect((await who.ask(path)).status).toBe(404)
    const wrong = await who.ask('/api/release', { method: 'PUT' })
    expect(wrong.status).toBe(405)
    expect(wrong.headers.get('allow')).toBe('POST')
    expect((await problemOf(wrong)).code).toBe('method-not-allowed')
    expect((await who.ask('/open', { method: 'DELETE' })).headers.get('allow')).toBe(
      'GET, POST, HEAD',
    )
  })
})

describe('threat: CSRF', () => {
  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: ORIGIN },
    { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'none', origin: 'null' },
  ])('refuses what comes from elsewhere, on every guarded route: %o', async headers => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    await signIn(test, bob, message.stanza, BOB)
    const guarded = test.portal.routes.filter(
      ({ guard }) => !['anyone', 'transaction', 'operator'].includes(guard),
    )
    expect(guarded).toHaveLength(18)
    for (const route of guarded) {
      const response = await bob.ask(pathOf(route), {
        method: route.method,
        headers,
        ...(route.method === 'POST' ? { json: {} } : {}),
      })
      expect(`${nameOf(route)} ${response.status}`).toBe(`${nameOf(route)} 403`)
      if (route.profile === 'api' && route.path.startsWith('/api/'))
        expect((await problemOf(response)).code).toBe('cross-site')
    }
  })

  it('refuses a change that says nothing about where it comes from', async () => {
    const { portal } = await testPortal()
    for (const path of ['/api/describe', '/api/session']) {
      const response = await portal.fetch(
        new Request(`${ORIGIN}${path}`, {
          method: path === '/api/session' ? 'DELETE' : 'POST',
          headers: { host: new URL(ORIGIN).host },
        }),
      )
      expect((await problemOf(response)).code).toBe('cross-site')
    }
  })

  it('takes Origin where a browser sends no Sec-Fetch-Site', async () => {
    const { portal } = await testPortal()
    const response = await portal.fetch(
      new Request(`${ORIGIN}/api/usage`, {
        method: 'POST',
        headers: {
          host: new URL(ORIGIN).host,
          origin: ORIGIN,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ error: 'offline' }),
      }),
    )
    expect(response.status).toBe(204)
  })

  it('refuses a body that a form of another site could send', async () => {
    const { portal } = await testPortal()
    const who = visitor(portal)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect(
        (
          await who.ask('/api/usage', {
            body: '{"error":"offline"}',
            headers: { 'content-type': type },
          })
        ).status,
      ).toBe(400)
  })
})

describe('threat: a scanner opens links and burns the code', () => {
  it('consumes nothing by GET or HEAD', async () => {
    const test = await testPortal()
    const message = await sealHere(test.here)
    const bob = visitor(test.portal)
    const { challenge, id } = await askPasscode(bob, message.stanza)
    const code = codeIn(await test.sink.next(BOB))
    const paths = [...test.portal.routes.map(pathOf), `/api/passcodes/${id}`]
    for (const path of paths)
      for (const method of ['GET', 'HEAD'])
        for (const query of ['', `?challenge=${challenge}&code=${code}`])
          await bob.ask(`${path}${query}`, { method })
    expect((await verify(bob, challenge, code)).status).toBe(200)
  })
})

describe('threat: clickjacking', () => {
  it('forbids frames, foreign scripts and sniffing on every answer, errors too', async () => {
    const { portal } = await testPortal()
    const who = visitor(portal)
    const asked = [
      ...portal.routes.map(route => [route.method, pathOf(route)] as const),
      ['GET', '/no-such-page'] as const,
      ['PUT', '/open'] as const,
    ]
    for (const [method, path] of asked) {
      const { headers } = await who.ask(path, { method })
      const policy = headers.get('content-security-policy') ?? ''
      expect(`${path} ${policy}`).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("base-uri 'none'")
      expect(policy).not.toMatch(/unsafe-eval|https?:|\*/)
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/)
      expect(headers.get('permissions-policy')).toContain('camera=()')
    }
  })

  it('lets no page but the reader have inline styles and pictures of its own, and none inline scripts', async () => {
    const { portal } = await testPortal()
    const policyOf = async (path: string) =>
      (await visitor(portal).ask(path)).headers.get('content-security-policy') ?? ''
    expect(await policyOf('/read')).toContain("style-src 'self' 'unsafe-inline'")
    expect(await policyOf('/read')).toContain("img-src 'self' data: blob:")
    expect(await policyOf('/read')).toContain("require-trusted-types-for 'script'")
    for (const path of ['/', '/open', '/leave', '/privacy']) {
      expect(await policyOf(path)).not.toMatch(/unsafe-inline|data:|blob:/)
      expect(await policyOf(path)).toMatch(/script-src 'self';/)
    }
  })

  it('promises TLS for later visits only where there is TLS', async () => {
    const { portal } = await testPortal({ portal: { url: 'http://localhost:8080' } })
    const { headers } = await visitor(portal, 'http://localhost:8080').ask('/')
    expect(headers.get('strict-transport-security')).toBeNull()
  })

  const cacheOf = (path: string): RegExp => {
    if (path === '/assets/:name') return /immutable/
    return path === '/service-worker.js' ? /^no-cache$/ : /^no-store$/
  }

  it('keeps only assets in caches', async () => {
    const { portal } = await testPortal()
    for (const route of portal.routes) {
      const { headers } = await visitor(portal).ask(pathOf(route), { method: route.method })
      expect(headers.get('cache-control')).toMatch(cacheOf(route.path))
    }
  })
})

describe('threat: open redirect, foreign host names', () => {
  it('leads an old host name to the canonical one, with 308 and nothing of the request', async () => {
    const { portal } = await testPortal({ portal: { aliases: ['old.example.com'] } })
    const old = visitor(portal, 'https://old.example.com')
    for (const path of ['/open', '/open?next=https://evil.example', '/read']) {
      const response = await old.ask(path)
      expect(response.status).toBe(308)
      expect(response.headers.get('location')).toBe(`${ORIGIN}${path.split('?')[0]}`)
    }
    const posted = await old.ask('/open', {
      body: 'envelope=AAAA\r\n',
      headers: { 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site', origin: 'null' },
    })
    expect(posted.status).toBe(308)
    expect(posted.headers.get('location')).toBe(`${ORIGIN}/open`)
    expect((await old.ask('/api/session')).status).toBe(421)
  })

  it('refuses every other name', async () => {
    const { portal } = await testPortal()
    for (const origin of ['https://evil.example', 'https://mail.example.com.evil.example']) {
      const response = await visitor(portal, origin).ask('/open')
      expect(response.status).toBe(421)
      expect(response.headers.get('location')).toBeNull()
      expect(await response.text()).not.toContain('evil')
    }
  })

  it('redirects nowhere else, whatever stands in the path or the query', async () => {
    const { portal } = await testPortal({ portal: { aliases: ['old.example.com'] } })
    const paths = [
      '//evil.example',
      '/open//evil.example',
      '/leave?to=https://evil.example',
      '/%5cevil.example',
      '/open%0d%0aLocation:%20x',
    ]
    for (const origin of [ORIGIN, 'https://old.example.com'])
      for (const path of paths) {
        const location = (await visitor(portal, origin).ask(path)).headers.get('location')
        expect(location === null || location.startsWith(`${ORIGIN}/`)).toBe(true)
      }
  })

  it('answers health checks under any name', async () => {
    const { portal } = await testPortal()
    const balancer = visitor(portal, 'http://10.0.0.7:8080')
    expect(await (await balancer.ask('/health/live')).json()).toEqual({ status: 'ok' })
    expect((await balancer.ask('/health/ready')).status).toBe(200)
  })
})
