import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { verifyFileSignature } from '../../../src/core/envelope/file-signature.ts'
import { readMessageHtml } from '../../../src/core/envelope/read-message-html.ts'
import { cleanSenderName } from '../../../src/core/address/clean-name.ts'
import { parseMailboxes } from '../../../src/core/address/mailboxes.ts'
import { MAX_FROM_BYTES } from '../../../src/server/gateway/wrapper-header.ts'
import { fieldsNamed, readHeaderFields } from '../../../src/server/gateway/header-fields.ts'
import { checkLoopMark } from '../../../src/server/gateway/loop-mark.ts'
import { generateReplyKeyPair } from '../../../src/server/crypto/age-keys.ts'
import {
  address,
  createOrganisation,
  createPolicy,
  messageHtmlOf,
  openWhole,
  testMac,
  testNotice,
  wrapMail,
} from '../../support/sealed-message.ts'

const organisation = createOrganisation()
const header = [
  'Return-Path: <alice@example.com>',
  'Received: from laptop.internal ([10.0.0.7])\r\n\tby mx.example.com; Sat, 21 Nov 2026 04:00:00 +0000',
  'DKIM-Signature: v=1; a=rsa-sha256; d=example.com; b=AAAA',
  'From: Alice de Vries <alice@example.com>',
  'To: Bob <bob@recipient.example>,\r\n Carol <carol@recipient.example>',
  'Cc: dave@recipient.example',
  'Bcc: hidden@recipient.example',
  'Reply-To: desk@example.com',
  'Subject: Results of your blood test',
  'Date: Sat, 21 Nov 2026 04:00:00 +0000',
  'Message-ID: <1@example.com>',
  'In-Reply-To: <0@example.com>',
  'References: <a@example.com> <0@example.com>',
  'Thread-Topic: blood test',
  'Thread-Index: AQHY',
  'X-Originating-IP: [10.0.0.7]',
  'X-Mailer: Secret 1.0',
  'User-Agent: Secret 1.0',
  'Comments: blood',
  'Keywords: blood',
  'Auto-Submitted: no',
  'List-Id: <desk.example.com>',
  'List-Unsubscribe: <mailto:leave@example.com>',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
].join('\r\n')
const mail = Buffer.from(`${header}\r\n\r\nYour blood is fine.\r\n`)

const headerOf = (wrapper: Buffer): Buffer => wrapper.subarray(0, wrapper.indexOf('\r\n\r\n') + 4)

