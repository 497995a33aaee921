import * as fc from 'fast-check'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import { describe, expect, it } from 'vitest'
import { parseMail } from '../../../../src/browser/viewer/mail/parse-mail.ts'

interface File {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
  readonly encoding: 'base64' | 'quoted-printable'
}

const word = fc
  .stringMatching(/^[A-Za-zäöüßéñжд日本語😀 ,;:'()&+-]{1,30}$/u)
  .map(text => text.trim())
const line = fc.stringMatching(/^[A-Za-z<>&äé日😀.=_ -]{1,60}[a-z]$/u)
const file: fc.Arbitrary<File> = fc.record({
  name: fc.stringMatching(/^[a-zäß日😀][A-Za-zäß日😀 '()&+=%-]{0,60}[a-z]\.[a-z]{3}$/u),
  type: fc.constantFrom('application/pdf', 'image/png', 'text/plain', 'text/html', 'a/b'),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 500 }),
  encoding: fc.constantFrom('base64', 'quoted-printable'),
})

const message = fc.record({
  subject: word,
  name: word,
  text: fc.array(line, { minLength: 1, maxLength: 5 }).map(lines => lines.join('\n')),
  html: line,
  files: fc.array(file, { maxLength: 4 }),
})

describe('a mail that another library composes', () => {
  it('is read as it was meant: subject, sender, both texts, and every file byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(message, async ({ subject, name, text, html, files }) => {
        const mail = parseMail(
          await compose({
            subject,
            from: { name, address: 'ann@bank.example' },
            to: 'bob@else.example',
            text,
            html,
            attachments: files.map(({ name: filename, type, bytes, encoding }) => ({
              filename,
              contentType: type,
              content: Buffer.from(bytes),
              contentTransferEncoding: encoding,
            })),
          }),
        )
        expect(oneLine(mail.subject)).toBe(oneLine(subject))
        expect(mail.from.map(({ address }) => address)).toEqual(['ann@bank.example'])
        expect(mail.body.text?.trimEnd()).toBe(text)
        expect(mail.body.html?.trimEnd()).toBe(html)
        expect(mail.attachments.map(part => part.givenName)).toEqual(files.map(part => part.name))
        expect(mail.attachments.map(part => part.bytes)).toEqual(files.map(part => part.bytes))
        expect(mail.warnings).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})

describe('a mail of parts as they are', () => {
  /** Line ends alone, so that no random line is a delimiter. */
  const bytes = fc.uint8Array({ maxLength: 300 })

  it('hands out 8bit and binary parts byte for byte', () => {
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 6 }), parts => {
        const mail = parseMail(join(parts))
        expect(mail.attachments.map(part => part.bytes)).toEqual(parts)
      }),
    )
  })

  it('hands out nested parts in their order, however deep', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 150 }), depth => {
        const mail = parseMail(new TextEncoder().encode(nest(depth)))
        expect(mail.attachments.map(part => part.name)).toEqual(
          Array.from({ length: depth }, (_, i) => `f${i}`),
        )
      }),
      { numRuns: 20 },
    )
  })
})

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim()
}

async function compose(mail: object): Promise<Uint8Array> {
  return new Uint8Array(await new MailComposer(mail).compile().build())
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const boundary = '0f2c6d1e5a'
  const pieces = parts.flatMap(part => [
    Buffer.from(`--${boundary}\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: binary\r\n\r\n`),
    Buffer.from(part),
    Buffer.from('\r\n'),
  ])
  const head = Buffer.from(`Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n`)
  return new Uint8Array(Buffer.concat([head, ...pieces, Buffer.from(`--${boundary}--\r\n`)]))
}

function nest(depth: number): string {
  const open = Array.from(
    { length: depth },
    (_, i) =>
      `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\nContent-Type: a/b; name=f${i}\r\n\r\nx\r\n--b${i}\r\n`,
  )
  const close = Array.from({ length: depth }, (_, i) => `\r\n--b${depth - 1 - i}--`)
  return `${open.join('')}\r\nend${close.join('')}\r\n`
}
