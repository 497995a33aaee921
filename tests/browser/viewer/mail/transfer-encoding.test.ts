import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeBase64,
  decodeQuotedPrintable,
  decodeTransfer,
} from '../../../../src/browser/viewer/mail/transfer-encoding.ts'
import { Warnings } from '../../../../src/browser/viewer/mail/warning.ts'
import { bytesOf, utf8 } from './mail-text.ts'

function base64(text: string): { bytes: string; warnings: readonly string[] } {
  const warnings = new Warnings()
  const bytes = decodeBase64(utf8(text), warnings)
  return { bytes: String.fromCharCode(...bytes), warnings: warnings.list() }
}

describe('base64', () => {
  it('gives back any bytes from lines of any length, with any blanks between', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.integer({ min: 1, max: 90 }),
        fc.constantFrom('\r\n', '\n', '\r', ' \r\n\t', '\r\n\r\n'),
        (bytes, width, gap) => {
          const text = Buffer.from(bytes).toString('base64')
          const lines = text.replaceAll(new RegExp(`.{${width}}`, 'g'), `$&${gap}`)
          const warnings = new Warnings()
          expect(decodeBase64(utf8(lines), warnings)).toEqual(bytes)
          expect(warnings.list()).toEqual([])
        },
      ),
    )
  })

  it.each([
    ['', ''],
    ['QQ==', 'A'],
    ['QQ', 'A'],
    ['QUI', 'AB'],
    ['Q!U-I=', 'AB'],
    ['=QUJD', 'ABC'],
  ])('reads %j as %j', (text, bytes) => {
    expect(base64(text)).toEqual({ bytes, warnings: [] })
  })

  it('stops at the padding and says that something follows', () => {
    expect(base64('QQ==\r\nQUJD')).toEqual({ bytes: 'A', warnings: ['damaged-part'] })
  })

  it('leaves out a last digit that is no byte and says so', () => {
    expect(base64('QUJDR')).toEqual({ bytes: 'ABC', warnings: ['damaged-part'] })
  })
})

describe('quoted-printable', () => {
  it.each([
    ['plain', 'plain'],
    ['=41=42', 'AB'],
    ['=c3=BC', 'Ã¼'],
    ['soft =\r\nbreak', 'soft break'],
    ['soft =\nbreak', 'soft break'],
    ['soft =\rbreak', 'soft break'],
    ['soft = \t\r\nbreak', 'soft break'],
    ['end=', 'end'],
    ['a=b', 'a=b'],
    ['a=4', 'a=4'],
    ['a==41', 'a=A'],
    ['=XY = no', '=XY = no'],
    ['blanks  \r\nkept', 'blanks  \r\nkept'],
  ])('reads %j as %j', (text, bytes) => {
    expect(String.fromCharCode(...decodeQuotedPrintable(utf8(text)))).toBe(bytes)
  })

  it('gives back any bytes that are all escaped', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        const text = Array.from(bytes, byte => `=${byte.toString(16).padStart(2, '0')}`).join(
          '=\r\n',
        )
        expect(decodeQuotedPrintable(utf8(text))).toEqual(bytes)
      }),
    )
  })
})

describe('transfer encodings', () => {
  it.each(['', '7bit', '8bit', 'binary', 'x-unknown'])(
    '%j hands out a view of the mail',
    encoding => {
      const bytes = bytesOf('a\0b\rc\nd\xff', '')
      expect(decodeTransfer(bytes, encoding, new Warnings())).toBe(bytes)
    },
  )
})
