import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanName, cleanSenderName } from '../../../src/core/address/clean-name.ts'
import { address } from '../../support/sealed-message.ts'

describe('threat: look-alike addresses, RTL override in names, NUL', () => {
  it('leaves no control, direction or invisible character in a name', () => {
    expect(cleanName('Ali\u0000ce\u202e \u200bde\r\nVries\u2028')).toBe('Ali ce de Vries')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(cleanName(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|^\s|\s$|\s\s/u)
      }),
    )
  })

  it('shows no name that passes for another address', () => {
    const sender = address('mallory@evil.example')
    expect(cleanSenderName('boss@bank.example', sender)).toBe('')
    expect(cleanSenderName('"boss＠bank.example"', sender)).toBe('')
    expect(cleanSenderName('mallory@evil.example', sender)).toBe('')
    expect(cleanSenderName('Mallory', sender)).toBe('Mallory')
  })
})

describe('cleanName', () => {
  it('keeps names of every script', () => {
    for (const name of ['Zoë', '王小明', 'أليس', 'Ольга', 'שרה', "O'Brien"])
      expect(cleanName(name)).toBe(name)
  })

  it('cuts a name of more than 100 characters', () => {
    expect(Array.from(cleanName('😀'.repeat(300)))).toHaveLength(100)
  })
})
