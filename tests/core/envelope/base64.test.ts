import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fromBase64,
  fromBase64NoPad,
  decodeLoosely,
  fromBase64Url,
  fromLooseBase64,
  toBase64,
  toBase64NoPad,
  toBase64Url,
} from '../../../src/core/envelope/base64.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('base64', () => {
  it('writes what Node writes and reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        const native = Buffer.from(bytes)
        expect(toBase64(bytes)).toBe(native.toString('base64'))
        expect(toBase64NoPad(bytes)).toBe(native.toString('base64').replaceAll('=', ''))
        expect(toBase64Url(bytes)).toBe(native.toString('base64url'))
        expect(fromBase64(toBase64(bytes))).toEqual(bytes)
        expect(fromBase64NoPad(toBase64NoPad(bytes))).toEqual(bytes)
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes)
        expect(fromLooseBase64(ascii(toBase64(bytes)))).toEqual(bytes)
      }),
    )
  })

  it.each(['A', 'AAAAA', 'AB', 'AAB', 'AA==', 'AA=', 'A A', 'AA\n', 'A-', 'Aé', '====', 'A\u0141'])(
    'refuses %j where padding has no place',
    text => {
      expect(fromBase64NoPad(text)).toBeNull()
    },
  )

  it.each(['AA', 'AAA', 'AB==', 'AAB=', 'A===', 'AA==AA==', 'AA= =', '=AAA', 'AA==\n'])(
    'refuses %j where padding is due',
    text => {
      expect(fromBase64(text)).toBeNull()
    },
  )

  it('reads loose base64 with white space anywhere', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 99 }),
        fc.infiniteStream(fc.constantFrom('', '', '\r\n', ' ', '\t', '\n')),
        (bytes, spaces) => {
          const text = Array.from(
            toBase64(bytes),
            digit => `${digit}${String(spaces.next().value)}`,
          )
          expect(fromLooseBase64(ascii(text.join('')))).toEqual(bytes)
          expect(decodeLoosely(ascii(text.join('')))).toEqual(bytes)
        },
      ),
    )
  })

  it.each(['A', 'AA', 'AB==', 'AA==A', 'A*AA', 'AAAA=', '==', 'AA==\u000b'])(
    'refuses loose %j',
    text => {
      expect(fromLooseBase64(ascii(text))).toBeNull()
      expect(decodeLoosely(ascii(text))).toBeNull()
    },
  )
})
