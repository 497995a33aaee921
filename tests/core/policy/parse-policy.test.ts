import { describe, expect, it } from 'vitest'
import { PolicyError, parsePolicy } from '../../../src/core/policy/parse-policy.ts'
import { createPolicy } from '../../support/sealed-message.ts'

const valid = (): Record<string, unknown> => structuredClone({ ...createPolicy() })

const failure = (value: unknown): string => {
  try {
    parsePolicy(value)
  } catch (error) {
    if (error instanceof PolicyError) return `${error.code} ${error.field}`
  }
  return 'none'
}

describe('parsePolicy', () => {
  it('reads back what was written as JSON', () => {
    const policy = createPolicy({ expiresAtMs: 5, senderName: 'Zoë "Z" 王' })
    expect(parsePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy)
  })

  it('refuses an unknown field, at every level', () => {
    expect(failure({ ...valid(), subject: 'x' })).toBe('unknown-field policy.subject')
    const recipients = [{ address: 'bob@recipient.example', listed: true, name: 'Bob' }]
    expect(failure({ ...valid(), recipients })).toBe('unknown-field recipients.name')
    const permissions = { reply: true, forward: true, print: true, copy: true }
    expect(failure({ ...valid(), permissions })).toBe('unknown-field permissions.copy')
  })

  it.each(['mailbox', 'account', 'mfa'])('reads the assurance %s', assurance => {
    expect(parsePolicy({ ...valid(), assurance }).assurance).toBe(assurance)
  })

  it('reads who wrote it and who inside may be answered, where they are there', () => {
    for (const method of ['passcode', 'account', 'passkey']) {
      const writer = { address: 'bob@outside.example', method, assurance: 'mfa' }
      const more = { ...valid(), writer, inside: ['dave@example.com', 'erin@example.com'] }
      expect(parsePolicy(more)).toEqual(more)
    }
    expect(Object.keys(parsePolicy(valid()))).not.toContain('writer')
    expect(Object.keys(parsePolicy(valid()))).not.toContain('inside')
  })

  it.each([
    [
      'writer',
      { address: 'Bob@outside.example', method: 'passcode', assurance: 'mailbox' },
      'wrong-value writer.address',
    ],
    [
      'writer',
      { address: 'bob@outside.example', method: 'guess', assurance: 'mailbox' },
      'wrong-value writer.method',
    ],
    [
      'writer',
      { address: 'bob@outside.example', method: 'passcode', assurance: 'some' },
      'wrong-value assurance',
    ],
    [
      'writer',
      { address: 'bob@outside.example', method: 'passcode' },
      'missing-field writer.assurance',
    ],
    ['writer', null, 'wrong-value writer'],
    ['inside', [], 'wrong-value inside'],
    ['inside', ['Dave@example.com'], 'wrong-value inside'],
    ['inside', ['dave@example.com', 'dave@example.com'], 'wrong-value inside'],
    ['inside', Array.from({ length: 101 }, (_, at) => `p${at}@example.com`), 'wrong-value inside'],
    ['inside', undefined, 'wrong-value inside'],
  ])('refuses a wrong %s: %j', (name, value, code) => {
    expect(failure({ ...valid(), [name]: value })).toBe(code)
  })

  it('refuses a missing field', () => {
    for (const name of Object.keys(valid())) {
      const { [name]: _, ...rest } = valid()
      expect(failure(rest)).toBe(`missing-field policy.${name}`)
    }
  })

  it.each([
    ['messageId', 'short'],
    ['messageId', 'A'.repeat(21) + '+'],
    ['organisationId', 'Example'],
    ['organisationId', ''],
    ['sender', 'Alice@example.com'],
    ['sender', 'alice'],
    ['senderName', 1],
    ['senderName', 'x'.repeat(5000)],
    ['recipients', []],
    ['recipients', {}],
    ['recipients', [null]],
    ['recipients', [{ address: 'BOB@recipient.example', listed: true }]],
    ['recipients', [{ address: 'bob@recipient.example', listed: 'yes' }]],
    [
      'recipients',
      Array.from({ length: 2 }, () => ({ address: 'bob@recipient.example', listed: true })),
    ],
    ['createdAtMs', -1],
    ['createdAtMs', 1.5],
    ['createdAtMs', '1'],
    ['createdAtMs', null],
    ['expiresAtMs', Number.MAX_SAFE_INTEGER],
    ['expiresAtMs', undefined],
    ['permissions', { reply: 1, forward: false, print: true }],
    ['permissions', null],
    ['assurance', 'none'],
    ['assurance', null],
    ['template', null],
    ['locale', ''],
    ['locale', 'e"n'],
    ['conversationId', ''],
    ['replyRecipient', 7],
  ])('refuses %s = %j', (field, value) => {
    expect(failure({ ...valid(), [field]: value })).toMatch(/^wrong-value /)
  })

  it.each([[null], ['text'], [7], [[]], [undefined]])('refuses %j instead of an object', value => {
    expect(failure(value)).toBe('wrong-value policy')
  })

  it('is not misled by a field of the prototype', () => {
    const { template: _, ...rest } = valid()
    const inherited: unknown = Object.assign(Object.create({ template: 'x' }) as object, rest)
    expect(failure(inherited)).toBe('missing-field policy.template')
  })
})
