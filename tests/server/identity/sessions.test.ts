import { randomBytes } from 'node:crypto'
import { onTestFinished, describe, expect, it } from 'vitest'
import type { Proof } from '../../../src/core/policy/policy.ts'
import { createTokenBox } from '../../../src/server/identity/sealed-token.ts'
import { sessionView } from '../../../src/server/identity/session.ts'
import { createSessions } from '../../../src/server/identity/sessions.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import { fixedRing } from '../../support/fixed-ring.ts'
import { BOB, CAROL, proofOf } from '../keys/installation.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const secret = new Uint8Array(32).fill(5)
/** Everything is trusted: when trust falls is the portal's tests' part. */
const standing = { proof: async (proof: Proof) => proof, isAccepted: () => true }

async function sessionsHere() {
  const store = await openStore('sqlite::memory:')
  onTestFinished(() => store.close())
  const state = { nowMs: Date.UTC(2026, 10, 21, 12) }
  const at = (host: string) =>
    createSessions({
      store: store.sessions,
      ring: fixedRing(secret),
      standing,
      host,
      clock: () => state.nowMs,
      randomBytes,
    })
  const proof = (address = BOB, fields: Partial<Proof> = {}) =>
    proofOf(address, { provenAtMs: state.nowMs, ...fields })
  return { sessions: at('mail.example.com'), at, state, proof }
}

describe('sessions', () => {
  it('read what they sealed, with every proof', async () => {
    const { sessions, proof } = await sessionsHere()
    const session = await sessions.signIn(null, proof(), false)
    expect(await sessions.read(await sessions.seal(session))).toEqual(session)
  })

  it('end after 30 minutes without use, and live on with use for 12 hours at most', async () => {
    const { sessions, state, proof } = await sessionsHere()
    let session = await sessions.signIn(null, proof(), false)
    const unused = await sessions.seal(session)
    const startMs = state.nowMs
    state.nowMs = startMs + 30 * MINUTE_MS - 1
    expect(await sessions.read(unused)).not.toBeNull()
    while (state.nowMs + 29 * MINUTE_MS < startMs + 12 * HOUR_MS) {
      session = sessions.touch(session)
      state.nowMs += 29 * MINUTE_MS
      expect(await sessions.read(await sessions.seal(session))).not.toBeNull()
    }
    expect(await sessions.read(unused)).toBeNull()
    session = sessions.touch(session)
    state.nowMs = startMs + 12 * HOUR_MS
    expect(await sessions.read(await sessions.seal(session))).toBeNull()
  })

  it('last 12 hours on a private computer, used or not', async () => {
    const { sessions, state, proof } = await sessionsHere()
    const session = await sessions.signIn(null, proof(), true)
    const token = await sessions.seal(session)
    expect(sessionView(session).idleUntilMs).toBe(state.nowMs + 12 * HOUR_MS)
    state.nowMs += 12 * HOUR_MS - 1
    expect(await sessions.read(token)).not.toBeNull()
    state.nowMs += 1
    expect(await sessions.read(token)).toBeNull()
  })

  it('hold several addresses, each proof with its own time', async () => {
    const { sessions, state, proof } = await sessionsHere()
    const first = await sessions.signIn(null, proof(BOB), true)
    state.nowMs += 11 * HOUR_MS
    const both = await sessions.signIn(first, proof(CAROL), true)
    expect(sessionView(both).addresses).toEqual([BOB, CAROL])
    state.nowMs += 2 * HOUR_MS
    const later = await sessions.read(await sessions.seal(both))
    expect(later?.proofs.map(({ address }) => address)).toEqual([CAROL])
  })

  it('fit into a cookie, however long the addresses are; the newest stays', async () => {
    const { sessions, proof } = await sessionsHere()
    const long = (i: number) => `${i}${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.example`
    let session = await sessions.signIn(null, proof(), false)
    for (let i = 0; i < 8; i += 1)
      session = await sessions.signIn(session, proof(long(i) as typeof BOB), false)
    const key = 'k'.repeat(43)
    const label = 'é'.repeat(100)
    const realm = 'r'.repeat(22)
    const account = { provider: 'microsoft', realm, key, label, vouched: false, signedInAtMs: 0 }
    const names = Array.from({ length: 8 }, (_, i) => long(i) as typeof BOB)
    const token = await sessions.seal({ ...session, account: { ...account, addresses: names } })
    expect(token.length).toBeLessThanOrEqual(4096 - '__Host-zegel-session='.length)
    expect((await sessions.read(token))?.proofs.at(-1)?.address).toBe(long(7))
  })

  it('keep a stronger proof of an address when a weaker one comes, while it is valid', async () => {
    const { sessions, state, proof } = await sessionsHere()
    const strong = await sessions.signIn(null, proof(BOB, { assurance: 'mfa' }), true)
    state.nowMs += 11 * HOUR_MS
    const both = await sessions.signIn(strong, proof(BOB), true)
    const worth = async () =>
      (await sessions.read(await sessions.seal(both)))?.proofs.map(({ assurance }) => assurance)
    expect(await worth()).toEqual(['mfa', 'mailbox'])
    expect(sessionView(both).addresses).toEqual([BOB])
    state.nowMs += 2 * HOUR_MS
    expect(await worth()).toEqual(['mailbox'])
    const stronger = await sessions.signIn(both, proof(BOB, { assurance: 'account' }), true)
    expect(stronger.proofs.map(({ assurance }) => assurance)).toEqual(['account'])
  })

  it('write the cookie anew at most once a minute', async () => {
    const { sessions, state, proof } = await sessionsHere()
    const session = await sessions.signIn(null, proof(), false)
    state.nowMs += MINUTE_MS - 1
    expect(sessions.touch(session)).toBe(session)
    state.nowMs += 1
    expect(sessions.touch(session).seenAtMs).toBe(state.nowMs)
  })
})

