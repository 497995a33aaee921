import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../../../src/core/address/address.ts'
import {
  ALICE,
  BOB,
  CAROL,
  DAVE,
  DAY_MS,
  EVE,
  address,
  answeredPolicy,
  handOver,
  headOf,
  makeReplyKeys,
  post,
  recordOf,
  sealReply,
} from '../support/test-replies.ts'
import { useReplies } from '../support/use-replies.ts'
import type { RunningReplies, Wish } from '../support/use-replies.ts'

const { start } = useReplies()
const MAY_FORWARD = { permissions: { reply: true, forward: true, print: true } }

async function refusalOf(running: RunningReplies, wish: Wish): Promise<unknown> {
  const { body } = await running.answer(wish)
  expect(running.hop.taken).toEqual([])
  return body['code']
}

const proven = (who: typeof BOB) =>
  ({ address: who, method: 'passcode', assurance: 'mailbox', provenAtMs: 1 }) as const

describe('attack: another’s sealed reply submitted as one’s own', () => {
  it('is refused, because the sealed reply names its writer', async () => {
    const running = await start()
    expect(await refusalOf(running, { handOver: { writer: proven(CAROL) } })).toBe('not-the-writer')
  })

  it('for another message is refused, because the sealed reply names its message', async () => {
    const running = await start()
    const messageId = randomBytes(16).toString('base64url')
    expect(await refusalOf(running, { head: { messageId } })).toBe('bad-reply')
    expect(await refusalOf(running, { head: { conversationId: messageId } })).toBe('bad-reply')
  })

  it('by somebody who is no recipient is refused', async () => {
    const running = await start()
    const wish = { handOver: { writer: proven(EVE) }, head: { writer: EVE } }
    expect(await refusalOf(running, wish)).toBe('not-a-recipient')
  })
})

describe('attack: participants added outside the sealed part', () => {
  it('a hand-over with any other field is refused, whoever signed it', async () => {
    const running = await start()
    const wish = { handOver: { to: [EVE] } as object }
    // The portal's own writer leaves unknown fields in: the gateway does not.
    expect(await refusalOf(running, wish)).toBe('bad-request')
  })

  it('a record that the gateway did not sign is refused, with whatever participants', async () => {
    const running = await start()
    const other = await makeReplyKeys()
    const policy = await answeredPolicy(running.keys, { inside: [DAVE, EVE] })
    const forged = await recordOf(other, policy)
    const record = Buffer.from(forged).toString('base64')
    expect(await refusalOf(running, { handOver: { record } })).toBe('bad-envelope')
    await other.store.close()
  })
})

describe('attack: altered policy', () => {
  it('one bit of the record refuses the reply', async () => {
    const running = await start()
    const policy = await answeredPolicy(running.keys)
    const record = Buffer.from(await recordOf(running.keys, policy))
    for (const at of [0, 70, 200, record.length - 1]) {
      const altered = Buffer.from(record)
      altered[at] = (altered[at] ?? 0) ^ 1
      const wish = { handOver: { record: altered.toString('base64') } }
      expect(await refusalOf(running, wish)).toBe('bad-envelope')
    }
  })

  it('the record of another organisation does not count', async () => {
    const running = await start()
    const wish = { handOver: { organisationId: 'other' } }
    expect(await refusalOf(running, wish)).toBe('bad-envelope')
    expect(await refusalOf(running, { handOver: { organisationId: 'unknown' } })).toBe(
      'bad-envelope',
    )
  })

  it('a record whose sender is not of the organisation, or pretends to be, does not count', async () => {
    const running = await start()
    const writer = { address: EVE, method: 'passcode', assurance: 'mailbox' } as const
    expect(await refusalOf(running, { policy: { sender: EVE } })).toBe('bad-envelope')
    expect(await refusalOf(running, { policy: { writer } })).toBe('bad-envelope')
    const foreign = address('eve=outside.org.x@answers.other.test')
    expect(await refusalOf(running, { policy: { sender: foreign, writer } })).toBe('bad-envelope')
  })

  it('a record of a writer behind a former reply domain still counts', async () => {
    const { answer } = await start()
    const writer = { address: EVE, method: 'passcode', assurance: 'mailbox' } as const
    const sender = address('eve=outside.org.x@answers.example.com')
    const wish = { policy: { sender, writer }, head: { to: [EVE] } }
    expect((await answer(wish)).status).toBe(200)
  })

  it('a record of a retired signing key still counts', async () => {
    const { keys, gateway, make, takenBy } = await start()
    const body = await make()
    await keys.gateway.rotate('example', Date.now())
    expect((await post(gateway.url, body)).status).toBe(200)
    expect(takenBy(ALICE)).toHaveLength(1)
  })

  it('a signing key that somebody put into the database does not count', async () => {
    const running = await start()
    const other = await makeReplyKeys()
    const policy = await answeredPolicy(running.keys)
    const record = await recordOf(other, policy)
    const foreign = (await other.store.organisationKeys.list('example', 'signing'))[0]
    if (foreign === undefined) throw new Error('no signing key')
    await running.keys.store.organisationKeys.replace(foreign)
    const wish = { handOver: { record: Buffer.from(record).toString('base64') } }
    expect(await refusalOf(running, wish)).toBe('bad-envelope')
    await other.store.close()
  })
})

