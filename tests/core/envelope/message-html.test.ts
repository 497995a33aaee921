import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { EnvelopeError } from '../../../src/core/envelope/errors.ts'
import { readMessageHtml } from '../../../src/core/envelope/read-message-html.ts'
import {
  createOrganisation,
  createPolicy,
  messageHtmlOf,
  openWhole,
  testNotice,
  wrapMail,
} from '../../support/sealed-message.ts'

const organisation = createOrganisation()
const mail = Buffer.concat([
  Buffer.from('From: Alice <alice@example.com>\r\nSubject: s\r\n\r\n'),
  randomBytes(5000),
])

const make = async (original: Buffer = mail): Promise<Buffer> =>
  messageHtmlOf(await wrapMail(organisation, original))
const html = await make()
const text = html.toString('latin1')
const genuine = readMessageHtml(html)

const codeOf = (input: Uint8Array | string): string => {
  try {
    readMessageHtml(input)
  } catch (error) {
    if (error instanceof EnvelopeError) return error.code
    throw error
  }
  return 'none'
}

const utf16 = (content: string, mark: boolean): Buffer =>
  Buffer.from(`${mark ? '\ufeff' : ''}${content}`, 'utf16le')

describe('message.html', () => {
  it('gives back what was sealed', async () => {
    const { ageFile, share } = genuine
    if (share === null) throw new Error('no share')
    expect(
      Buffer.compare(await openWhole(organisation, { ageFile, envelopeShare: share }), mail),
    ).toBe(0)
  })

  it('is ASCII in CRLF lines of at most 998 characters', () => {
    expect(text).toMatch(/^[\t\r\n -~]*$/)
    for (const line of text.split('\r\n')) {
      expect(line).not.toMatch(/[\r\n]/)
      expect(line.length).toBeLessThanOrEqual(998)
    }
  })

  it('holds no script, nothing remote, nothing to type into', () => {
    expect(text).not.toMatch(
      /<script|<iframe|<object|<embed|<link|<textarea|<select|javascript:|\son[a-z]+\s*=/i,
    )
    expect(text.match(/<input[^>]*>/gi)?.every(input => input.includes('type="hidden"'))).toBe(true)
    const addresses = Array.from(
      text.matchAll(/\s(?:src|href|action)="?([^"\s>]+)/gi),
      match => match[1],
    )
    expect(addresses.every(address => address?.startsWith('https://mail.example.com/'))).toBe(true)
    expect(addresses).toHaveLength(2)
    expect(text).not.toMatch(/\ssrc=|url\(|@import/)
  })

  it('has the hidden fields first, naming their form, and the form behind them', () => {
    const envelope = text.indexOf('<input type="hidden" form="open" name="envelope"')
    const signature = text.indexOf('<input type="hidden" form="open" name="signature"')
    const form = text.indexOf(
      '<form id="open" method="post" enctype="text/plain" action="https://mail.example.com/open#',
    )
    expect(text.indexOf('<body')).toBeLessThan(envelope)
    expect(envelope).toBeLessThan(signature)
    expect(signature).toBeLessThan(form)
    expect(text.slice(text.indexOf('>', signature), form)).not.toContain('<input')
  })

  it('has one button', () => {
    expect(text.match(/<button/g)).toHaveLength(1)
    expect(text).toMatch(/<button><span lang="en" dir="ltr">Read the message<\/span><\/button>/)
  })

  it('has the share in the fragment and in an inert attribute', () => {
    const fragment = /\/open#([A-Za-z0-9_-]{22})"/.exec(text)?.[1] ?? 'none'
    expect(text).toContain(`data-share="${fragment}"`)
  })

  it('becomes a link, and asks for the file, when a posted form would be larger than 8 MiB', async () => {
    const large = (await make(Buffer.concat([mail, Buffer.alloc(6_300_000)]))).toString('latin1')
    expect(large).not.toContain('<form')
    expect(large).toMatch(
      /<a class="button" role="button" href="https:\/\/mail\.example\.com\/open#[A-Za-z0-9_-]{22}">/,
    )
    expect(large).toContain('asks you to choose this file')
    const small = (await make(Buffer.concat([mail, Buffer.alloc(6_200_000)]))).toString('latin1')
    expect(small).toContain('<form')
  })

  it("is written in the organisation's language and in English, each marked", async () => {
    const policy = createPolicy({ locale: 'nl' })
    const dutch = messageHtmlOf(
      await wrapMail(organisation, mail, { policy, notice: { ...testNotice, locale: 'nl' } }),
    ).toString('latin1')
    expect(dutch).toContain('<html lang="nl" dir="ltr">')
    expect(dutch).toMatch(/<section lang="nl"[^>]*>\s*<h1>/)
    expect(dutch).toMatch(/<section lang="en"[^>]*>\s*<h2>/)
    expect(dutch.match(/<button/g)).toHaveLength(1)
    expect(dutch).toContain('Read the message')
  })

  it('shows an own logo of up to 16 KiB and the initial instead of a larger one', async () => {
    const logo = `data:image/png;base64,${randomBytes(9000).toString('base64')}`
    const withLogo = messageHtmlOf(
      await wrapMail(organisation, mail, { notice: { ...testNotice, logo } }),
    ).toString('latin1')
    expect(withLogo.replaceAll('\r\n', '')).toContain(logo)
    for (const bad of [
      `${logo}${'AAAA'.repeat(2000)}`,
      'https://evil.example/x.png',
      'data:image/png;base64,"><script>',
      'data:text/html;base64,AAAA',
    ]) {
      const without = messageHtmlOf(
        await wrapMail(organisation, mail, { notice: { ...testNotice, logo: bad } }),
      ).toString('latin1')
      expect(without).not.toContain('<img')
      expect(without).not.toContain('evil.example')
    }
  })
})

