import { describe, expect, it } from 'vitest'
import { referenceCode } from '../../../src/server/identity/reference-code.ts'

describe('referenceCode', () => {
  it('has a form that can be read aloud, and no letter that is mistaken for a digit', () => {
    const key = new Uint8Array(32)
    const codes = Array.from({ length: 2000 }, (_, i) => referenceCode(key, String(i)))
    for (const code of codes)
      expect(code).toMatch(/^[ACDEFGHJKMNPQRTWXY234679]{2}-[ACDEFGHJKMNPQRTWXY234679]{3}$/)
    expect(new Set(codes).size).toBeGreaterThan(1990)
  })
})