describe('wrapper mail', () => {
  it('carries the original byte for byte, signed', async () => {
    const read = readMessageHtml(messageHtmlOf(await wrapMail(organisation, mail)))
    if (read.share === null) throw new Error('no share')
    const plain = await openWhole(organisation, {
      ageFile: read.ageFile,
      envelopeShare: read.share,
    })
    expect(Buffer.compare(plain, mail)).toBe(0)
    expect(
      await verifyFileSignature(read.ageFile, read.signature, organisation.signing.publicKey),
    ).toBe(true)
  })

  it('passes the allow-listed fields on, and nothing else of the original', async () => {
    const wrapper = await wrapMail(organisation, mail)
    expect(readHeaderFields(headerOf(wrapper)).map(({ name }) => name)).toEqual([
      'From',
      'To',
      'Cc',
      'Reply-To',
      'In-Reply-To',
      'References',
      'Auto-Submitted',
      'List-Id',
      'List-Unsubscribe',
      'Subject',
      'Date',
      'Message-ID',
      'X-Zegel',
      'MIME-Version',
      'Content-Type',
    ])
    const text = wrapper.toString('latin1')
    for (const secret of ['blood', 'Secret', '10.0.0.7', 'Thread', 'hidden@', 'DKIM', 'Received'])
      expect(text).not.toContain(secret)
  })

  it.each([
    ['fits', 380, 'name '.repeat(380).trim()],
    ['is too long', 14_000, `${'name '.repeat(20).trim()}…`],
  ])('repeats a From name that %s within 2 KiB, its address whole', async (_, words, shown) => {
    const name = 'name '.repeat(words).trim()
    const senderName = cleanSenderName(name, address('alice@example.com'))
    const long = Buffer.from(`From: ${name} <alice@example.com>\r\n\r\nText.\r\n`)
    const policy = createPolicy({ senderName })
    const wrapper = await wrapMail(organisation, long, { policy })
    const { from } = await PostalMime.parse(wrapper)
    expect(from).toEqual({ address: 'alice@example.com', name: shown })
    const field = fieldsNamed(readHeaderFields(headerOf(wrapper)), 'From')[0]
    expect(field?.raw.length).toBeLessThanOrEqual(MAX_FROM_BYTES)
    expect(wrapper.length).toBeLessThanOrEqual(1.36 * long.length + 72 * 1024)
  })

  it('writes address lists without their names where they are too long with them, else leaves them out', async () => {
    const people = (count: number) =>
      Array.from({ length: count }, (_, i) => `"${'n'.repeat(60)}" <p${i}@recipient.example>`)
    const toOf = async (count: number) => {
      const text = `From: alice@example.com\r\nTo: ${people(count).join(',\r\n ')}\r\nCc: x@recipient.example\r\n\r\n`
      const header = headerOf(await wrapMail(organisation, Buffer.from(text)))
      const fields = readHeaderFields(header)
      expect(fieldsNamed(fields, 'Cc')).toHaveLength(1)
      const value = fieldsNamed(fields, 'To')[0]?.value
      return value === undefined ? undefined : parseMailboxes(value)
    }
    expect((await toOf(100))?.[99]?.name).toBe('n'.repeat(60))
    const bare = await toOf(500)
    expect(bare).toHaveLength(500)
    expect(bare?.[499]).toEqual({ name: '', address: 'p499@recipient.example' })
    expect(await toOf(2000)).toBeUndefined()
  })

  it('takes no date that cannot be one', async () => {
    const dateOf = async (date: string) => {
      const mail = `From: alice@example.com\r\nDate: ${date}\r\n\r\n`
      const header = headerOf(await wrapMail(organisation, Buffer.from(mail)))
      return fieldsNamed(readHeaderFields(header), 'Date')[0]?.value
    }
    expect(await dateOf('d'.repeat(128))).toBe('d'.repeat(128))
    expect(await dateOf('d'.repeat(129))).toMatch(/^\w{3}, \d\d \w{3} \d{4} /)
  })

  it('says nothing of the subject, unless the organisation wants it otherwise', async () => {
    const subject = (wrapper: Buffer): string | undefined =>
      fieldsNamed(readHeaderFields(headerOf(wrapper)), 'Subject')[0]?.value
    expect(subject(await wrapMail(organisation, mail))).toBe(
      'Protected message from Alice de Vries',
    )
    const notice = { ...testNotice, subject: 'Post from {sender} ($&)' }
    expect(subject(await wrapMail(organisation, mail, { notice }))).toBe(
      'Post from Alice de Vries ($&)',
    )
    const policy = createPolicy({ senderName: '' })
    expect(subject(await wrapMail(organisation, mail, { policy }))).toBe(
      'Protected message from alice@example.com',
    )
  })

  it('is 7bit in lines of at most 998 characters, ended by CRLF', async () => {
    const policy = createPolicy({ senderName: 'Zoë 王小明' })
    const notice = { ...testNotice, locale: 'nl', organisationName: 'Ziekenhuis Één' }
    for (const wrapper of [
      await wrapMail(organisation, mail),
      await wrapMail(organisation, mail, { policy, notice }),
    ]) {
      const text = wrapper.toString('latin1')
      expect(text).toMatch(/^[\t\r\n -~]*$/)
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
      expect(Math.max(...text.split('\r\n').map(line => line.length))).toBeLessThanOrEqual(998)
    }
  })

  it('is a mail that a parser reads: notice in two forms, message.html', async () => {
    const notice = { ...testNotice, locale: 'nl', organisationName: 'Ziekenhuis Één' }
    const wrapper = await wrapMail(organisation, mail, {
      notice,
      policy: createPolicy({ senderName: 'Zoë' }),
    })
    const parsed = await PostalMime.parse(wrapper)
    expect(parsed.subject).toBe('Beveiligd bericht van Zoë')
    expect(parsed.text).toContain('Zoë heeft u een beveiligd bericht gestuurd')
    expect(parsed.text).toContain('Zoë has sent you a protected message')
    expect(parsed.html).toContain('Ziekenhuis')
    expect(parsed.attachments).toHaveLength(1)
    const [attachment] = parsed.attachments
    expect(attachment).toMatchObject({
      filename: 'message.html',
      mimeType: 'text/html',
      disposition: 'attachment',
    })
    const content = attachment?.content
    const bytes =
      typeof content === 'string' ? content : new Uint8Array(content ?? new ArrayBuffer(0))
    expect(readMessageHtml(bytes).share).not.toBeNull()
  })

  it('is the same whatever pieces the original comes in, but for what is random', async () => {
    const whole = await wrapMail(organisation, mail)
    for (const pieceBytes of [1, 7, 1000]) {
      const wrapper = await wrapMail(organisation, mail, { pieceBytes })
      expect(wrapper).toHaveLength(whole.length)
      const read = readMessageHtml(messageHtmlOf(wrapper))
      const plain = await openWhole(organisation, {
        ageFile: read.ageFile,
        envelopeShare: read.share ?? new Uint8Array(16),
      })
      expect(Buffer.compare(plain, mail)).toBe(0)
    }
  })

  it('seals an empty mail and one without header', async () => {
    for (const original of [
      Buffer.alloc(0),
      Buffer.from('\r\n'),
      Buffer.from('no header at all'),
    ]) {
      const read = readMessageHtml(messageHtmlOf(await wrapMail(organisation, original)))
      const plain = await openWhole(organisation, {
        ageFile: read.ageFile,
        envelopeShare: read.share ?? new Uint8Array(16),
      })
      expect(Buffer.compare(plain, original)).toBe(0)
    }
  })

  it('makes up From, Date and Message-ID where the original has none', async () => {
    const wrapper = await wrapMail(organisation, Buffer.from('X: y\r\n\r\nhello'))
    const fields = readHeaderFields(headerOf(wrapper))
    expect(fieldsNamed(fields, 'From')[0]?.value).toBe('alice@example.com')
    expect(fieldsNamed(fields, 'Date')[0]?.value).toMatch(
      /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} 2026 [\d:]+ \+0000$/,
    )
    expect(fieldsNamed(fields, 'Message-ID')[0]?.value).toBe('<AAAAAAAAAAAAAAAAAAAAAA@example.com>')
  })

  it('encodes raw UTF-8 in names and keeps the address', async () => {
    const original = Buffer.from(
      'From: Zoë <alice@example.com>\r\nTo: Jürgen Groß <bob@recipient.example>, x@y.example\r\n\r\n',
    )
    const wrapper = await wrapMail(organisation, original)
    const parsed = await PostalMime.parse(wrapper)
    expect(parsed.from).toMatchObject({ name: 'Zoë', address: 'alice@example.com' })
    expect(parsed.to?.map(({ name, address: to }) => [name, to])).toEqual([
      ['Jürgen Groß', 'bob@recipient.example'],
      ['', 'x@y.example'],
    ])
  })

  it('says that no account is needed only where none is', async () => {
    const text = async (assurance: 'mailbox' | 'account'): Promise<string> =>
      (await wrapMail(organisation, mail, { policy: createPolicy({ assurance }) })).toString(
        'latin1',
      )
    expect(await text('mailbox')).toContain('No app, no account.')
    expect(await text('account')).not.toContain('no account')
  })

  it('refuses before a byte is written when an escrow key is bad', async () => {
    await expect(wrapMail(createOrganisation('example', ['age1pq1broken']), mail)).rejects.toThrow(
      'bad-recipient',
    )
  })

  it('carries its loop mark', async () => {
    const fields = readHeaderFields(headerOf(await wrapMail(organisation, mail)))
    expect(checkLoopMark(testMac, fields)).toBe('valid')
  })
})

