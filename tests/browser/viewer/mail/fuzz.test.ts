import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMail } from '../../../../src/browser/viewer/mail/parse-mail.ts'

/** Pieces that parsers stumble over. */
const PIECES = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  '--',
  '--b',
  '--b--',
  '\r\n--b\r\n',
  '\r\n--b--\r\n',
  ' ',
  '\t',
  '\0',
  '"',
  '\\',
  'From: ',
  'To: ',
  'Subject: ',
  'Date: 1 Jan 20 10:10',
  'Content-Type: ',
  'Content-Disposition: attachment;',
  'multipart/mixed; boundary=b',
  'multipart/alternative; boundary="b',
  'multipart/related',
  'multipart/digest;boundary=b',
  'text/html',
  'text/plain; format=flowed',
  'message/rfc822',
  'text/calendar',
  'application/pkcs7-mime',
  'Content-Transfer-Encoding: base64',
  'Content-Transfer-Encoding: quoted-printable',
  'Content-Transfer-Encoding: x-uuencode',
  '; name*0*=',
  "utf-8''%E2%82",
  '; name*1=',
  '; charset=',
  'utf-16',
  'utf-7',
  'x-unknown',
  'iso-2022-jp',
  'replacement',
  '=?utf-8?q?',
  '=?utf-7?b?',
  '?=',
  '=?',
  '=',
  '=\r\n',
  'QUJD',
  '+AA',
  '(',
  ')',
  '<',
  '>',
  ':',
  ';',
  ',',
  '@',
  'a@b.example',
  'begin 644 x',
  '#0V%T',
  '`',
  'end',
  'cid:',
  '<meta charset=',
  '\u00ff',
  '\u00e9',
  '\u0080',
  'From ',
  '>',
]

const ruin = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 8 })), {
  maxLength: 60,
})

describe('fuzz: parseMail', () => {
  it('reads random bytes without an exception, to plain data', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), bytes => {
        expect(faultsOf(bytes)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('reads random pieces of mails without an exception, to plain data', () => {
    fc.assert(
      fc.property(ruin, pieces => {
        const bytes = Uint8Array.from(pieces.join(''), character => character.charCodeAt(0))
        expect(faultsOf(bytes)).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })
})

/** Nothing is made up: the files together are no longer than the mail. The mail itself is left alone. */
function faultsOf(bytes: Uint8Array): readonly string[] {
  const before = bytes.slice()
  const mail = parseMail(bytes)
  const size = mail.attachments.reduce((sum, part) => sum + part.bytes.length, 0)
  const faults = {
    'more bytes than the mail has': size > bytes.length,
    'a file without a name': mail.attachments.some(part => part.name === ''),
    'cannot be posted': !isDeepStrictEqual(structuredClone(mail), mail),
    'the mail was changed': !isDeepStrictEqual(bytes, before),
  }
  return Object.entries(faults).flatMap(([fault, found]) => (found ? [fault] : []))
}
