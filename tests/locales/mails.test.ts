import PostalMime from 'postal-mime'
import { describe, expect, it, onTestFinished } from 'vitest'
import { escapeHtml } from '../../src/core/envelope/escape-html.ts'
import { createAssociationMailer } from '../../src/server/identity/account/association-mail.ts'
import { createMailRelay } from '../../src/server/identity/mail-relay.ts'
import { createPasscodeMailer } from '../../src/server/identity/passcode-mail.ts'
import { createPasskeyMailer } from '../../src/server/identity/passkey-mail.ts'
import { directionOf, locales, translator } from '../../src/server/text/text.ts'
import { BOB, NOW_MS } from '../server/keys/installation.ts'
import { passcodeSink } from '../server/portal/support/passcode-sink.ts'
import {
  createOrganisation,
  createPolicy,
  testNotice,
  wrapMail,
} from '../support/sealed-message.ts'

const host = 'mail.example.com'
const sender = { organisationName: 'Müller & Söhne', from: 'no-reply@example.com' }
const organisation = createOrganisation()

/** The three mails that the portal writes to one person, as their mail server gets them. */
async function ownMails(locale: string): Promise<readonly string[]> {
  const sink = await passcodeSink()
  const settings = { host: '127.0.0.1', port: sink.port, tls: 'none', serverName: '' } as const
  const none = { ca: undefined, clientCertificate: undefined, credentials: undefined }
  const clock = (): number => NOW_MS
  const relay = createMailRelay({ ...settings, ...none, heloName: 'portal.example.com' }, clock)
  onTestFinished(() => relay.close())
  const senderOf = (): typeof sender => sender
  const needs = { send: relay.send, senderOf, host, clock }
  const to = { to: BOB, organisationId: 'example', locale }
  const code = { code: '48210937', reference: 'K7-MX2', expiresAtMs: NOW_MS + 900_000 }
  await createPasscodeMailer(relay.send, senderOf, clock)({ ...to, ...code })
  const account = { provider: 'Microsoft', account: 'bob@work.example', vouched: false }
  await createAssociationMailer(needs)({ ...to, ...account })
  await createPasskeyMailer(needs)(to)
  return sink.mails.map(({ raw }) => raw)
}

/** The mail around message.html; its sender's name has letters of two alphabets. */
async function wrapperMail(locale: string): Promise<string> {
  const original = 'From: =?utf-8?q?Ren=C3=A9_=E6=9D=8E?= <alice@example.com>\r\n\r\nText.\r\n'
  const wrapper = await wrapMail(organisation, Buffer.from(original), {
    notice: { ...testNotice, locale },
    policy: createPolicy({ senderName: 'René 李' }),
  })
  return wrapper.toString('latin1')
}

/** What a mail server or an old mail program could stumble over. */
function mailFaults(raw: string): readonly string[] {
  const header = raw.slice(0, raw.indexOf('\r\n\r\n'))
  const words = header.match(/=\?[^ \r\n]*\?=/g) ?? []
  return [
    // RFC 5322 §2.1.1, RFC 2045 §6.7 and §6.8, RFC 2047 §2
    ...raw.split('\r\n').filter(line => line.length > 998),
    ...header.split('\r\n').filter(line => line.length > 78 && !/^X-Zegel:|boundary=/.test(line)),
    ...words.filter(word => word.length > 75 || !/^=\?utf-8\?/i.test(word)),
    ...(/[^\t\r\n\u0020-\u007e]/.exec(raw) ?? []).map(letter => `not 7 bits: ${letter}`),
    ...(/\r(?!\n)|(?<!\r)\n/.test(raw) ? ['an end of line that is none'] : []),
  ]
}

/** UAX #9 §2.4: each isolate ends before its line, and nothing else turns the direction. */
function directionFaults(text: string): readonly string[] {
  return text.split(/\r?\n/).filter(line => {
    const marks = line.replaceAll(/[^\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    return !/^(?:\u2068\u2069)*$/.test(marks)
  })
}

describe.each(locales)('mails in %s', locale => {
  const say = translator(locale)
  const isRightToLeft = directionOf(locale) === 'rtl'

  it('to one person pass any mail server, and are read as they were written', async () => {
    const mails = await ownMails(locale)
    const organisation = sender.organisationName
    const subjects = [
      say('passcodeMail.subject', { reference: 'K7-MX2' }),
      say('associationMail.subject', { organisation }),
      say('passkeyMail.subject', { organisation }),
    ]
    expect(mails).toHaveLength(subjects.length)
    for (const [i, raw] of mails.entries()) {
      const mail = await PostalMime.parse(raw)
      expect(mailFaults(raw)).toEqual([])
      expect(mail.subject).toBe(subjects[i])
      expect(mail.from?.name).toBe(organisation)
      const text = mail.text ?? ''
      expect(directionFaults(`${text}\n${mail.subject ?? ''}`)).toEqual([])
      expect(text).not.toMatch(/\ufffd|[{}]/)
      // A name or address keeps its own direction between words of the other one.
      if (isRightToLeft && i > 0) expect(text).toContain(`\u2068${host}\u2069`)
    }
    expect((await PostalMime.parse(mails[0] ?? '')).text).toMatch(/^48210937$/m)
  })

  it('around message.html pass any mail server, in this language and English', async () => {
    const raw = await wrapperMail(locale)
    const mail = await PostalMime.parse(raw)
    expect(mailFaults(raw)).toEqual([])
    expect(mail.subject).toBe(say('notice.subject', { sender: 'René 李' }))
    for (const words of new Set([say, translator('en')])) {
      const heading = words('notice.heading', { sender: 'René 李' })
      expect(mail.text).toContain(heading)
      expect(mail.html).toContain(`>${escapeHtml(heading)}<`)
    }
    expect(directionFaults(`${mail.text ?? ''}\n${mail.subject ?? ''}`)).toEqual([])
  })
})

describe('what is wrong with a mail is found when it is planted', () => {
  const mail = (subject: string, text: string): string => `Subject: ${subject}\r\n\r\n${text}\r\n`

  it('as a mail server sees it', () => {
    expect(mailFaults(mail('Short', 'Text'))).toEqual([])
    for (const wrong of [
      mail('Short', 'x'.repeat(999)),
      mail('x'.repeat(70), 'Text'),
      mail(`=?utf-8?B?${'QUJD'.repeat(18)}?=`, 'Text'),
      mail('=?iso-8859-2?Q?x?=', 'Text'),
      mail('Short', 'Größe'),
      mail('Short', 'One\nTwo'),
    ])
      expect(mailFaults(wrong), wrong).not.toEqual([])
  })

  it('as a reader sees it', () => {
    expect(directionFaults('one \u2068two\u2069 three\r\nfour')).toEqual([])
    for (const wrong of ['\u2068one', 'one\u2069', '\u2068one\r\ntwo\u2069', '\u200fone'])
      expect(directionFaults(wrong), wrong).not.toEqual([])
  })
})
