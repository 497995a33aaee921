import { describe, expect, it } from 'vitest'
import { configSchema } from '../../../../src/server/config/schema.ts'
import { decide, readRules } from '../../../../src/server/gateway/decide.ts'
import type { Decision } from '../../../../src/server/gateway/decide.ts'
import { readHeaderFields } from '../../../../src/server/gateway/header-fields.ts'
import { MailFacts } from '../../../../src/server/gateway/mail-facts.ts'
import { readMembership } from '../../../../src/server/gateway/membership.ts'
import { replyMessageId } from '../../../../src/server/gateway/replies/issued-message-id.ts'
import { testMac } from '../../../support/sealed-message.ts'

const organisations = [
  { id: 'example', name: 'Example', domains: ['example.com'] },
  { id: 'other', name: 'Other', domains: ['other.example'] },
]
const shop = { sender: '@example.com', user: 'shop' }
const home = { id: 'example', domains: ['example.com'], replyDomain: '' }
const issued = replyMessageId(testMac, 'C'.repeat(22), 'S'.repeat(22), home)

/** What becomes of a mail of a user whose mail a rule exempts from sealing. */
function decided(chain: string, pass: object = {}, writesToAlias = false): Decision {
  const config = configSchema.parse({
    organisations,
    gateway: { users: [{ name: 'shop', password: 'env:x', organisation: 'example' }] },
    policy: { pass: [{ ...shop, ...pass }] },
  })
  const header = `From: alice@example.com\r\n${chain}\r\n\r\n`
  const rules = readRules(config, readMembership(config.gateway), testMac)
  const client = { address: '203.0.113.9', user: 'shop', certificate: undefined }
  const facts = new MailFacts(readHeaderFields(Buffer.from(header)))
  return decide(rules, { facts, client, writesToAlias })
}

describe('an answer from inside by mail', () => {
  it('passes where a rule exempts and the conversation was never sealed here', () => {
    expect(decided('In-Reply-To: <1@outside.org>')).toMatchObject({
      sealed: 'none',
      conversationId: null,
    })
  })

  it('stays sealed in a sealed conversation, whatever rule exempts, and keeps the conversation', () => {
    for (const chain of [
      `In-Reply-To: ${issued}`,
      `References: <1@example.com>\r\n\t${issued.slice(0, 30)}\r\n ${issued.slice(30)}`,
    ])
      expect(decided(chain)).toMatchObject({ sealed: 'outside', conversationId: 'C'.repeat(22) })
  })

  it('passes when the rule says that it holds for answers too', () => {
    expect(decided(`In-Reply-To: ${issued}`, { answers: true }).allowed).toBe(true)
    expect(decided(`In-Reply-To: ${issued}`, { answers: true })).toMatchObject({ sealed: 'none' })
    expect(decided(`In-Reply-To: ${issued}`, { answers: false })).toMatchObject({
      sealed: 'outside',
    })
  })

  it('stays sealed when it goes to an address that stands for somebody outside', () => {
    expect(decided('Subject: new', {}, true)).toMatchObject({ sealed: 'outside' })
    expect(decided('Subject: new', { answers: true }, true)).toMatchObject({ sealed: 'none' })
  })

  it('attack: a chain of another organisation, or one made up, decides nothing', () => {
    const others = replyMessageId(testMac, 'C'.repeat(22), 'S'.repeat(22), { ...home, id: 'other' })
    for (const id of [others, issued.replace('r1.S', 'r1.T'), issued.replace('@', 'x@')])
      expect(decided(`In-Reply-To: ${id}`)).toMatchObject({ sealed: 'none', conversationId: null })
  })
})
