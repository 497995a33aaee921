import { describe, expect, it } from 'vitest'
import { configSchema } from '../../../src/server/config/schema.ts'
import { decide, readRules } from '../../../src/server/gateway/decide.ts'
import { readHeaderFields } from '../../../src/server/gateway/header-fields.ts'
import { MailFacts } from '../../../src/server/gateway/mail-facts.ts'
import { readMembership } from '../../../src/server/gateway/membership.ts'
import { testMac } from '../../support/sealed-message.ts'
import type { Client } from '../../../src/server/gateway/smtp/transaction.ts'

const inside: Client = { address: '10.0.0.1', user: undefined, certificate: undefined }

function rulesOf(gateway: object = {}, policy: object = {}) {
  const config = configSchema.parse({
    organisations: [
      { id: 'example', name: 'Example', domains: ['example.com', 'xn--bcher-kva.example'] },
      { id: 'other', name: 'Other', domains: ['other.example'] },
    ],
    gateway: { allowedNetworks: ['10.0.0.0/8'], ...gateway },
    policy,
  })
  return readRules(config, readMembership(config.gateway), testMac)
}

function decided(
  header: string,
  options: { gateway?: object; policy?: object; client?: Partial<Client> } = {},
) {
  const facts = new MailFacts(readHeaderFields(Buffer.from(`${header}\r\n\r\n`)))
  const rules = rulesOf(options.gateway, options.policy)
  const client = { ...inside, ...options.client }
  const decision = decide(rules, { facts, client, writesToAlias: false })
  return decision.allowed ? `${decision.organisation.id} ${decision.sealed}` : decision.reason
}

describe('From', () => {
  it.each([
    ['From: alice@example.com', 'example outside'],
    ['from : Alice <ALICE@Example.COM>', 'example outside'],
    ['From: alice@BÜCHER.example', 'example outside'],
    ['From: alice@xn--bcher-kva.example', 'example outside'],
    ['From: bob@other.example', 'other outside'],
    ['Subject: x', 'missing-from'],
    ['', 'missing-from'],
    ['From: alice@example.com\r\nFrom: bob@other.example', 'several-from'],
    ['From: alice@example.com, bob@example.com', 'several-from'],
    ['From: alice@example.com\r\nFROM: alice@example.com', 'several-from'],
    ['From:', 'malformed-from'],
    ['From: undisclosed:;', 'malformed-from'],
    ['From: alice@example.com <mallory@evil.test', 'malformed-from'],
    ['From: alice@evil.test', 'foreign-from'],
    ['From: alice@sub.example.com', 'foreign-from'],
    ['From: "alice@example.com" <mallory@evil.test>', 'foreign-from'],
    ['From: alice@example.com.evil.test', 'foreign-from'],
  ])('%j → %s', (header, expected) => expect(decided(header)).toBe(expected))
})

describe('rules', () => {
  const from =
    'From: news@example.com\r\nSubject: =?utf-8?B?W1NlY3VyZV0gSGVsbG8=?=\r\nX-Class: very secret'
  const users = { users: [{ name: 'shop', password: 'env:x', organisation: 'example' }] }

  it('seal for everyone what asks for it by header, tag or sender', () => {
    for (const condition of [
      { header: 'x-class' },
      { header: 'X-Class', headerMatches: 'secret$' },
      { subjectTag: '[secure]' },
      { sender: 'news@example.com' },
      { sender: '@example.com', header: 'X-Class' },
    ])
      expect(decided(from, { policy: { seal: [condition] } })).toBe('example all')
  })

  it('do not seal when one part of a condition does not hold', () => {
    const seal = [{ header: 'X-Class', sender: 'else@example.com' }]
    expect(decided(from, { policy: { seal } })).toBe('example outside')
  })

  it('refuse', () => {
    const refuse = [{ header: 'X-Class', headerMatches: 'secret' }]
    expect(decided(from, { policy: { refuse } })).toBe('rule')
  })

  it('let a named sender who signed in pass unsealed', () => {
    const options = {
      gateway: users,
      policy: { pass: [{ sender: 'news@example.com', user: 'shop' }] },
    }
    expect(decided(from, { ...options, client: { user: 'shop' } })).toBe('example none')
    expect(decided(from, options)).toBe('example outside')
  })

  it('seal rather than pass when both would', () => {
    const policy = {
      pass: [{ sender: '@example.com', user: 'shop' }],
      seal: [{ header: 'X-Class' }],
    }
    expect(decided(from, { gateway: users, policy, client: { user: 'shop' } })).toBe('example all')
  })

  it.each([
    { pass: [{ sender: 'a@example.com' }] },
    { pass: [{ user: 'shop' }] },
    { pass: [{ header: 'X-Unsealed' }] },
    { seal: [{ headerMatches: 'x' }] },
    { seal: [{ header: 'X', headerMatches: '(' }] },
    { refuse: [{ sender: 'not an address' }] },
  ])('cannot be %j', policy => expect(() => rulesOf({}, policy)).toThrow())
})

