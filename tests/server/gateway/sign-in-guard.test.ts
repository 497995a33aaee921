import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSignInGuard } from '../../../src/server/gateway/sign-in-guard.ts'
import { createRateLimiter } from '../../../src/server/identity/rate-limiter.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import { createLog } from '../../../src/server/telemetry/log.ts'
import { RawClient } from './support/raw-client.ts'
import { tlsPaths } from './support/tls-files.ts'
import { useGateways } from './support/use-gateway.ts'

const { start } = useGateways()
const here = '127.0.0.1'
const elsewhere = '127.0.1.1'

afterEach(() => {
  vi.restoreAllMocks()
})

/** The answer to a password of `ann`, on a connection of its own. */
async function tryPassword(port: number, password: string, localAddress: string): Promise<number> {
  const client = await RawClient.connectTls(port, { localAddress })
  try {
    await client.answer()
    await client.command('EHLO x')
    const text = Buffer.from(`\0ann\0${password}`).toString('base64')
    return (await client.command(`AUTH PLAIN ${text}`)).code
  } finally {
    client.close()
  }
}

describe('threat: guessing a password over many connections', () => {
  it('ends the guesses of a network, also the right one, and leaves the mail server elsewhere alone', async () => {
    // No window of ten minutes may end in between.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now())
    const { gateway } = await start({
      gateway: {
        listenTls: ['127.0.0.1:0'],
        tls: tlsPaths.server,
        users: [{ name: 'ann', password: 'env:open sesame', organisation: 'example' }],
      },
    })
    const port = gateway.ports[1] ?? 0
    const answers: number[] = []
    for (let guess = 0; guess < 13; guess++) answers.push(await tryPassword(port, 'wrong', here))
    expect(answers.slice(0, 10)).toEqual(Array(10).fill(535))
    expect(answers.at(-1)).toBe(421)
    expect(await tryPassword(port, 'open sesame', here)).toBe(421)
    expect(await tryPassword(port, 'open sesame', elsewhere)).toBe(235)
    expect(gateway.log.join('')).toContain('sign-in-limited scope=user')
  })
})

async function useGuards() {
  const store = await openStore('sqlite::memory:')
  let nowMs = Date.parse('2026-11-21T12:00:00Z')
  const clock = () => nowMs
  const log: string[] = []
  const take = createRateLimiter({ rates: store.rates, secret: new Uint8Array(32), clock })
  const needs = { take, clock, log: createLog({ write: line => log.push(line), clock }) }
  return {
    store,
    log,
    guard: () => createSignInGuard(needs),
    pass: (ms: number) => (nowMs += ms),
  }
}

describe('createSignInGuard', () => {
  it('blocks one name of a network, then a network, and no other', async () => {
    const { guard, store, pass } = await useGuards()
    const one = guard()
    for (let i = 0; i < 11; i++) await one.failed('ann', '192.0.2.1')
    expect(one.mayTry('ann', '192.0.2.200')).toBe(false)
    expect(one.mayTry('bob', '192.0.2.1')).toBe(true)
    for (let i = 0; i < 50; i++) await one.failed(`name ${i}`, '192.0.2.1')
    expect(one.mayTry('bob', '192.0.2.1')).toBe(false)
    expect(one.mayTry('ann', '198.51.100.1')).toBe(true)
    pass(60 * 60 * 1000)
    expect(one.mayTry('ann', '192.0.2.1')).toBe(true)
    await store.close()
  })

  it('counts what other nodes have seen', async () => {
    const { guard, store } = await useGuards()
    const [one, other] = [guard(), guard()]
    for (let i = 0; i < 10; i++) await one.failed('ann', '2001:db8::1')
    await other.failed('ann', '2001:db8::1')
    expect(other.mayTry('ann', '2001:db8::1')).toBe(false)
    await store.close()
  })

  it('leaves a network one wrong password when guesses come from everywhere, and the right ones all', async () => {
    const { guard, store, log } = await useGuards()
    const one = guard()
    for (let i = 0; i < 3000; i++) await one.failed('ann', `10.${i >> 8}.${i & 255}.1`)
    expect(one.mayTry('ann', '10.0.1.1')).toBe(true)
    await one.failed('ann', '203.0.113.1')
    expect(one.mayTry('ann', '203.0.113.1')).toBe(false)
    expect(one.mayTry('ann', '198.51.100.1')).toBe(true)
    expect(log.join('')).toContain('scope=installation')
    await store.close()
  })

  it('blocks a network for a minute when a wrong password cannot be counted', async () => {
    const { guard, store, pass } = await useGuards()
    const one = guard()
    await store.close()
    await one.failed('ann', '192.0.2.1')
    expect(one.mayTry('bob', '192.0.2.9')).toBe(false)
    pass(60_001)
    expect(one.mayTry('bob', '192.0.2.9')).toBe(true)
  })
})