describe('attack: forwarding without permission', () => {
  it('is refused as a kind', async () => {
    const running = await start()
    expect(await refusalOf(running, { head: { kind: 'forward' } })).toBe('reply-not-allowed')
  })

  it('is refused in the form of an answer to a stranger, whose position is said', async () => {
    const running = await start()
    const { status, body } = await running.answer({ head: { to: [ALICE, EVE], cc: [DAVE] } })
    expect([status, body]).toMatchObject([403, { code: 'recipient-not-allowed', recipients: [1] }])
    expect(running.hop.taken).toEqual([])
  })

  it('is refused beyond twenty strangers with permission', async () => {
    const running = await start()
    const to = Array.from({ length: 21 }, (_, i) => address(`s${i}@else.test`))
    const wish = { policy: MAY_FORWARD, head: { kind: 'forward', to } } as const
    expect(await refusalOf(running, wish)).toBe('recipient-not-allowed')
  })

  it('answering without permission to answer is refused', async () => {
    const running = await start()
    const policy = { permissions: { reply: false, forward: true, print: true } }
    expect(await refusalOf(running, { policy })).toBe('reply-not-allowed')
  })

  it('an address inside that leads outside gets no plain text', async () => {
    const { answer, takenBy } = await start()
    const route = address('bob%evil.test@example.com')
    await answer({ policy: MAY_FORWARD, head: { to: [route] } })
    expect(takenBy(route)[0]?.content.includes('It is secret')).toBe(false)
  })
})

describe('attack: a session or a message that is over', () => {
  it('an expired message is answered no more', async () => {
    const running = await start()
    expect(await refusalOf(running, { policy: { expiresAtMs: Date.now() - 1 } })).toBe('expired')
  })

  it.each([null, BOB])('a message revoked for %s is answered no more', async recipient => {
    const running = await start()
    const policy = await answeredPolicy(running.keys)
    await running.keys.store.overrides.put({
      messageId: policy.messageId,
      organisationId: 'example',
      recipient,
      revoked: true,
      changesExpiry: false,
      expiresAtMs: null,
      createdAtMs: Date.now(),
    })
    expect(await refusalOf(running, { policy })).toBe('revoked')
  })

  it('a writer who proved the address less strongly than the message asks is refused', async () => {
    const running = await start()
    expect(await refusalOf(running, { policy: { assurance: 'mfa' } })).toBe('assurance-too-low')
  })
})

