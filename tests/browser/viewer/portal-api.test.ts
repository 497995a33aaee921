import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createPortalApi } from '../../../src/browser/viewer/portal-api.ts'

const answering = (status: number, body: unknown, log: Request[] = []) =>
  createPortalApi((input, init) => {
    log.push(new Request(new URL(input as string, 'https://mail.example.com'), init))
    return Promise.resolve(
      new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }),
    )
  })

const session = { addresses: ['bob@example.org'], account: null, idleUntilMs: 1, endsAtMs: 2 }
const problem = { type: 'about:blank', title: 'Wrong', status: 403 }

describe('the portal as the page asks it', () => {
  it('hands on an answer of the right shape', async () => {
    expect(await answering(200, session).session()).toEqual({ ok: true, value: session })
  })

  it('takes an answer of another shape for none', async () => {
    for (const body of [{ ...session, more: 1 }, {}, null, '<html>', ''])
      expect(await answering(200, body).session()).toEqual({
        ok: false,
        refusal: { code: 'internal' },
      })
  })

  it('hands on the code of a problem with what belongs to it', async () => {
    const wrong = answering(403, { ...problem, code: 'wrong-passcode', triesLeft: 4 })
    const verify = wrong.verifyPasscode({ challenge: 'x', code: '1', privateComputer: false })
    expect(await verify).toEqual({ ok: false, refusal: { code: 'wrong-passcode', triesLeft: 4 } })
    const limited = answering(429, { ...problem, code: 'rate-limited', retryAfterSeconds: 60 })
    expect(await limited.describe({ stanza: '' })).toEqual({
      ok: false,
      refusal: { code: 'rate-limited', retryAfterSeconds: 60 },
    })
  })

  it('knows what is not the portal’s own answer', async () => {
    for (const body of ['<html>Bad gateway', { ...problem, code: 'made-up' }])
      expect(await answering(502, body).session()).toMatchObject({ refusal: { code: 'internal' } })
  })

  it('says when there is no connection', async () => {
    const offline = createPortalApi(() => Promise.reject(new TypeError('failed')))
    expect(await offline.session()).toEqual({ ok: false, refusal: { code: 'offline' } })
    expect(() => offline.countError('offline')).not.toThrow()
  })

  it.each([
    ['hours ahead', 3 * 3_600_000, 3 * 3_600_000],
    ['days behind', -2 * 86_400_000, -2 * 86_400_000],
    ['right, but for the network', 2_500, 0],
  ])('ends a session in time also when this device’s clock is %s', async (_, aheadMs, expected) => {
    const portalMs = Date.UTC(2026, 10, 21, 12)
    const body = { ...session, idleUntilMs: portalMs + 1000, endsAtMs: portalMs + 2000 }
    const headers = { date: new Date(portalMs).toUTCString() }
    const api = createPortalApi(
      () => Promise.resolve(new Response(JSON.stringify(body), { headers })),
      () => portalMs + aheadMs,
    )
    const { idleUntilMs, endsAtMs } = body
    expect(await api.session()).toMatchObject({
      value: { idleUntilMs: idleUntilMs + expected, endsAtMs: endsAtMs + expected },
    })
  })

  it('signs out with an answer that has no body', async () => {
    const api = createPortalApi(() => Promise.resolve(new Response(null, { status: 204 })))
    expect(await api.signOut()).toEqual({ ok: true, value: null })
  })

  it.each([
    ['says that it is the installed app where it is, by one mark', true, '1'],
    ['says nothing of the kind in a browser', false, null],
  ])('%s', async (_, matches, mark) => {
    vi.stubGlobal('matchMedia', (query: string) => ({
      matches: matches && query === '(display-mode:standalone)',
    }))
    onTestFinished(() => void vi.unstubAllGlobals())
    const log: Request[] = []
    await answering(200, {}, log).release({ stanza: 'x', browserKey: 'y' })
    expect(log[0]?.headers.get('zegel-app')).toBe(mark)
    expect(log[0]?.headers.get('content-type')).toBe('application/json')
    expect(await log[0]?.json()).toEqual({ stanza: 'x', browserKey: 'y' })
  })

  it('sends a code of an error and nothing else when it counts one', async () => {
    const log: Request[] = []
    answering(204, '', log).countError('bad-signature')
    expect(await log[0]?.json()).toEqual({ error: 'bad-signature' })
  })
})