describe('threat: CRLF in addresses, names, subjects injected headers', () => {
  it('whatever stands in the original, the wrapper has its own fields and no other', async () => {
    const allowed =
      /^(From|Sender|To|Cc|Reply-To|In-Reply-To|References|Auto-Submitted|List-[A-Za-z0-9-]+|Subject|Date|Message-ID|X-Zegel|MIME-Version|Content-Type)$/i
    const nasty = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            '\r\n',
            '\n',
            '\r',
            '\u0000',
            '\r\nBcc: eve@evil.example\r\n',
            '\nX-Evil: 1\n',
            ' ',
            '\t',
            '<',
            '>',
            '"',
            ',',
            '=?utf-8?Q?=0D=0AX-Evil:_1?=',
            '\u2028',
            'é',
          ),
          fc.string(),
        ),
        { maxLength: 8 },
      )
      .map(parts => parts.join(''))
    await fc.assert(
      fc.asyncProperty(
        fc.record({ from: nasty, to: nasty, name: nasty, list: nasty, id: nasty, subject: nasty }),
        async values => {
          const original = Buffer.from(
            `From: ${values.from}\r\nTo: ${values.to}\r\nList-Id: ${values.list}\r\nMessage-ID: ${values.id}\r\n\r\n`,
          )
          const policy = createPolicy({ senderName: values.name })
          const notice = { ...testNotice, subject: values.subject, organisationName: values.name }
          const wrapper = await wrapMail(organisation, original, { policy, notice })
          const fields = readHeaderFields(headerOf(wrapper))
          const names = fields.map(({ name }) => name.toLowerCase())
          for (const { name } of fields) expect(name).toMatch(allowed)
          expect(new Set(names).size).toBe(names.length)
          expect(headerOf(wrapper).toString('latin1').replaceAll('\r\n', '')).not.toMatch(
            /[^\P{Cc}\t]/u,
          )
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('wire size (performance.md P7)', () => {
  const escrow = generateReplyKeyPair().recipient
  const heavy = createOrganisation('example', [escrow, escrow])
  const recipients = Array.from({ length: 150 }, (_, i) => ({
    address: address(`recipient-${i}@department.example`),
    listed: true,
  }))
  const logo = `data:image/png;base64,${randomBytes(12_000).toString('base64')}`

  it.each([0, 1, 1000, 100_000, 1_000_000, 8_000_000])(
    'a mail of %i bytes costs at most 1.36 times plus 72 KiB, at its heaviest',
    async bytes => {
      const to = Buffer.from(
        `To: ${recipients.map(({ address: to }) => to).join(',\r\n ')}\r\n\r\n`,
      )
      const original = bytes === 0 ? Buffer.alloc(0) : Buffer.concat([to, Buffer.alloc(bytes)])
      const notice = { ...testNotice, logo, locale: 'nl' }
      const policy = createPolicy({ recipients, replyRecipient: escrow })
      const wrapper = await wrapMail(heavy, original, { policy, notice })
      expect(wrapper.length).toBeLessThanOrEqual(1.36 * original.length + 72 * 1024)
    },
  )
})
