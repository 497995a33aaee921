import { describe, expect, it } from 'vitest'
import { parseMail } from '../../../../src/browser/viewer/mail/parse-mail.ts'
import { parseMailWith } from '../../../../src/browser/viewer/mail/parse-mail-with.ts'
import { readMail } from '../../../../src/browser/viewer/mail/read-mail.ts'

const mail = (header: string, body: string): Uint8Array =>
  Buffer.from(`From: alice@example.com\r\n${header}\r\n\r\n${body}`, 'latin1')

const file = 'begin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n'
const rare: Readonly<Record<string, Uint8Array>> = {
  'a file in the text': mail('Subject: x', `See:\r\n${file}Bye\r\n`),
  'a file in a text that is encoded itself': mail(
    'Content-Transfer-Encoding: base64',
    Buffer.from(file).toString('base64'),
  ),
  'a part in the encoding of old': mail(
    'Content-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: x-uuencode',
    file,
  ),
  'S/MIME': mail('Content-Type: application/pkcs7-mime; smime-type=signed-data', 'MIAGCSqGSIb3'),
}

describe('what few mails hold', () => {
  it.each(Object.entries(rare))('%s is read by what is loaded then', async (_what, bytes) => {
    expect(parseMailWith(bytes, null)).toBeNull()
    const { subject, body, signature, encryption, attachments } = await readMail(bytes)
    const whole = parseMail(bytes)
    expect({ subject, body, signature, encryption }).toEqual({
      subject: whole.subject,
      body: whole.body,
      signature: whole.signature,
      encryption: whole.encryption,
    })
    expect(attachments.map(({ bytes }) => bytes)).toEqual(
      whole.attachments.map(({ bytes }) => bytes),
    )
    expect(attachments).toHaveLength(1)
  })

  it.each([
    ['multipart/signed', 'Content-Type: multipart/signed; boundary=b', '--b\r\n\r\nx\r\n--b--'],
    [
      'multipart/encrypted',
      'Content-Type: multipart/encrypted; boundary=b',
      '--b\r\n\r\nx\r\n--b--',
    ],
    ['a signature', 'Content-Type: application/pgp-signature', 'x'],
    ['a name', 'Content-Type: application/octet-stream; name=smime.P7M', 'x'],
    ['its text', 'Subject: x', '-----BEGIN PGP MESSAGE-----\r\n'],
    ['its HTML', 'Content-Type: text/html', '<pre>-----BEGIN PGP SIGNED MESSAGE-----\r\n'],
  ])('is a word on signing or encrypting: %s', async (_what, header, body) => {
    const bytes = mail(header, body)
    expect(parseMailWith(bytes, null)).toBeNull()
    const { signature, encryption } = await readMail(bytes)
    expect([signature, encryption]).not.toEqual(['none', 'none'])
  })

  it('is not looked for in others', () => {
    const usual = mail('Subject: x', 'To begin with: begin here.\r\nbeginning\r\n')
    expect(parseMailWith(usual, null)).toEqual(parseMail(usual))
  })

  it('a sentence that begins so stays text, whoever reads it', async () => {
    const sentence = mail('Subject: x', 'begin 644 years ago\r\n')
    expect((await readMail(sentence)).body.text).toBe('begin 644 years ago\n')
  })

  it('a part in the encoding of old is the file', () => {
    const [part] = parseMail(rare['a part in the encoding of old'] ?? new Uint8Array()).attachments
    expect(Buffer.from(part?.bytes ?? []).toString()).toBe('Cat')
  })
})