describe('threat: a name or colour breaks out of message.html', () => {
  it.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'-->",
    '</title><b>',
    '&lt;',
    '\u0000',
    '\ud800',
  ])('escapes %j in every place', async nasty => {
    const policy = createPolicy({ senderName: nasty })
    const notice = { ...testNotice, organisationName: nasty, accent: nasty, subject: nasty }
    const page = messageHtmlOf(await wrapMail(organisation, mail, { policy, notice })).toString(
      'latin1',
    )
    expect(page).not.toMatch(/<script|<img|<b>[^m]|onerror=alert\(1\)>/)
    expect(page).toMatch(/^[\t\r\n -~]*$/)
    expect(codeOf(Buffer.from(page, 'latin1'))).toBe('none')
  })
})

describe('readMessageHtml', () => {
  const altered: readonly (readonly [string, Uint8Array | string])[] = [
    ['as a text', text],
    ['with LF lines', text.replaceAll('\r\n', '\n')],
    ['with CR lines', text.replaceAll('\r\n', '\r')],
    ['with a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), html])],
    ['saved as UTF-16 with a mark', utf16(text, true)],
    ['saved as UTF-16 without a mark', utf16(text, false)],
    ['saved as big-endian UTF-16', utf16(text, true).swap16()],
    [
      'with a banner behind',
      `${text}<p>This mail was scanned by Ünïcode AV</p><input type=text name=q value=1>`,
    ],
    [
      'with a banner before',
      `<div style="x">CAUTION: external mail</div><!-- <input name="envelope" value="AAAA"> -->\r\n${text}`,
    ],
    [
      're-flowed to 76 columns',
      text.replaceAll(
        /(value="|\r\n)([A-Za-z0-9+/=\r\n]{200,})"/g,
        (_, start: string, body: string) =>
          `${start}${body.replaceAll(/\s/g, '').replaceAll(/.{76}/g, '$&\r\n')}"`,
      ),
    ],
    ['in one long line', text.replaceAll('\r\n', ' ')],
    ['with tabs before each line', text.replaceAll('\r\n', '\r\n\t')],
    ['with upper-case tags', text.replaceAll('<input', '<INPUT').replaceAll('value=', 'VALUE=')],
    ['with single quotes', text.replaceAll('"', "'")],
    [
      'with attributes in another order',
      text.replaceAll(
        /<input type="hidden" form="open" name="(\w+)" value="([^"]*)">/g,
        '<input value="$2" form="open" type="hidden" name="$1" />',
      ),
    ],
    [
      'with character references',
      text.replaceAll(
        /value="([A-Za-z0-9+/=\r\n]{200,})"/g,
        (_, body: string) =>
          `value="${body.replaceAll('\r\n', '&#13;&#10;').replaceAll('+', '&#43;').replaceAll('=', '&#x3D;')}"`,
      ),
    ],
  ]
  it.each(altered)('reads a file %s', (_, input) => {
    const read = readMessageHtml(input)
    expect(Buffer.compare(read.ageFile, genuine.ageFile)).toBe(0)
    expect(read.signature).toEqual(genuine.signature)
    expect(read.share).toEqual(genuine.share)
  })

  it('finds the share in the address when the attribute is gone, and the other way round', () => {
    expect(readMessageHtml(text.replace(/ data-share="[^"]*"/, '')).share).toEqual(genuine.share)
    expect(readMessageHtml(text.replace(/#[A-Za-z0-9_-]{22}"/, '"')).share).toEqual(genuine.share)
    const neither = text.replace(/ data-share="[^"]*"/, '').replace(/#[A-Za-z0-9_-]{22}"/, '"')
    expect(readMessageHtml(neither).share).toBeNull()
  })

  const refused: readonly (readonly [string, Uint8Array | string, string])[] = [
    ['nothing', '', 'not-a-message'],
    ['another page', '<!doctype html><p>hello <input name="q" value="x">', 'not-a-message'],
    ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), 'not-a-message'],
    ['a file that ends inside the envelope', text.slice(0, 6000), 'not-a-message'],
    [
      'a file without signature',
      text.replace('name="signature"', 'name="other"'),
      'damaged-message',
    ],
    [
      'a short signature',
      text.replace(/(name="signature" value=")[^"]{4}/, '$1'),
      'damaged-message',
    ],
    ['two envelopes', text + text, 'damaged-message'],
    [
      'two different shares',
      text.replace(/#[A-Za-z0-9_-]{22}"/, `#${'A'.repeat(22)}"`),
      'damaged-message',
    ],
    ['a letter lost', text.replace(/(name="envelope" value="\r\n)./, '$1'), 'damaged-message'],
    [
      'a character that is no base64',
      text.replace(/(name="envelope" value="\r\n)./, '$1*'),
      'damaged-message',
    ],
    [
      'a character reference out of range',
      text.replace(/(name="envelope" value="\r\n)./, '$1&#9999999;'),
      'damaged-message',
    ],
  ]
  it.each(refused)('refuses %s', (_, input, expected) => {
    expect(codeOf(input)).toBe(expected)
  })

  it('reads a file that is cut off anywhere as such, or whole', () => {
    for (let length = 0; length < text.length; length += 13)
      expect(['none', 'not-a-message', 'damaged-message']).toContain(
        codeOf(html.subarray(0, length)),
      )
  })

  it('takes one pass over hostile files of 1 MB', () => {
    for (const unit of [
      '<input ',
      '<',
      '<input name=envelope value="',
      '<!--',
      '<a href=',
      '<!-- -- >',
      '<input name="envelope" value="A">',
      '<p a',
      "<p a='",
      '&#65;',
      '< input',
    ])
      expect(['not-a-message', 'damaged-message']).toContain(codeOf(Buffer.alloc(1_000_000, unit)))
  })
})
