import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectiveExpiry, evaluate } from '../../../src/core/policy/evaluate.ts'
import { mayAnswer } from '../../../src/core/policy/may-answer.ts'
import type { Override, Policy, Proof } from '../../../src/core/policy/policy.ts'
import { address, createPolicy } from '../../support/sealed-message.ts'

const bob = address('bob@recipient.example')
const carol = address('carol@recipient.example')
const now = 1_000_000

const policy = (changes: Partial<Policy> = {}): Policy =>
  createPolicy({
    recipients: [
      { address: bob, listed: true },
      { address: carol, listed: false },
    ],
    ...changes,
  })

const proof = (changes: Partial<Proof> = {}): Proof => ({
  organisationId: 'example',
  address: bob,
  method: 'passcode',
  assurance: 'mailbox',
  provenAtMs: now - 1,
  ...changes,
})

const override = (changes: Partial<Override>): Override => ({
  recipient: null,
  revoked: false,
  expiresAtMs: undefined,
  ...changes,
})

const code = (
  p: Policy,
  proofs: readonly Proof[],
  overrides: readonly Override[] = [],
  at = now,
): string => {
  const verdict = evaluate(p, proofs, overrides, at)
  return verdict.allowed ? 'allowed' : verdict.code
}

describe('evaluate', () => {
  it('lets a proven recipient open the message', () => {
    expect(evaluate(policy(), [proof()], [], now)).toEqual({ allowed: true, proof: proof() })
  })

  it('lets someone in Bcc open it like everyone else', () => {
    expect(code(policy(), [proof({ address: carol })])).toBe('allowed')
  })

  it('asks for sign-in when nothing is proven', () => {
    expect(code(policy(), [])).toBe('sign-in-required')
  })

  it('takes no proof that was made before another organisation', () => {
    expect(code(policy(), [proof({ organisationId: 'other' })])).toBe('sign-in-required')
  })

  it('refuses who is no recipient', () => {
    expect(code(policy(), [proof({ address: address('eve@recipient.example') })])).toBe(
      'not-a-recipient',
    )
  })

  it.each([
    ['mailbox', 'mailbox', 'allowed'],
    ['mailbox', 'account', 'allowed'],
    ['mailbox', 'mfa', 'allowed'],
    ['account', 'mailbox', 'assurance-too-low'],
    ['account', 'account', 'allowed'],
    ['account', 'mfa', 'allowed'],
    ['mfa', 'mailbox', 'assurance-too-low'],
    ['mfa', 'account', 'assurance-too-low'],
    ['mfa', 'mfa', 'allowed'],
  ] as const)('with %s needed, a proof of %s is %s', (needed, given, expected) => {
    expect(code(policy({ assurance: needed }), [proof({ assurance: given })])).toBe(expected)
  })

  it('chooses the strongest of several proofs', () => {
    const strong = proof({ address: carol, assurance: 'mfa' })
    const verdict = evaluate(policy({ assurance: 'mfa' }), [proof(), strong], [], now)
    expect(verdict).toEqual({ allowed: true, proof: strong })
  })

  it('ends at the very millisecond of its expiry', () => {
    const p = policy({ expiresAtMs: now })
    expect(code(p, [proof()], [], now - 1)).toBe('allowed')
    expect(code(p, [proof()], [], now)).toBe('expired')
  })

  it('says before sign-in that a message is expired or revoked', () => {
    expect(code(policy({ expiresAtMs: now }), [])).toBe('expired')
    expect(code(policy(), [], [override({ revoked: true })])).toBe('revoked')
  })

  it('revokes for one recipient alone, and tells nobody else', () => {
    const overrides = [override({ recipient: bob, revoked: true })]
    expect(code(policy(), [proof()], overrides)).toBe('revoked')
    expect(code(policy(), [proof({ address: carol })], overrides)).toBe('allowed')
    expect(code(policy(), [], overrides)).toBe('sign-in-required')
  })

  it('still opens through another proven address when one is revoked', () => {
    const overrides = [override({ recipient: bob, revoked: true })]
    expect(code(policy(), [proof(), proof({ address: carol })], overrides)).toBe('allowed')
  })

  it('extends and shortens the expiry, for all and for one', () => {
    const p = policy({ expiresAtMs: now })
    expect(code(p, [proof()], [override({ expiresAtMs: now + 1 })])).toBe('allowed')
    expect(code(p, [proof()], [override({ expiresAtMs: null })])).toBe('allowed')
    const forBob = [override({ recipient: bob, expiresAtMs: now + 1 })]
    expect(code(p, [proof()], forBob)).toBe('allowed')
    expect(code(p, [proof({ address: carol })], forBob)).toBe('expired')
    const shorter = [override({ expiresAtMs: null }), override({ recipient: bob, expiresAtMs: 1 })]
    expect(code(p, [proof()], shorter)).toBe('expired')
    expect(code(p, [proof({ address: carol })], shorter)).toBe('allowed')
  })

  it('takes the later of two changes of the same expiry', () => {
    const overrides = [override({ expiresAtMs: 5 }), override({ expiresAtMs: 9 })]
    expect(effectiveExpiry(policy(), overrides, bob)).toBe(9)
    const unchanged = override({ revoked: true })
    expect(effectiveExpiry(policy(), [...overrides, unchanged], bob)).toBe(9)
  })

  it('of two refusals says the one that the reader can do something about', () => {
    const overrides = [override({ recipient: bob, revoked: true })]
    const proofs = [proof(), proof({ address: carol })]
    for (const all of [proofs, proofs.toReversed()])
      expect(code(policy({ assurance: 'mfa' }), all, overrides)).toBe('assurance-too-low')
  })

  it('never allows a proof that is not in the policy, whatever is overridden', () => {
    const overrides = fc.record({
      recipient: fc.constantFrom(null, bob, carol),
      revoked: fc.boolean(),
      expiresAtMs: fc.constantFrom(undefined, null, 1, now, now * 2),
    })
    fc.assert(
      fc.property(fc.array(overrides), fc.integer({ min: 0, max: 3 * now }), (list, at) => {
        const eve = proof({ address: address('eve@recipient.example'), assurance: 'mfa' })
        expect(evaluate(policy(), [eve], list, at).allowed).toBe(false)
      }),
    )
  })
})

describe('mayAnswer', () => {
  it.each([
    [false, false, false],
    [true, false, true],
    [false, true, true],
  ])('with reply %s and forward %s: %s', (reply, forward, expected) => {
    expect(mayAnswer(policy({ permissions: { reply, forward, print: true } }))).toBe(expected)
  })
})
