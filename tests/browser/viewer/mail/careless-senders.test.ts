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
