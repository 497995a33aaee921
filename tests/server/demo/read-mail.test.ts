import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMail, readMailHeader } from '../../../src/server/demo/read-mail.ts'

const read = (...lines: string[]) => readMail(Buffer.from(lines.join('\r\n')))

describe('reading a mail for the mailbox', () => {
  it('reads folded and encoded header fields, groups and several people', async () => {
    const mail = await read(
      'From: =?utf-8?q?Ren=C3=A9?= <rene@example.com>',
      'To: Team: "Bob, the builder" <bob@example.org>, carol@example.net;',
      'Subject: =?utf-8?b?w6nDqQ==?=',
      ' =?utf-8?b?w6k=?= end',
      '',
      'text',
    )
    expect(mail.from).toEqual([{ name: 'René', address: 'rene@example.com' }])
    expect(mail.to.map(({ address }) => address)).toEqual(['bob@example.org', 'carol@example.net'])
    expect(mail.subject).toBe('ééé end')
  })

  it('reads text in the charset it names, and takes flowed lines together', async () => {
    const latin = Buffer.concat([
      Buffer.from('Content-Type: text/plain; charset=iso-8859-1\r\n\r\ncr'),
      Buffer.from([0xe8]),
      Buffer.from('me'),
    ])
    expect((await readMail(latin)).text).toBe('crème')
    const flowed = await read('Content-Type: text/plain; format=flowed', '', 'one ', 'two', 'three')
    expect(flowed.text).toBe('one two\nthree')
    const odd = await read('Content-Type: text/plain; charset=x-nobody-knows', '', 'é')
    expect(odd.text).toBe('é')
  })

  it('hands an attached message out as one file', async () => {
    const inner = 'Subject: inner\r\n\r\nhello'
    const mail = await read(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      inner,
      '--b--',
    )
    expect(mail.files.map(({ type }) => type)).toEqual(['message/rfc822'])
    expect(mail.files[0]?.content.toString()).toBe(inner)
  })

  it('never fails, whatever it is given', async () => {
    const piece = fc.constantFrom(
      'Content-Type: multipart/mixed; boundary=b\r\n',
      'Content-Type: text/html; charset="\r\n',
      'Content-Transfer-Encoding: base64\r\n',
      "Content-Disposition: attachment; filename*=x'y'%ZZ\r\n",
      'Subject: =?x?q?=ZZ?=\r\n',
      '--b\r\n',
      '--b--\r\n',
      '\r\n',
      '\0\n',
      'text',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.array(piece, { maxLength: 20 }).map(pieces => Buffer.from(pieces.join(''))),
          fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
        ),
        async raw => {
          const mail = await readMail(raw)
          expect(mail.files.every(({ name }) => name !== '' && !name.includes('/'))).toBe(true)
          await readMailHeader(raw)
        },
      ),
      { numRuns: 300 },
    )
  })
})