describe('threat: session fixation', () => {
  it('gives a new number at every sign-in and ends the old session', async () => {
    const { sessions, proof } = await sessionsHere()
    const planted = await sessions.signIn(null, proof(BOB), false)
    const session = await sessions.signIn(planted, proof(CAROL), false)
    expect(session.id).not.toBe(planted.id)
    expect(await sessions.read(await sessions.seal(planted))).toBeNull()
    expect(await sessions.read(await sessions.seal(session))).not.toBeNull()
  })
})

describe('threat: stolen cookie after sign-out', () => {
  it('is refused everywhere at once, also when it was used since', async () => {
    const { sessions, at, state, proof } = await sessionsHere()
    const session = await sessions.signIn(null, proof(), false)
    const stolen = await sessions.seal(session)
    state.nowMs += 2 * MINUTE_MS
    const renewed = await sessions.seal(sessions.touch(session))
    await sessions.end(stolen)
    for (const token of [stolen, renewed])
      expect(await at('mail.example.com').read(token)).toBeNull()
  })
})

describe('threat: an organisation proves a foreign address through its own provider', () => {
  it('refuses a session of another host', async () => {
    const { sessions, at, proof } = await sessionsHere()
    const token = await sessions.seal(await sessions.signIn(null, proof(), false))
    expect(await at('mail.other.test').read(token)).toBeNull()
  })

  it('keeps no proof of another organisation when one signs in there', async () => {
    const { sessions, proof } = await sessionsHere()
    const foreign = await sessions.signIn(null, proof(BOB, { organisationId: 'other' }), false)
    const session = await sessions.signIn(foreign, proof(CAROL), false)
    expect(session.proofs.map(({ organisationId }) => organisationId)).toEqual(['example'])
  })
})

describe('threat: forged sessions', () => {
  it('refuses what is sealed by our key but is no session', async () => {
    const { sessions } = await sessionsHere()
    const box = createTokenBox(fixedRing(secret), 'session')
    for (const value of [null, 1, 'x', {}, [], { id: 'x' }])
      expect(await sessions.read(await box.seal(value))).toBeNull()
  })
})
