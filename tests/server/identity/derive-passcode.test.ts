import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../../src/core/address/address.ts'
import type { Address } from '../../../src/core/address/address.ts'
import { derivePasscode } from '../../../src/server/identity/derive-passcode.ts'
import type { PasscodeSubject } from '../../../src/server/identity/derive-passcode.ts'

const key = new Uint8Array(32).fill(7)
const address = parseAddress('bob@example.net') as Address
const subject: PasscodeSubject = {
  challengeId: 'A'.repeat(22),
  organisationId: 'example',
  address,
  expiresAtMs: 1_795_000_000_000,
  browser: 'B'.repeat(43),
}

describe('derivePasscode', () => {
  it('gives eight digits, the same again for the same subject', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0 }), (challengeId, expiresAtMs) => {
        const code = derivePasscode(key, { ...subject, challengeId, expiresAtMs })
        expect(code).toMatch(/^\d{8}$/)
        expect(derivePasscode(key, { ...subject, challengeId, expiresAtMs })).toBe(code)
      }),
    )
  })

  it('depends on the key and on every field', () => {
    const other = parseAddress('bob@example.com') as Address
    const codes = [
      derivePasscode(key, subject),
      derivePasscode(new Uint8Array(32).fill(8), subject),
      derivePasscode(key, { ...subject, challengeId: 'C'.repeat(22) }),
      derivePasscode(key, { ...subject, organisationId: 'other' }),
      derivePasscode(key, { ...subject, address: other }),
      derivePasscode(key, { ...subject, expiresAtMs: subject.expiresAtMs + 1 }),
      derivePasscode(key, { ...subject, browser: 'D'.repeat(43) }),
    ]
    expect(new Set(codes).size).toBe(codes.length)
  })

  it('is not confused by where one field ends and the next begins', () => {
    const one = derivePasscode(key, { ...subject, challengeId: 'ab', organisationId: 'c' })
    const two = derivePasscode(key, { ...subject, challengeId: 'a', organisationId: 'bc' })
    expect(one).not.toBe(two)
  })

  it('spreads over the whole range: no first digit is dearer than another', () => {
    const counts = new Map<string, number>()
    for (let i = 0; i < 20_000; i += 1) {
      const first = derivePasscode(key, { ...subject, challengeId: String(i) }).charAt(0)
      counts.set(first, (counts.get(first) ?? 0) + 1)
    }
    // Deterministic, since the key is fixed; modulo bias would not show here, a forgotten zero would.
    expect(counts.size).toBe(10)
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200)
  })
})
