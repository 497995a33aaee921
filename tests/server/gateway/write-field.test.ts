import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeWords } from '../../../src/core/address/encoded-words.ts'
import { parseMailboxes } from '../../../src/core/address/mailboxes.ts'
import { readHeaderFields } from '../../../src/server/gateway/header-fields.ts'
import {
  writeAddressField,
  writeField,
  writeTextField,
} from '../../../src/server/gateway/write-field.ts'

const anything = fc.string({ unit: 'binary', maxLength: 2000 })

describe('threat: CRLF in addresses, names, subjects injected headers', () => {
  it.each([
    ['writeField', writeField],
    ['writeTextField', writeTextField],
    ['writeAddressField', writeAddressField],
  ])('%s writes exactly one field, whatever the value is', (_, write) => {
    fc.assert(
      fc.property(
        fc.oneof(
          anything,
          fc.constantFrom(
            'a\r\nBcc: b',
            'a\nB: c',
            '\r\n\r\nbody',
            'x '.repeat(3000),
            'y'.repeat(5000),
          ),
        ),
        value => {
          const line = write('Subject', value)
          expect(line.endsWith('\r\n')).toBe(true)
          expect(readHeaderFields(Buffer.from(`${line}\r\n`))).toHaveLength(1)
          expect(line.replaceAll(/\r\n[ \t]/g, '').slice(0, -2)).not.toMatch(/[^\P{Cc}\t]/u)
          for (const part of line.split('\r\n'))
            expect(Buffer.byteLength(part)).toBeLessThanOrEqual(998)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('cuts no address in two where a long list has no spaces', () => {
    const addresses = Array.from({ length: 200 }, (_, at) => `person${at}@example.org`)
    const line = writeAddressField('Reply-To', addresses.join(','))
    const [field] = readHeaderFields(Buffer.from(`${line}\r\n`))
    expect(parseMailboxes(field?.value ?? '')?.map(({ address }) => address)).toEqual(addresses)
  })

  it('takes no name that is none', () => {
    for (const name of ['', 'A:', 'A\r\nB', 'A b', 'É'])
      expect(() => writeField(name, 'x')).toThrow(RangeError)
  })
})

describe('writeTextField', () => {
  it('comes back as it was, in ASCII on the way', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), text => {
        const clean = text.toWellFormed().replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
        const line = writeTextField('Subject', text)
        expect(line).toMatch(/^[\t\r\n -~]*$/)
        const value = readHeaderFields(Buffer.from(line))[0]?.value ?? ''
        const collapse = (each: string): string => each.replaceAll(/ +/g, ' ').trim()
        expect(collapse(decodeWords(value))).toBe(collapse(clean))
      }),
    )
  })

  it('keeps a text from being read as an encoded word', () => {
    const line = writeTextField('Subject', '=?utf-8?Q?hello?=')
    expect(decodeWords(readHeaderFields(Buffer.from(line))[0]?.value ?? '')).toBe(
      '=?utf-8?Q?hello?=',
    )
  })

  it('folds at 78 columns where there is a space', () => {
    const lines = writeField(
      'References',
      Array.from({ length: 50 }, (_, i) => `<${i}@example.com>`).join(' '),
    ).split('\r\n')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(78)
  })
})
