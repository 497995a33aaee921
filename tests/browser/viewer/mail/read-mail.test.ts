import { describe, expect, it } from 'vitest'
import { MAX_READ_PARTS } from '../../../../src/browser/viewer/mail/limits.ts'
import { readMail } from '../../../../src/browser/viewer/mail/read-mail.ts'
import { bytesOf, utf8 } from './mail-text.ts'

const part = (header: string, content = ''): string => `--b\r\n${header}\r\n\r\n${content}\r\n`
const mailOf = (...parts: readonly string[]) =>
  readMail(
    utf8(
      `Subject: Outer\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts.join('')}--b--\r\n`,
    ),
  )
const kinds = async (...parts: readonly string[]) =>
  (await mailOf(...parts)).attachments.map(({ content }) => content?.kind ?? null)

const inner = 'From: mallory@evil.example\r\nSubject: Inner\r\n\r\nInner text'
const ics =
  'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Lunch\r\nEND:VEVENT\r\nEND:VCALENDAR'
const vcf = 'BEGIN:VCARD\r\nFN:Jane\r\nEND:VCARD'

describe('readMail: attached messages', () => {
  it.each([
    ['message/rfc822', 'Content-Type: message/rfc822', inner],
    ['message/global', 'Content-Type: message/global', inner],
    [
      'base64',
      'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64',
      Buffer.from(inner).toString('base64'),
    ],
    ['a name that ends in .eml', 'Content-Type: application/octet-stream; name="Fwd.EML"', inner],
    [
      'text with such a name',
      'Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.eml',
      inner,
    ],
  ])('can be opened: %s', async (_what, header, content) => {
    const { attachments, subject, body } = await mailOf(
      part('Content-Type: text/plain', 'Text'),
      part(header, content),
    )
    expect([subject, body.text]).toEqual(['Outer', 'Text'])
    expect(attachments.map(({ content: is }) => is)).toEqual([{ kind: 'message' }])
    const opened = await readMail(attachments[0]?.bytes ?? new Uint8Array())
    expect([opened.subject, opened.body.text]).toEqual(['Inner', 'Inner text'])
    expect(opened.from).toMatchObject([{ address: 'mallory@evil.example' }])
  })

  it('are the parts of a digest', async () => {
    const digest = `Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\n${inner}\r\n--d\r\n\r\n${inner}\r\n--d--\r\n`
    const mail = await readMail(utf8(digest))
    expect(mail.attachments.map(({ name, content }) => [name, content?.kind])).toEqual([
      ['Inner.eml', 'message'],
      ['Inner.eml', 'message'],
    ])
  })

  it('are not files that only look like one by their name, nor empty ones', async () => {
    expect(
      await kinds(part('Content-Type: application/octet-stream; name=a.eml', 'PK\u0003\u0004')),
    ).toEqual([null])
    expect(await kinds(part('Content-Type: message/rfc822', ''))).toEqual([null])
  })
})

describe('readMail: what is elsewhere', () => {
  it('says which piece of how many a mail is', async () => {
    const mail = await readMail(
      utf8('Content-Type: message/partial; id=x; number=2; total=3\r\n\r\nmiddle'),
    )
    expect(mail.attachments[0]?.content).toEqual({ kind: 'partial', number: 2, total: 3 })
  })

  it('says where a file is that the mail only names', async () => {
    const header =
      'Content-Type: message/external-body; access-type=URL; URL="https://evil.example/\u202ex"'
    const { attachments } = await mailOf(part(header, 'Content-Type: image/png\r\n'))
    expect(attachments[0]?.content).toEqual({
      kind: 'external',
      where: 'https://evil.example/[U+202E]x',
    })
  })
})

describe('readMail: calendars and cards', () => {
  const alternatives = `Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n\r\nPlease come\r\n--a\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n${ics}\r\n--a--`

  it('has the invitation of its alternatives above the text and among the files, once', async () => {
    const alone = await readMail(utf8(alternatives))
    expect(alone.invitation?.calendar.events[0]?.summary).toBe('Lunch')
    expect(alone.attachments.map(({ name }) => name)).toEqual(['invite.ics'])
    const twice = await mailOf(
      `--b\r\n${alternatives}\r\n`,
      part('Content-Type: application/ics; name=invite.ics', ics),
    )
    expect(twice.attachments.map(({ name, content }) => [name, content?.kind])).toEqual([
      ['invite.ics', 'calendar'],
    ])
    expect([twice.invitation?.calendar.method, twice.body.text]).toEqual(['request', 'Please come'])
  })

  it('has no invitation in a calendar that asks for nothing', async () => {
    const mail = await mailOf(
      part(
        'Content-Type: application/octet-stream; name=a.ics',
        ics.replace('METHOD:REQUEST\r\n', ''),
      ),
    )
    expect([mail.invitation, mail.attachments[0]?.content?.kind]).toEqual([null, 'calendar'])
  })

  it('reads cards by type or name, and leaves broken ones as files', async () => {
    const found = await kinds(
      part('Content-Type: text/vcard; name=a', vcf),
      part('Content-Type: text/x-vcard; name=a', vcf),
      part('Content-Type: application/octet-stream; name=a.vcf', vcf),
      part('Content-Type: text/vcard; name=b.vcf', 'no card'),
      part('Content-Type: text/calendar; name=b.ics', 'no calendar'),
      part('Content-Type: application/pdf; name=c.vcf', vcf),
    )
    expect(found).toEqual(['contacts', 'contacts', 'contacts', null, null, null])
  })

  it('looks into so many files only, and keeps the others as files', async () => {
    const found = await kinds(
      ...Array.from({ length: 60 }, () => part('Content-Type: text/vcard; name=a.vcf', vcf)),
    )
    expect(found.filter(kind => kind === 'contacts')).toHaveLength(MAX_READ_PARTS)
    expect(found).toHaveLength(60)
  })

  it('opens every message of a long digest, also behind many cards', async () => {
    const found = await kinds(
      ...Array.from({ length: 30 }, () => part('Content-Type: text/vcard; name=a.vcf', vcf)),
      ...Array.from({ length: 200 }, () => part('Content-Type: message/rfc822', inner)),
    )
    expect(found.filter(kind => kind === 'message')).toHaveLength(200)
  })
})

describe('readMail', () => {
  it('is plain data that a worker can post', async () => {
    const mail = await mailOf(
      part('Content-Type: text/calendar', ics),
      part('Content-Type: text/vcard; name=a.vcf', vcf),
      part('Content-Type: message/rfc822', inner),
    )
    expect(structuredClone(mail)).toEqual(mail)
  })

  it('reads a mail without any such thing as parseMail does', async () => {
    const mail = await readMail(bytesOf('Subject: Hi', '', 'Text'))
    expect(mail).toMatchObject({
      subject: 'Hi',
      body: { text: 'Text' },
      attachments: [],
      invitation: null,
      report: null,
    })
  })
})
