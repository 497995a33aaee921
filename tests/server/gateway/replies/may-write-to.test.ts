import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../../../src/core/address/address.ts'
import { domainOf } from '../../../../src/core/address/address.ts'
import type { Policy } from '../../../../src/core/policy/policy.ts'
import { MAX_STRANGERS } from '../../../../src/core/reply/limits.ts'
import { mayWriteTo } from '../../../../src/server/gateway/replies/may-write-to.ts'
import type { Writing } from '../../../../src/server/gateway/replies/may-write-to.ts'
import { ALICE, BOB, CAROL, DAVE, EVE, address } from '../support/test-replies.ts'

const ALIAS = address('carol=else.test.abc@replies.example.com')
const HIDDEN = address('hidden@else.test')
const people = [ALICE, BOB, CAROL, DAVE, EVE, HIDDEN, ALIAS]

function policy(fields: Partial<Policy> = {}): Policy {
  return {
    messageId: 'A'.repeat(22),
    organisationId: 'example',
    sender: ALICE,
    senderName: '',
    recipients: [
      { address: BOB, listed: true },
      { address: CAROL, listed: true },
      { address: HIDDEN, listed: false },
    ],
    createdAtMs: 0,
    expiresAtMs: null,
    permissions: { reply: true, forward: false, print: true },
    assurance: 'mailbox',
    template: 'default',
    locale: 'en',
    conversationId: 'A'.repeat(22),
    replyRecipient: 'age1pq1',
    inside: [DAVE],
    ...fields,
  }
}

function writing(
  fields: Partial<Writing['head']>,
  of: Partial<Policy> = {},
  writer = BOB,
): Writing {
  return {
    policy: policy(of),
    head: { kind: 'reply', to: [ALICE], cc: [], ...fields },
    writer,
    standsForAnother: who => domainOf(who) === 'replies.example.com',
  }
}

const forward = { permissions: { reply: true, forward: true, print: true } }
const written = { address: CAROL, method: 'passcode', assurance: 'mailbox' } as const

describe('who may be written to', () => {
  it('are the sender, the listed recipients, those inside, and the writer', () => {
    expect(mayWriteTo(writing({ to: [ALICE, BOB, CAROL], cc: [DAVE] }))).toEqual({ allowed: true })
  })

  it('is nobody else without permission to forward, least of all another in Bcc', () => {
    const verdict = mayWriteTo(writing({ to: [ALICE, HIDDEN], cc: [EVE, DAVE] }))
    expect(verdict).toEqual({ allowed: false, code: 'recipient-not-allowed', recipients: [1, 2] })
  })

  it('is the writer in Bcc themselves, who may answer', () => {
    expect(mayWriteTo(writing({ to: [ALICE, HIDDEN] }, {}, HIDDEN))).toEqual({ allowed: true })
  })

  it('is whoever wrote the message, not the address that stands for them', () => {
    const of = { sender: ALIAS, writer: written, recipients: [{ address: BOB, listed: true }] }
    expect(mayWriteTo(writing({ to: [CAROL] }, of))).toEqual({ allowed: true })
    for (const permissions of [policy().permissions, forward.permissions])
      expect(mayWriteTo(writing({ to: [ALIAS] }, { ...of, permissions }))).toEqual({
        allowed: false,
        code: 'recipient-not-allowed',
        recipients: [0],
      })
  })

  it('is anyone with permission to forward, up to twenty', () => {
    const strangers = Array.from({ length: MAX_STRANGERS }, (_, i) => address(`s${i}@else.test`))
    const to = [ALICE, ...strangers]
    expect(mayWriteTo(writing({ kind: 'forward', to }, forward))).toEqual({ allowed: true })
    const verdict = mayWriteTo(writing({ kind: 'forward', to, cc: [EVE] }, forward))
    expect(verdict).toMatchObject({ code: 'recipient-not-allowed' })
    expect('recipients' in verdict && verdict.recipients).toHaveLength(MAX_STRANGERS + 1)
  })

  it('never depends on anything but policy, head and writer', () => {
    const some = fc.uniqueArray(fc.constantFrom(...people), { minLength: 1 })
    const kind = fc.constantFrom('reply' as const, 'reply-all' as const, 'forward' as const)
    fc.assert(
      fc.property(some, kind, fc.boolean(), fc.boolean(), (to, k, reply, may) => {
        const permissions = { reply, forward: may, print: true }
        const verdict = mayWriteTo(writing({ kind: k, to }, { permissions }))
        expect(verdict.allowed).toBe(expected(to, k === 'forward' ? may : reply, may))
      }),
    )
  })
})

/** The rule in other words. */
function expected(to: readonly Address[], isKindAllowed: boolean, mayForward: boolean): boolean {
  const known = new Set([ALICE, BOB, CAROL, DAVE])
  const others = to.filter(who => !known.has(who))
  if (!isKindAllowed) return false
  return others.length === 0 || (mayForward && !others.includes(ALIAS))
}