describe('attack: a recorded hand-over, sent again', () => {
  it('five minutes later is refused', async () => {
    const running = await start()
    const body = await running.make({ handOver: { atMs: Date.now() - 5 * 60_000 - 1 } })
    expect((await post(running.gateway.url, body)).body['code']).toBe('replies-unavailable')
    const ahead = await running.make({ handOver: { atMs: Date.now() + 6 * 60_000 } })
    expect((await post(running.gateway.url, ahead)).body['code']).toBe('replies-unavailable')
    expect(running.hop.taken).toEqual([])
    expect(running.gateway.log.join('')).toContain('clock')
  })

  it('at once arrives once', async () => {
    const { gateway, hop, make } = await start()
    const body = await make()
    for (let i = 0; i < 3; i++) expect((await post(gateway.url, body)).status).toBe(200)
    expect(hop.taken).toHaveLength(1)
  })

  it('with another reply file than was signed is refused', async () => {
    const { gateway, hop, keys } = await start()
    const policy = await answeredPolicy(keys)
    const record = await recordOf(keys, policy)
    const one = await sealReply(policy.replyRecipient, headOf(policy))
    const two = await sealReply(policy.replyRecipient, headOf(policy))
    const { signHandOver: sign } = keys.portal
    const first = handOver({ sign, record, file: one })
    const second = handOver({ sign, record, file: two })
    const mixed = Buffer.concat([first.subarray(0, -64 - one.length), two, first.subarray(-64)])
    expect(mixed.length).toBe(second.length)
    expect((await post(gateway.url, mixed)).body['code']).toBe('replies-unavailable')
    expect(hop.taken).toEqual([])
  })
})

describe('attack: a hand-over of another portal', () => {
  it('is refused before anything of it is looked at', async () => {
    const { gateway, hop, keys } = await start()
    const other = await makeReplyKeys()
    const policy = await answeredPolicy(keys)
    const record = await recordOf(keys, policy)
    const file = await sealReply(policy.replyRecipient, headOf(policy))
    const { signHandOver: sign } = other.portal
    const { status, body } = await post(gateway.url, handOver({ sign, record, file }))
    expect([status, body['code']]).toEqual([503, 'replies-unavailable'])
    expect(hop.lines).toEqual([])
    expect(gateway.log.join('')).toContain('signature')
    await other.store.close()
  })

  it('whose key somebody put into the database is refused', async () => {
    const { gateway, keys } = await start()
    const other = await makeReplyKeys()
    const foreign = (await other.store.organisationKeys.list('', 'certifying'))[0]
    if (foreign === undefined) throw new Error('no certifying key')
    await keys.store.organisationKeys.replace({ ...foreign, createdAtMs: 0 })
    const policy = await answeredPolicy(keys)
    const record = await recordOf(keys, policy)
    const file = await sealReply(policy.replyRecipient, headOf(policy))
    const body = handOver({ sign: other.portal.signHandOver, record, file })
    expect((await post(gateway.url, body)).body['code']).toBe('replies-unavailable')
    await other.store.close()
  })
})

describe('attack: a message that lives longer by being answered', () => {
  it('an override of its expiry counts for what forwards it', async () => {
    const { keys, answer, takenBy } = await start()
    const policy = await answeredPolicy(keys, MAY_FORWARD)
    const soonMs = Date.now() + DAY_MS
    await keys.store.overrides.put({
      messageId: policy.messageId,
      organisationId: 'example',
      recipient: BOB,
      revoked: false,
      changesExpiry: true,
      expiresAtMs: soonMs,
      createdAtMs: Date.now(),
    })
    expect((await answer({ policy, head: { kind: 'forward', to: [EVE] } })).status).toBe(200)
    const made = await keys.policyIn(takenBy(EVE)[0]?.content ?? Buffer.alloc(0))
    expect(made.expiresAtMs).toBe(soonMs)
  })

  it('a reply that is shown to somebody new forwards it too, whatever it calls itself', async () => {
    const { answer, takenBy, keys } = await start({ policy: { default: { expires: 'never' } } })
    const soonMs = Date.now() + DAY_MS
    const policy = { ...MAY_FORWARD, expiresAtMs: soonMs }
    for (const head of [{ to: [EVE] }, { to: [CAROL] }] as const)
      expect((await answer({ policy, head: { kind: 'reply-all', ...head } })).status).toBe(200)
    const expiryOf = async (who: Address) =>
      (await keys.policyIn(takenBy(who)[0]?.content ?? Buffer.alloc(0))).expiresAtMs
    expect([await expiryOf(EVE), await expiryOf(CAROL)]).toEqual([soonMs, null])
  })
})
