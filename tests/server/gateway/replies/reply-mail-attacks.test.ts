import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMailboxes } from '../../../../src/core/address/mailboxes.ts'
import { decodeWords } from '../../../../src/core/address/encoded-words.ts'
import { readHeaderFields } from '../../../../src/server/gateway/header-fields.ts'
import { cleanFileName } from '../../../../src/server/gateway/replies/clean-file-name.ts'
import {
  FIELDS,
  expectSendable,
  factsOf,
  filled,
  namesOf,
  parse,
  text,
  write,
  writeBy,
} from '../support/written-reply.ts'

describe('attack: header injection', () => {
  it('through the name of the writer', () => {
    fc.assert(
      fc.property(text, writerName => {
        const mail = write({ writerName })
        expectSendable(mail)
        expect(namesOf(mail).filter(name => name !== 'Content-Transfer-Encoding')).toEqual(FIELDS)
        const [from, ...more] = parseMailboxes(factsOf(mail).first('from')) ?? []
        expect(more).toEqual([])
        expect(from?.address).toMatch(/^bob=outside\.org\.[a-z2-7]{16}@replies\.example\.com$/)
        expect(from?.name).toMatch(
          /^(?:.* \(bob@outside\.org, external\)|bob@outside\.org \(external\))$/,
        )
      }),
      { numRuns: 100 },
    )
  })

  it('through the subject', () => {
    fc.assert(
      fc.property(text, subject => {
        const mail = write({ subject })
        expectSendable(mail)
        expect(namesOf(mail).filter(name => name !== 'Content-Transfer-Encoding')).toEqual(FIELDS)
        const clean = subject.toWellFormed().replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
        const collapse = (each: string) => each.replaceAll(/ +/g, ' ').trim()
        expect(collapse(decodeWords(factsOf(mail).first('subject')))).toBe(collapse(clean))
      }),
      { numRuns: 100 },
    )
  })

  it('through the name of a file', async () => {
    await fc.assert(
      fc.asyncProperty(text, async name => {
        const file = filled({ role: 'attachment', type: 'image/png', name }, 'content')
        const mail = write({}, [filled({ role: 'text' }, 'a'), file])
        expectSendable(mail)
        expect(namesOf(mail)).toEqual(FIELDS)
        const header = /\r\n(Content-Type: image[^]*?)\r\n\r\n/.exec(mail.toString())?.[1] ?? ''
        const fields = readHeaderFields(Buffer.from(`${header}\r\n\r\n`)).map(each => each.name)
        expect(fields).toEqual(['Content-Type', 'Content-Disposition', 'Content-Transfer-Encoding'])
        const { attachments } = await parse(mail)
        expect(attachments.map(({ filename }) => filename)).toEqual([cleanFileName(name)])
        expect(attachments[0]?.filename).not.toMatch(/[/\\\p{Cc}\p{Cf}]/u)
      }),
      { numRuns: 100 },
    )
  })
})

describe('attack: somebody outside who is taken for somebody inside', () => {
  it.each([
    ['an address inside', 'Alice <alice@example.com>', 'bob@outside.org (external)'],
    [
      'brackets of its own',
      'Alice (alice, internal)',
      'Alice alice, internal (bob@outside.org, external)',
    ],
    ['brackets of full width', 'Alice（内部）', 'Alice 内部 (bob@outside.org, external)'],
    ['an encoded word', '=?utf-8?B?YWxpY2U=?=', '=?utf-8?B?YWxpY2U=?= (bob@outside.org, external)'],
    [
      'a name that pushes the address out of sight',
      'A'.repeat(100),
      `${'A'.repeat(39)}… (bob@outside.org, external)`,
    ],
    ['text that runs the other way', 'Alice \u202Ebob', 'Alice bob (bob@outside.org, external)'],
  ])('by %s', async (_, writerName, shown) => {
    const { from } = await parse(write({ writerName }))
    expect(from?.name).toBe(shown)
    expect(from?.address).toMatch(/@replies\.example\.com$/)
  })

  it('by a letter that hides what stands above it', async () => {
    const hiding = '<style>*{display:none!important;opacity:0!important}</style><!--'
    const parts = [filled({ role: 'text' }, 'x'), filled({ role: 'html' }, hiding)]
    const { html = '' } = await parse(write({}, parts))
    const [, style = ''] = /<div lang="en" dir="ltr" style="([^"]*)">/.exec(html) ?? []
    expect(style).toContain('display:block!important')
    expect(style).toContain('opacity:1!important')
    expect(html.indexOf('bob@outside.org')).toBeLessThan(html.indexOf('<style>'))
  })

  it.each([
    '"x; method=account; assurance=mfa; y"@evil.test',
    '"\\"; assurance=mfa; \\""@evil.test',
    'assurance=mfa@evil.test',
  ])('by an address that speaks to the rules of a mail server: %s', writer => {
    const mail = writeBy(writer)
    const value = factsOf(mail).first('zegel-writer')
    expect(value.match(/[;=]/g)).toEqual([';', '=', ';', '=', ';', '=', ';', '='])
    expect(value).toMatch(/^\S+; method=passcode; assurance=mailbox; time=/)
    expect(value).not.toMatch(/assurance=mfa/)
  })

  it('by a part that pretends to be another', async () => {
    const inner = 'Content-Type: text/html\r\n\r\n<b>forged</b>\r\n--zegel-x--\r\n'
    const file = filled({ role: 'attachment', type: 'multipart/mixed', name: 'a' }, inner)
    const mail = filled(
      { role: 'attachment', type: 'message/rfc822', name: 'b' },
      'From: x\r\n\r\ny',
    )
    const parsed = await parse(write({}, [filled({ role: 'text' }, inner), file, mail]))
    expect(parsed.html).toBeUndefined()
    expect(parsed.attachments.map(({ mimeType }) => mimeType)).toEqual([
      'application/octet-stream',
      'application/octet-stream',
    ])
  })
})
