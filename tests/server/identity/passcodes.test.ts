import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseAddress } from '../../../src/core/address/address.ts'
import type { Address } from '../../../src/core/address/address.ts'
import type { Policy } from '../../../src/core/policy/policy.ts'
import { openChallenge } from '../../../src/server/identity/challenge.ts'
import { derivePasscode } from '../../../src/server/identity/derive-passcode.ts'
import { PASSCODE_LIFETIME_MS } from '../../../src/server/identity/limits.ts'
import type { PasscodeToSend } from '../../../src/server/identity/passcode-mail.ts'
import { createPasscodes } from '../../../src/server/identity/passcodes.ts'
import type { Passcodes } from '../../../src/server/identity/passcodes.ts'
import { createRateLimiter } from '../../../src/server/identity/rate-limiter.ts'
import { createTokenBox } from '../../../src/server/identity/sealed-token.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import type { Store } from '../../../src/server/store/store.ts'
import { fixedRing } from '../../support/fixed-ring.ts'
import { BOB, CAROL, NOW_MS, policyFor } from '../keys/installation.ts'

const secret = new Uint8Array(32).fill(9)
const binding = () => randomBytes(16).toString('base64url')

/** One or two nodes on one database file. */
async function nodesHere(count: number) {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-passcodes-'))
  const state = { nowMs: NOW_MS, delivered: { state: 'accepted', reason: '' } as const }
  const sent: PasscodeToSend[] = []
  const stores: Store[] = []
  const nodes: Passcodes[] = []
  for (let i = 0; i < count; i += 1) {
    const store = await openStore(`sqlite:${join(folder, 'zegel.db')}`)
    stores.push(store)
    const clock = () => state.nowMs
    nodes.push(
      createPasscodes({
        store: store.passcodes,
        ring: fixedRing(secret),
        take: createRateLimiter({ rates: store.rates, secret, clock }),
        send: async passcode => {
          sent.push(passcode)
          return state.delivered
        },
        clock,
        randomBytes,
        onError: error => {
          throw error
        },
      }),
    )
  }
  onTestFinished(async () => {
    await Promise.all(nodes.map(node => node.settle()))
    await Promise.all(stores.map(store => store.close()))
    await rm(folder, { recursive: true })
  })
  const [first] = nodes
  if (first === undefined) throw new Error('no node')
  const ask = async (browser: string, recipient: { index: number } | { address: string }) => {
    const requested = await first.request({
      policy: policyFor(),
      recipient,
      binding: browser,
      locale: 'en',
    })
    if (!requested.ok) throw new Error(requested.code)
    await first.settle()
    return { ...requested.answer, code: sent.pop()?.code ?? '' }
  }
  const node = (i: number) => nodes[i % count] ?? first
  return { node, first, state, sent, folder, ask }
}

function mailbox(text: string): Address {
  const address = parseAddress(text)
  if (address === null) throw new Error(text)
  return address
}

const wrongOf = (code: string) => String((Number(code) + 1) % 100_000_000).padStart(8, '0')

describe('passcodes', () => {
  it('prove the address they were mailed to, once', async () => {
    const { first, ask, state } = await nodesHere(1)
    const browser = binding()
    const { challenge, code } = await ask(browser, { index: 0 })
    expect(await first.verify(challenge, code, browser)).toEqual({
      ok: true,
      proof: {
        organisationId: 'example',
        address: BOB,
        method: 'passcode',
        assurance: 'mailbox',
        provenAtMs: state.nowMs,
      },
    })
  })

  it('are taken with blanks, dashes and full-width digits', async () => {
    const { first, ask } = await nodesHere(1)
    const browser = binding()
    const { challenge, code } = await ask(browser, { index: 0 })
    const fullWidth = Array.from(code, digit => String.fromCodePoint(0xff10 + Number(digit))).join(
      '',
    )
    const typed = ` ${fullWidth.slice(0, 4)} - ${fullWidth.slice(4)}\u200b `
    expect((await first.verify(challenge, typed, browser)).ok).toBe(true)
  })

  it('end after 15 minutes', async () => {
    const { first, ask, state } = await nodesHere(1)
    const browser = binding()
    const { challenge, code, expiresAtMs } = await ask(browser, { index: 0 })
    expect(expiresAtMs).toBe(state.nowMs + PASSCODE_LIFETIME_MS)
    state.nowMs = expiresAtMs
    expect(await first.verify(challenge, code, browser)).toEqual({
      ok: false,
      code: 'passcode-expired',
    })
  })

  it('say what is no passcode without counting a try', async () => {
    const { first, ask } = await nodesHere(1)
    const browser = binding()
    const { challenge, code } = await ask(browser, { index: 0 })
    for (const typed of ['', '1234567', '123456789', 'abcdefgh'])
      expect(await first.verify(challenge, typed, browser)).toEqual({
        ok: false,
        code: 'wrong-passcode',
      })
    expect((await first.verify(challenge, code, browser)).ok).toBe(true)
  })

  it('tell in the browser that asked what became of the mail', async () => {
    const { first, ask } = await nodesHere(1)
    const browser = binding()
    const { id } = await ask(browser, { index: 0 })
    expect(await first.delivery(id, browser)).toEqual({ state: 'accepted', atMs: NOW_MS })
    expect(await first.delivery(id, binding())).toBeUndefined()
    expect(await first.delivery(id, null)).toBeUndefined()
    expect(await first.delivery(`${id}x`, browser)).toBeUndefined()
  })

  it('go to no position that does not exist, and to nothing that is no address', async () => {
    const { ask, sent } = await nodesHere(1)
    await expect(ask(binding(), { index: 1 })).rejects.toThrow('bad-request')
    await expect(ask(binding(), { address: 'bob' })).rejects.toThrow('bad-request')
    await expect(ask(binding(), { address: 'a@b.example\r\nBcc: x@y.example' })).rejects.toThrow(
      'bad-request',
    )
    expect(sent).toEqual([])
  })
})

