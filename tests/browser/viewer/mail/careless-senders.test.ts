import { describe, expect, it } from 'vitest'
import { read, raw } from './mail-text.ts'

describe('a header without an empty line behind it', () => {
  it.each([
    ['ends in a line of blanks', ' '],
    ['is followed by a part at once', 'MIME-Version: 1.0'],
  ])('is not mixed with that of the first part when it %s', (_name, last) => {
    const mail = read(
      'Content-Type: multipart/mixed; boundary=b',
      last,
      '--b',
      'Content-Type: text/html',
      'Content-Transfer-Encoding: base64',
      '',
      'SGVsbG8=',
      '--b--',
    )
    expect([mail.body.html, mail.warnings]).toEqual(['Hello', []])
  })
})

describe('a header with bytes above 127', () => {
  it('is read in the charset of the first text where the mail as a whole names none', () => {
    const mail = read(
      'From: \xcc\xee <a@b.example>',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=windows-1251',
      '',
      'x',
      '--b--',
    )
    expect(mail.from[0]?.name).toBe('Мо')
  })

  it('is not UTF-8 only because the text is', () => {
    const mail = read('Subject: Gr\xfc\xdfe', 'Content-Type: text/plain; charset=utf-8', '', 'x')
    expect(mail.subject).toBe('Grüße')
  })
})

describe('a text that says it is base64', () => {
  it.each([
    ['and is none', 'Good morning, and thank you.', 'Good morning, and thank you.'],
    [
      'and is',
      'R29v ZCBt\r\n b3Ju\r\naW5n LCBhbmQgdGhhbmsgeW91Lg==',
      'Good morning, and thank you.',
    ],
    ['with words behind it', `${'QUFB'.repeat(19)}\r\nQQ==\r\n\r\nsent by me`, 'A'.repeat(58)],
  ])('%s', (_what, body, text) => {
    const mail = read('Content-Transfer-Encoding: base64', '', body)
    expect(mail.body.text).toBe(text)
  })
})

describe('a date', () => {
  it.each([
    ['Wed 29 May 2019 06:09:22 PM EDT', '2019-05-29T22:09:22.000Z'],
    ['29 May 2019 12:09 am', '2019-05-29T00:09:00.000Z'],
    ['Mon, 21 Aug 95 13:30:57 -600', '1995-08-21T19:30:57.000Z'],
    ['21 Aug 1995 13:30 +0530', '1995-08-21T08:00:00.000Z'],
  ])('%s is %s', (date, instant) => {
    expect(read(`Date: ${date}`, '', 'x').date.ms).toBe(Date.parse(instant))
  })
})

describe('a mail file', () => {
  it('may start with a byte order mark', () => {
    expect(read(`${raw('\ufeff')}Subject: s`, '', 'x')).toMatchObject({
      subject: 's',
      body: { text: 'x' },
    })
  })
})

describe('a file', () => {
  it.each([
    ['blanks around its name', 'filename=" a.txt "', 'name=b.txt', 'a.txt'],
    ['an empty name', 'filename=""', 'name=b.txt', 'b.txt'],
    ['no name', 'size=1', 'size=1', null],
  ])('with %s', (_what, disposition, type, name) => {
    const mail = read(
      `Content-Type: a/b; ${type}`,
      `Content-Disposition: attachment; ${disposition}`,
      '',
      'x',
    )
    expect(mail.attachments[0]?.givenName).toBe(name)
  })

  it.each([
    ['text/csv', 'csv'],
    ['image/tiff', 'tiff'],
    ['text/plain', 'txt'],
    ['text/x-unheard-of', 'txt'],
    ['application/exe', 'bin'],
    ['application/pdf', 'pdf'],
  ])('of type %s without a name ends in %s', (type, ending) => {
    const mail = read(`Content-Type: ${type}`, 'Content-Disposition: attachment', '', 'x')
    expect(mail.attachments[0]?.name).toBe(`attachment-1.${ending}`)
  })

  it('keeps its type where the semicolon behind it is forgotten', () => {
    const mail = read('Content-Type: application/pdf name="a b.pdf"', '', 'x')
    expect(mail.attachments[0]).toMatchObject({ type: 'application/pdf', givenName: 'a b.pdf' })
  })
})
