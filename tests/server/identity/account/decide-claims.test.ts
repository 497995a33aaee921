import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../../../src/core/address/address.ts'
import { decideClaims } from '../../../../src/server/identity/account/decide-claims.ts'
import { evil, generic, google, microsoft } from './claims-cases.ts'
import { MICROSOFT_ROWS } from './microsoft-cases.ts'
import { FACTOR_ROWS, GENERIC_ROWS, GOOGLE_ROWS } from './other-cases.ts'

describe('what an account proves', () => {
  it.each([...MICROSOFT_ROWS, ...GOOGLE_ROWS, ...GENERIC_ROWS, ...FACTOR_ROWS])(
    '%s',
    (_, provider, claims, wanted, decision) => {
      expect(decideClaims(provider, claims, wanted as Address | null)).toEqual(decision)
    },
  )

  it('is decided in at least 40 cases', () => {
    const rows = [...MICROSOFT_ROWS, ...GOOGLE_ROWS, ...GENERIC_ROWS, ...FACTOR_ROWS]
    expect(rows.length).toBeGreaterThanOrEqual(80)
  })

  it('is nothing, whatever an unknown issuer says', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (more, iss) => {
        for (const provider of [microsoft, google, generic]) {
          const { outcome } = decideClaims(provider, { sub: 's', ...more, iss: `x${iss}` })
          expect(outcome).toBe('refused')
        }
      }),
    )
  })

  it('is nothing by whatever a foreign tenant adds besides the two claims that Microsoft makes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), more => {
        const { xms_edov: _, acct: __, tid: ___, ...rest } = more
        expect(decideClaims(microsoft, { ...rest, ...evil({}) }).outcome).toBe('needs-passcode')
      }),
    )
  })
})