describe('threat: passcode guessing', () => {
  it.each([1, 2])('gives five tries to 1,000 parallel requests on %i node(s)', async count => {
    const { node, ask } = await nodesHere(count)
    const browser = binding()
    const { challenge, code } = await ask(browser, { index: 0 })
    const wrong = wrongOf(code)
    const all = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => node(i).verify(challenge, wrong, browser)),
    )
    const left = all.map(answer => (!answer.ok && 'triesLeft' in answer ? answer.triesLeft : -1))
    expect(
      left.filter(tries => tries !== undefined && tries > 0).toSorted((a = 0, b = 0) => a - b),
    ).toEqual([1, 2, 3, 4])
    expect(left.filter(tries => tries === 0)).toHaveLength(996)
    // Five comparisons were made; the right code comes too late.
    expect(await node(0).verify(challenge, code, browser)).toEqual({
      ok: false,
      code: 'wrong-passcode',
      triesLeft: 0,
    })
  })

  it('takes the right code at the fifth try, and refuses it the sixth time', async () => {
    const { first, ask } = await nodesHere(1)
    const browser = binding()
    const one = await ask(browser, { index: 0 })
    for (let i = 0; i < 4; i += 1) await first.verify(one.challenge, wrongOf(one.code), browser)
    expect((await first.verify(one.challenge, one.code, browser)).ok).toBe(true)
    const two = await ask(browser, { index: 0 })
    for (let i = 0; i < 5; i += 1) await first.verify(two.challenge, wrongOf(two.code), browser)
    expect((await first.verify(two.challenge, two.code, browser)).ok).toBe(false)
  })
})

describe('threat: replay of a used passcode, racing verifications', () => {
  it.each([1, 2])('lets one of 100 parallel right answers in, on %i node(s)', async count => {
    const { node, ask } = await nodesHere(count)
    const browser = binding()
    const { challenge, code } = await ask(browser, { index: 0 })
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, i) => node(i).verify(challenge, code, browser)),
    )
    expect(all.filter(answer => answer.ok)).toHaveLength(1)
    const last = await node(count - 1).verify(challenge, code, browser)
    expect(last).toEqual({ ok: false, code: 'passcode-used' })
  })
})

describe('threat: fixation: a passcode asked for in one browser, typed in another', () => {
  it('is worth nothing in another browser, and costs no try there', async () => {
    const { first, ask } = await nodesHere(1)
    const browser = binding()
    const { challenge, code } = await ask(browser, { index: 0 })
    for (const other of [binding(), null, '', 'x'.repeat(22)])
      expect(await first.verify(challenge, code, other)).toEqual({
        ok: false,
        code: 'passcode-expired',
      })
    expect((await first.verify(challenge, code, browser)).ok).toBe(true)
  })

  it('refuses a challenge that was changed, and the code of one challenge for another', async () => {
    const { first, ask } = await nodesHere(1)
    const browser = binding()
    const one = await ask(browser, { index: 0 })
    const two = await ask(browser, { address: CAROL })
    expect((await first.verify(one.challenge, two.code, browser)).ok).toBe(false)
    expect(await first.verify(`${one.challenge}A`, one.code, browser)).toEqual({
      ok: false,
      code: 'bad-request',
    })
  })
})

