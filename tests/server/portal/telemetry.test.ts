import { describe, expect, it } from 'vitest'
import { createReleaseReceiver } from '../../../src/core/envelope/release.ts'
import { BOB, CAROL, sealHere } from '../keys/installation.ts'
import { signIn } from './support/sign-in.ts'
import { testPortal } from './support/test-portal.ts'
import type { TestPortal } from './support/test-portal.ts'
import { visitor } from './support/visitor.ts'
import type { Visitor } from './support/visitor.ts'

const EDGE = 'Mozilla/5.0 (Windows NT 10.0) Chrome/156.0.0.0 Safari/537.36 Edg/156.0'

/** A browser that sends the same fields with every request. */
function browser({ portal }: TestPortal, fields: Readonly<Record<string, string>>): Visitor {
  const who = visitor(portal)
  return {
    cookies: who.cookies,
    ask: (path, asked = {}) =>
      who.ask(path, { ...asked, headers: { 'user-agent': EDGE, ...fields, ...asked.headers } }),
  }
}

async function release(who: Visitor, stanza: string): Promise<Response> {
  const { publicKey } = await createReleaseReceiver()
  const browserKey = Buffer.from(publicKey).toString('base64')
  return who.ask('/api/release', { json: { stanza, browserKey } })
}

/** Signs in, reads five times, and meets an error as often. */
async function readAndFail(test: TestPortal, who: Visitor, address = BOB): Promise<void> {
  const { stanza } = await sealHere(test.here)
  await signIn(test, who, stanza, address, { address })
  for (let i = 0; i < 5; i += 1) {
    expect((await release(who, stanza)).status).toBe(200)
    const counted = await who.ask('/api/usage', { json: { error: 'bad-signature' } })
    expect(counted.status).toBe(204)
  }
}

async function rowsOf({ counters, here }: TestPortal) {
  await counters.flush()
  const rows = await here.store.usage.list('2026-01-01', '2027-01-01')
  return rows.map(({ metric, dimension, count }) => `${metric} ${dimension} ${count}`)
}

const OF_FIVE = ['browsers_used edge/desktop 5', 'errors bad-signature 5', 'messages_opened  5']

describe('promise: usage data is three kinds of counts', () => {
  it('has the same rows of two people with browsers of one family', async () => {
    const [one, two] = [await testPortal(), await testPortal()]
    await readAndFail(one, browser(one, { 'accept-language': 'nl' }), BOB)
    const other = { 'accept-language': 'ar', 'x-forwarded-for': '192.0.2.7' }
    await readAndFail(two, browser(two, other), CAROL)
    expect(await rowsOf(one)).toEqual(OF_FIVE)
    expect(await rowsOf(two)).toEqual(OF_FIVE)
  })

  it('knows the installed app by what its page says', async () => {
    const test = await testPortal()
    await readAndFail(test, browser(test, { 'zegel-app': '1' }))
    expect(await rowsOf(test)).toContain('browsers_used app/desktop 5')
  })

  it.each([{ dnt: '1' }, { 'sec-gpc': '1' }])(
    'holds nothing of a reader who asks for it with %j',
    async fields => {
      const test = await testPortal()
      await readAndFail(test, browser(test, fields))
      expect(await rowsOf(test)).toEqual([])
    },
  )

  it('counts no fault of ours either that such a reader met', async () => {
    const broken = () => Promise.reject(new Error('broken'))
    const test = await testPortal({ needs: { openStanza: broken } })
    const ask = (fields: Readonly<Record<string, string>>) =>
      browser(test, fields).ask('/api/describe', { json: { stanza: 'x' } })
    const askOften = async (fields: Readonly<Record<string, string>>): Promise<void> => {
      for (let i = 0; i < 5; i += 1) expect((await ask(fields)).status).toBe(500)
    }
    await askOften({ dnt: '1' })
    expect(await rowsOf(test)).toEqual([])
    await askOften({})
    expect(await rowsOf(test)).toEqual(['errors internal 5'])
  })

  it('is empty where telemetry is switched off', async () => {
    const test = await testPortal({ telemetry: false })
    await readAndFail(test, browser(test, {}))
    expect(await rowsOf(test)).toEqual([])
  })
})
