import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMail } from '../../../../src/browser/viewer/mail/parse-mail.ts'
import { signedContent } from '../../../../src/browser/viewer/mail/signed-content.ts'
import { bytesOf } from './mail-text.ts'

const fixtures = join(import.meta.dirname, '../../../fixtures/mail')

function readFixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(fixtures, name)))
}

describe.each(['opaque-signed-der.eml', 'opaque-signed-ber.eml'])(
  'a mail inside of its S/MIME signature (%s)',
  name => {
    it('is shown, and its signature told', () => {
      const mail = parseMail(readFixture(name))
      expect(mail.body.text).toBe('signed text')
      expect([mail.signature, mail.encryption, mail.warnings]).toEqual(['smime', 'none', []])
    })

    it('hands out its files besides the signed whole', () => {
      const mail = parseMail(readFixture(name))
      expect(mail.attachments.map(part => part.name)).toEqual(['smime.p7m', 'inner.bin'])
      expect(mail.attachments[1]?.bytes).toEqual(Uint8Array.of(0, 1, 2, 3))
    })

    it('is a file alone when it is cut off anywhere inside', () => {
      const whole = parseMail(readFixture(name)).attachments[0]?.bytes ?? new Uint8Array()
      for (let length = 0; length < whole.length - 600; length++) {
        expect(() => signedContent(whole.subarray(0, length))).not.toThrow()
      }
      expect(signedContent(whole.subarray(0, 200))).toBeNull()
    })
  },
)

describe('fuzz: signedContent', () => {
  it('reads any bytes without an exception', () => {
    const bytes = fc.array(
      fc.constantFrom(0x30, 0x80, 0xa0, 0x24, 0x04, 0x06, 0, 1, 3, 0x84, 0xff),
      {
        maxLength: 80,
      },
    )
    fc.assert(
      fc.property(bytes, values => {
        const content = signedContent(Uint8Array.from(values))
        expect(content === null || content.length <= values.length).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('comes back from values without end, nested a million times', () => {
    expect(signedContent(bytesOf('\x30\x80'.repeat(1_000_000)))).toBeNull()
    expect(signedContent(bytesOf('\x30\x80\x00\x00'.repeat(1_000_000)))).toBeNull()
  })
})
