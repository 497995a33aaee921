import { describe, expect, it } from 'vitest'
import { parseMail } from '../../../../src/browser/viewer/mail/parse-mail.ts'
import { utf8 } from './mail-text.ts'

/**
 * Mails made to take quadratic time. A parser whose work grows with the square of the size does not come back
 * from any of these within the time that a test has; one whose work is linear takes a fraction of a second.
 */
describe('threat: 10,000 nested parts, header floods, endless lines', () => {
  it('opens nested multiparts only so deep, and keeps the rest as a file', () => {
    const levels = Array.from(
      { length: 10_000 },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
    )
    const mail = parseMail(utf8(levels.join('') + '\r\nend'))
    expect(mail.warnings).toContain('too-deep')
    expect(mail.attachments).toHaveLength(1)
  })

  it('reads only so many parts, and keeps the rest as a file', () => {
    const mail = parseMail(multipart('--b\r\nContent-Type: a/b\r\n\r\nx\r\n', 200_000))
    expect(mail.warnings).toContain('too-many-parts')
    expect(mail.attachments).toHaveLength(10_001)
  })

  it('reads a million fields, and keeps only so many of a name', () => {
    const mail = parseMail(utf8('From: a@b.example\r\n'.repeat(1_000_000) + '\r\nbody'))
    expect(mail.from).toHaveLength(50)
    expect([mail.body.text, mail.warnings.includes('too-many-fields')]).toEqual(['body', true])
  })

  it('reads an endless field, and lists only so many mailboxes', () => {
    const mail = parseMail(utf8(`To: ${'a@b.example,\r\n '.repeat(500_000)}\r\n\r\nbody`))
    expect(mail.to.length).toBeLessThanOrEqual(5_000)
    expect(mail.warnings).toContain('too-many-fields')
  })

  it.each([
    ['lines that are no fields', 'x'.repeat(10) + '\n'],
    ['lines that nearly end a part', '--\n'],
    ['open encoded words', '=?utf-8?q?'],
    ['encoded words', '=?utf-8?q?a?= '],
    ['open brackets', '<'],
    ['open comments', '('],
    ['open quotes', '"\\'],
    ['groups', 'a:'],
    ['parameters', 'a*0*=%;'],
    ['encoded parameters', ';a*1=%20'],
    ['references to parts', 'cid:'],
    ['tags that name a charset', '<meta charset '],
    ['files that begin', 'begin 644 a\n'],
    ['letters that may begin a file', 'b'],
    ['shifts of UTF-7', '+A'],
    ['flowed quotes', '> '],
    ['soft line ends', '= \t'],
    ['blanks', ' '],
    ['line ends', '\r'],
  ])('reads megabytes of %s, wherever they stand', (_what, piece) => {
    const many = piece.repeat(Math.ceil(1_000_000 / piece.length))
    const heads = [
      '',
      'Subject: ',
      'From: ',
      'Date: ',
      'Content-Type: ',
      'Content-Type: multipart/mixed; boundary=',
      'Content-Disposition: attachment; filename="',
      'Content-Type: text/plain; format=flowed\r\n\r\n',
      'Content-Type: text/plain; charset=utf-7\r\n\r\n',
      'Content-Type: text/html\r\n\r\n',
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n',
      'Content-Transfer-Encoding: quoted-printable\r\n\r\n',
      'Content-Transfer-Encoding: base64\r\n\r\n',
    ]
    for (const head of heads) {
      const mail = parseMail(utf8(head + many))
      expect(mail.subject.length).toBeLessThan(20_000)
    }
  })

  it('compares many lines with many open boundaries', () => {
    const boundary = (i: number) => String(i).padStart(70, 'b')
    const open = Array.from(
      { length: 200 },
      (_, i) =>
        `Content-Type: multipart/mixed; boundary=${boundary(i)}\r\n\r\n--${boundary(i)}\r\n`,
    )
    const lines = `--${boundary(999)}\r\n`.repeat(50_000)
    expect(parseMail(utf8(open.join('') + '\r\n' + lines)).warnings).toContain('bad-boundary')
  })

  it('reads a uuencoded file of many lines, and only so many files', () => {
    const line = `M${'A'.repeat(60)}\n`
    const long = parseMail(utf8(`\r\nbegin 644 a\n${line.repeat(200_000)}\`\nend\n`))
    expect(long.attachments.map(part => part.bytes.length)).toEqual([9_000_000])
    const many = parseMail(utf8(`\r\n${'begin 644 a\n#0V%T\n`\nend\n'.repeat(200_000)}`))
    expect(many.attachments).toHaveLength(10_000)
  })

  it('reads 25 MB of base64, byte for byte', () => {
    const bytes = new Uint8Array(19_000_000).map((_, i) => (i * 7919) >> 3)
    const text = Buffer.from(bytes).toString('base64').replaceAll(/.{76}/g, '$&\r\n')
    const mail = parseMail(
      utf8(`Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${text}`),
    )
    expect(Buffer.compare(mail.attachments[0]?.bytes ?? new Uint8Array(), bytes)).toBe(0)
  })
})

function multipart(part: string, times: number): Uint8Array {
  return utf8(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(times)}--b--\r\n`)
}