describe('threat: enumeration of recipients', () => {
  it('answers the same for a typed address that is one and for one that is not', async () => {
    const { first, ask, sent } = await nodesHere(1)
    const browser = binding()
    const real = await ask(browser, { address: CAROL })
    const other = await ask(browser, { address: 'mavis@example.org' })
    const same = (answer: typeof real) => ({
      ...answer,
      id: answer.id.length,
      challenge: answer.challenge.length,
      reference: answer.reference.length,
      code: '',
      masked: answer.masked.slice(1),
    })
    const lengthOf = (address: string) => address.length
    expect(same(other).challenge - same(real).challenge).toBe(
      Math.ceil(((lengthOf('mavis@example.org') - lengthOf(CAROL)) * 4) / 3),
    )
    expect({ ...same(other), challenge: 0 }).toEqual({ ...same(real), challenge: 0 })
    expect(await first.delivery(real.id, browser)).toEqual(await first.delivery(other.id, browser))
    expect(await first.delivery(other.id, browser)).toEqual({ state: 'unknown', atMs: NOW_MS })
    expect(other.code).toBe('')
    expect(sent).toEqual([])
  })

  it('has no code that is right for an address that is no recipient', async () => {
    const { first, ask } = await nodesHere(1)
    const browser = binding()
    const { challenge } = await ask(browser, { address: 'mavis@example.org' })
    const opened = await openChallenge(createTokenBox(fixedRing(secret), 'challenge'), challenge)
    if (opened === null) throw new Error('no challenge')
    const answer = await first.verify(challenge, derivePasscode(secret, opened), browser)
    expect(answer).toEqual({ ok: false, code: 'wrong-passcode', triesLeft: 4 })
  })

  it('counts typed addresses the same for the limits, and what others asked of them shows in none', async () => {
    const { first } = await nodesHere(1)
    const refusedAfter = async (address: string) => {
      const policy = policyFor({ messageId: randomBytes(16).toString('base64url') })
      for (let i = 1; ; i += 1) {
        const recipient = { address }
        const one = await first.request({ policy, recipient, binding: binding(), locale: 'en' })
        if (!one.ok) return i
      }
    }
    const often = await refusedAfter(CAROL)
    expect(await refusedAfter(CAROL)).toBe(often)
    expect(await refusedAfter('mavis@example.org')).toBe(often)
  })
})

describe('threat: locking somebody out by asking in their place', () => {
  const wish = (policy: Policy, recipient: { index: number } | { address: string }) => ({
    policy,
    recipient,
    binding: binding(),
    locale: 'en',
  })

  it('takes nothing from whom a message is not for, however often a stranger types them', async () => {
    const { first, sent } = await nodesHere(1)
    const own = policyFor({ recipients: [{ address: mailbox('eve@example.net'), listed: true }] })
    for (let i = 0; i < 60; i += 1)
      for (const address of [BOB, CAROL]) await first.request(wish(own, { address }))
    await first.settle()
    expect(sent).toEqual([])
    for (const recipient of [{ index: 0 }, { address: CAROL }])
      expect((await first.request(wish(policyFor(), recipient))).ok).toBe(true)
    await first.settle()
    expect(sent.map(({ to }) => to).toSorted()).toEqual([BOB, CAROL].toSorted())
  })

  it('mails a typed recipient a few codes at most, and says nothing of it', async () => {
    const { first, sent } = await nodesHere(1)
    const ask = () => first.request(wish(policyFor(), { address: CAROL }))
    const all = await Promise.all(Array.from({ length: 40 }, ask))
    await first.settle()
    expect(all.every(one => one.ok)).toBe(true)
    expect(sent).toHaveLength(6)
  })
})

describe('threat: how many stand in Bcc', () => {
  it('is not told by the limit of a message, which anyone who has it can reach', async () => {
    const { first } = await nodesHere(1)
    const hidden = ['carol@example.net', 'dan@example.net', 'eve@example.net'].map(mailbox)
    const allowedFor = async (recipients: Policy['recipients']) => {
      const policy = policyFor({ recipients })
      for (let i = 0; ; i += 1) {
        const recipient = { address: `nobody-${policy.messageId}-${i}@example.net` }
        const one = await first.request({ policy, recipient, binding: binding(), locale: 'en' })
        if (!one.ok) return i
      }
    }
    const one = { address: BOB, listed: true }
    const alone = await allowedFor([one])
    const hiding = hidden.map(address => ({ address, listed: false }))
    expect(await allowedFor([one, ...hiding])).toBe(alone)
    const many = Array.from({ length: 60 }, (_, i) => mailbox(`reader-${i}@department.example.org`))
    const crowd = many.map(address => ({ address, listed: false }))
    expect(await allowedFor([one, ...crowd])).toBeGreaterThan(4 * many.length)
  })
})

describe('threat: mail bomb through passcodes', () => {
  it('mails one person a few codes at most, whatever message and browser asks', async () => {
    const { first, sent } = await nodesHere(1)
    const ask = () =>
      first.request({
        policy: policyFor(),
        recipient: { index: 0 },
        binding: binding(),
        locale: 'en',
      })
    const all = await Promise.all(Array.from({ length: 40 }, ask))
    await first.settle()
    expect(all.filter(one => one.ok)).toHaveLength(6)
    expect(sent).toHaveLength(6)
    const refused = all.find(one => !one.ok)
    expect(refused).toMatchObject({ code: 'rate-limited' })
  })
})

describe('promise: passcodes are never stored', () => {
  it('keeps no code, no address and no reference in the database', async () => {
    const { ask, folder } = await nodesHere(1)
    const seen: string[] = []
    for (const recipient of [{ index: 0 }, { address: CAROL }]) {
      const { code, reference, challenge } = await ask(binding(), recipient)
      seen.push(code, reference, challenge)
    }
    const read = ['zegel.db', 'zegel.db-wal'].map(name =>
      readFile(join(folder, name)).catch(() => Buffer.alloc(0)),
    )
    const bytes = Buffer.concat(await Promise.all(read))
    expect(bytes.length).toBeGreaterThan(4096)
    for (const canary of [...seen, BOB, CAROL]) expect(bytes.includes(canary)).toBe(false)
  })
})
