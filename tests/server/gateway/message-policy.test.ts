import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../../../src/core/policy/parse-policy.ts'
import { recordLength } from '../../../src/core/envelope/record.ts'
import type { Policy } from '../../../src/core/policy/policy.ts'
import { configSchema } from '../../../src/server/config/schema.ts'
import { compilePermissions } from '../../../src/server/gateway/compile-permissions.ts'
import { readHeaderFields } from '../../../src/server/gateway/header-fields.ts'
import { MailFacts } from '../../../src/server/gateway/mail-facts.ts'
import { makePolicy } from '../../../src/server/gateway/message-policy.ts'
import type { PolicyRequest } from '../../../src/server/gateway/message-policy.ts'
import { address, testMac } from '../../support/sealed-message.ts'

const alice = address('alice@example.com')
const bob = address('bob@outside.org')

function factsOf(header: string): MailFacts {
  return new MailFacts(readHeaderFields(Buffer.from(`${header}\r\n\r\n`)))
}

function policyOf(header: string, request: Partial<PolicyRequest> = {}): Policy {
  const config = configSchema.parse({
    organisations: [{ id: 'example', name: 'Example', domains: ['example.com', 'example.net'] }],
  })
  const [organisation] = config.organisations
  if (organisation === undefined) throw new Error('no organisation')
  const policy = makePolicy({
    facts: factsOf(header),
    organisation,
    sender: { name: 'Alice', address: alice },
    recipients: [bob],
    permissions: config.policy.default.permissions,
    conversationId: null,
    defaults: config.policy.default,
    replyRecipient: `age1pq1${'q'.repeat(1952)}`,
    mac: testMac,
    nowMs: 1_795_000_000_000,
    ...request,
  })
  return parsePolicy(JSON.parse(JSON.stringify(policy)))
}

describe('people inside whom a sealed mail names', () => {
  it('are those of To, Cc and Reply-To in the domains of the organisation, but not the sender', () => {
    const header =
      'To: Bob <bob@outside.org>, Carol <carol@example.com>\r\n' +
      'Cc: dave@example.net, alice@example.com, carol@example.com, eve@sub.example.com\r\n' +
      'Reply-To: team@example.com\r\nBcc: hidden@example.com'
    expect(policyOf(header).inside).toEqual([
      'carol@example.com',
      'dave@example.net',
      'team@example.com',
    ])
  })

  it('are not named when there are none, and not those who get it sealed themselves', () => {
    expect(policyOf('To: bob@outside.org')).not.toHaveProperty('inside')
    const carol = address('carol@example.com')
    const policy = policyOf('To: bob@outside.org, carol@example.com', { recipients: [bob, carol] })
    expect(policy).not.toHaveProperty('inside')
  })

  it('are not addresses inside that lead outside', () => {
    expect(policyOf('To: bob%else.test@example.com')).not.toHaveProperty('inside')
  })

  it('are at most a hundred', () => {
    const many = Array.from({ length: 150 }, (_, i) => `p${i}@example.com`).join(', ')
    expect(policyOf(`To: ${many}`).inside).toHaveLength(100)
  })

  it('are left out of a record that would be too large with them', () => {
    const recipients = Array.from({ length: 450 }, (_, i) =>
      address(`${i}${'x'.repeat(60)}@${'y'.repeat(30)}.example.org`),
    )
    const names = Array.from({ length: 100 }, (_, i) => `${'z'.repeat(55)}${i}@example.com`)
    const policy = policyOf(`To: ${names.join(', ')}`, { recipients })
    expect(policy).not.toHaveProperty('inside')
    expect(recordLength(policy)).toBe(65_536)
    expect(policyOf(`To: ${names.join(', ')}`).inside).toHaveLength(100)
  })
})

describe('an address that stands for somebody outside', () => {
  it('makes that person one whom the mail names', () => {
    const alias = address('bob=outside.org.aaaaaaaaaaaaaaaa@replies.example.com')
    const writers = new Map([[alias, bob]])
    expect(policyOf(`To: ${alias}`, { writers }).recipients).toEqual([
      { address: bob, listed: true },
    ])
    expect(policyOf('To: carol@example.com', { writers }).recipients).toEqual([
      { address: bob, listed: false },
    ])
  })
})

describe('the conversation', () => {
  it('is that of the chain, or else that of the thread', () => {
    expect(policyOf('In-Reply-To: <1@a>', { conversationId: 'C'.repeat(22) }).conversationId).toBe(
      'C'.repeat(22),
    )
    expect(policyOf('References: <1@a> <2@a>').conversationId).toBe(
      policyOf('Message-ID: <1@a>').conversationId,
    )
  })
})

describe('permissions', () => {
  const permissions = (header: string, policy: object) =>
    compilePermissions(
      configSchema.parse({
        organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
        policy,
      }).policy,
    )({ facts: factsOf(header), sender: alice, user: undefined })
  const doNotForward = [{ subjectTag: '[do not forward]' }]
  const mayForward = [{ header: 'X-May-Forward' }]

  it('are the default ones where no rule holds', () => {
    expect(permissions('Subject: x', { doNotForward, mayForward })).toEqual({
      reply: true,
      forward: false,
      print: true,
    })
  })

  it('to forward come from a rule', () => {
    expect(permissions('X-May-Forward: 1', { mayForward }).forward).toBe(true)
  })

  it('to forward and print are taken by a rule, which wins', () => {
    const header = 'X-May-Forward: 1\r\nSubject: Plan [Do Not Forward]'
    const rules = { doNotForward, mayForward, default: { permissions: { forward: true } } }
    expect(permissions(header, rules)).toEqual({ reply: true, forward: false, print: false })
  })
})
