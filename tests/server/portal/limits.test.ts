import { describe, expect, it } from 'vitest'
import { BOB, sealHere } from '../keys/installation.ts'
import { signIn } from './support/sign-in.ts'
import { testPortal } from './support/test-portal.ts'
import { visitor } from './support/visitor.ts'

/** A portal whose limits can be used up one by one, a message, and somebody who has signed in. */
async function countedPortal() {
  const test = await testPortal()
  const { stanza } = await sealHere(test.here)
  const bob = visitor(test.portal)
  await signIn(test, bob, stanza, BOB)
  const { rates } = test.here.store
  const counts = { taken: new Set<string>(), usedUp: '' }
  rates.take = async key => {
    counts.taken.add(key)
    return key === counts.usedUp ? 1_000_000 : 1
  }
  return { bob, stanza, counts }
}

describe('threat: floods, guessing and mail bombs, at every door', () => {
  it('refuses when any of the limits of a route is used up', async () => {
    const { bob, stanza, counts } = await countedPortal()
    const browserKey = `B${'A'.repeat(86)}=`
    const binary = { token: 'x', id: 'AAAA', clientDataJSON: 'AAAA', authenticatorData: 'AAAA' }
    const assertion = { stanza, ...binary, signature: 'AAAA', privateComputer: false }
    const code = { challenge: 'x', code: '00000000', privateComputer: false }
    // How many windows count: of the network, the organisation, the message, the address (two), the session.
    const doors: readonly (readonly [string, unknown, number])[] = [
      ['/api/describe', { stanza }, 2],
      ['/api/passcodes', { stanza, recipient: { index: 0 }, locale: 'en' }, 5],
      ['/api/passcodes/verify', code, 1],
      ['/api/passkeys/authenticate/options', {}, 1],
      ['/api/passkeys/authenticate/verify', assertion, 1],
      ['/api/passkeys/register/options', { address: BOB }, 1],
      ['/api/release', { stanza, browserKey }, 1],
      ['/api/usage', { error: 'offline' }, 1],
    ]
    for (const [path, json, windows] of doors) {
      Object.assign(counts, { taken: new Set<string>(), usedUp: '' })
      expect((await bob.ask(path, { json })).status, path).not.toBe(429)
      const { taken } = counts
      expect(taken.size, path).toBe(windows)
      for (const usedUp of taken) {
        counts.usedUp = usedUp
        const refused = await bob.ask(path, { json })
        expect(refused.status, path).toBe(429)
        expect(Number(refused.headers.get('retry-after')), path).toBeGreaterThan(0)
      }
    }
  })

  it('answers a typed address as always when its own limit is used up: it would tell who is in Bcc', async () => {
    const { bob, stanza, counts } = await countedPortal()
    for (const typed of ['carol@example.org', 'mavis@example.org']) {
      const json = { stanza, recipient: { address: typed }, locale: 'en' }
      Object.assign(counts, { taken: new Set<string>(), usedUp: '' })
      expect((await bob.ask('/api/passcodes', { json })).status).toBe(201)
      const statuses = []
      for (counts.usedUp of counts.taken)
        statuses.push((await bob.ask('/api/passcodes', { json })).status)
      expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 201, 429, 429, 429])
    }
  })
})