describe('threat: a header that switches sealing off for any insider or malware', () => {
  it('no header of a mail, nor the sender alone, exempts it', () => {
    const policy = { pass: [{ header: 'X-Unsealed', sender: 'a@example.com', user: 'shop' }] }
    const header =
      'From: a@example.com\r\nX-Unsealed: yes\r\nX-Zegel: 1; x; y\r\nAuto-Submitted: auto-replied'
    expect(decided(header, { policy })).toBe('example outside')
    expect(decided(header, { policy, client: { user: 'someone' } })).toBe('not-allowed-from')
  })
})

describe('threat: ReDoS in rules', () => {
  it('a pattern that backtracks for ever elsewhere is answered', () => {
    const refuse = [{ header: 'X-Long', headerMatches: '^(a+)+$' }]
    const header = `From: a@example.com\r\nX-Long: ${'a'.repeat(20_000)}b`
    expect(decided(header, { policy: { refuse } })).toBe('example outside')
  })
})

describe('threat: EchoSpoofing (2024): a shared relay was trusted for any tenant', () => {
  const relay = '203.0.113.5'
  const tenants = [
    { organisation: 'example', network: relay, header: 'X-Tenant', value: 'T-1' },
    { organisation: 'other', network: relay, header: 'X-Tenant', value: 'T-2' },
  ]
  const gateway = { allowedNetworks: [relay], trustNetworks: false, tenants }
  const client = { address: relay }

  it.each([
    ['From: a@example.com', 'not-allowed-from'],
    ['From: a@example.com\r\nX-Tenant: T-1', 'example outside'],
    ['From: a@example.com\r\nX-Tenant: T-2', 'not-allowed-from'],
    ['From: a@other.example\r\nX-Tenant: T-2', 'other outside'],
    ['From: a@example.com\r\nX-Tenant: T-1\r\nX-Tenant: T-2', 'not-allowed-from'],
    ['From: a@example.com\r\nX-Tenant: T-1\r\nX-Tenant: T-1', 'not-allowed-from'],
    ['From: a@example.com\r\nX-Tenant:', 'not-allowed-from'],
  ])('%j → %s', (header, expected) => expect(decided(header, { gateway, client })).toBe(expected))

  it('the tenant id counts from the relay alone', () => {
    const header = 'From: a@example.com\r\nX-Tenant: T-1'
    expect(decided(header, { gateway, client: { address: '198.51.100.1' } })).toBe(
      'not-allowed-from',
    )
  })

  it('a tenant that names a network and nothing else grants nothing', () => {
    const bare = { ...gateway, tenants: [{ organisation: 'example', network: relay }] }
    expect(decided('From: a@example.com', { gateway: bare, client })).toBe('not-allowed-from')
  })

  it('a client certificate says whose mail it is', () => {
    const fingerprint = 'AB:'.repeat(31) + 'AB'
    const certified = {
      ...gateway,
      tenants: [{ organisation: 'example', clientCertificate: fingerprint }],
    }
    const certificate = 'ab'.repeat(32)
    const decisionOf = (shown: string | undefined, header: string) =>
      decided(header, { gateway: certified, client: { ...client, certificate: shown } })
    expect(decisionOf(certificate, 'From: a@example.com')).toBe('example outside')
    expect(decisionOf(certificate, 'From: a@other.example')).toBe('not-allowed-from')
    expect(decisionOf(undefined, 'From: a@example.com')).toBe('not-allowed-from')
    expect(decisionOf('cd'.repeat(32), 'From: a@example.com')).toBe('not-allowed-from')
  })

  it('who signs in sends for the own organisation, from the own addresses, on any network', () => {
    const users = [
      {
        name: 'ann',
        password: 'env:x',
        organisation: 'example',
        senders: ['ann@example.com', '@xn--bcher-kva.example'],
      },
    ]
    const byUser = (header: string) =>
      decided(header, { gateway: { users }, client: { user: 'ann' } })
    expect(byUser('From: ann@example.com')).toBe('example outside')
    expect(byUser('From: x@xn--bcher-kva.example')).toBe('example outside')
    expect(byUser('From: bob@example.com')).toBe('not-allowed-from')
    expect(byUser('From: a@other.example')).toBe('not-allowed-from')
  })
})
