import * as fc from 'fast-check'
import { SMTPServer } from 'smtp-server'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Address } from '../../../src/core/address/address.ts'
import { createMailRelay } from '../../../src/server/identity/mail-relay.ts'
import type { OwnMail } from '../../../src/server/identity/mail-relay.ts'
import { createPasscodeMailer } from '../../../src/server/identity/passcode-mail.ts'
import { BOB, NOW_MS, address } from '../keys/installation.ts'
import { codeIn, passcodeSink } from '../portal/support/passcode-sink.ts'
import type { PasscodeSink } from '../portal/support/passcode-sink.ts'

function relayTo(port: number, pausesMs?: readonly number[]) {
  const relay = createMailRelay(
    {
      host: '127.0.0.1',
      port,
      tls: 'none',
      serverName: '',
      ca: undefined,
      clientCertificate: undefined,
      credentials: undefined,
      heloName: 'portal.example.com',
    },
    () => NOW_MS,
    pausesMs,
  )
  onTestFinished(() => relay.close())
  return relay
}

async function mailed(
  sink: PasscodeSink,
  fields: { to?: Address; locale?: string; organisationName?: string } = {},
) {
  const { to = BOB, locale = 'en', organisationName = 'Example & Sons' } = fields
  const sender = { organisationName, from: 'no-reply@example.com' }
  const send = createPasscodeMailer(
    relayTo(sink.port).send,
    () => sender,
    () => NOW_MS,
  )
  const delivered = await send({
    to,
    code: '48210937',
    reference: 'K7-MX2',
    organisationId: 'example',
    expiresAtMs: NOW_MS + 900_000,
    locale,
  })
  return { delivered, mail: await sink.next(to) }
}

const plainMail: OwnMail = {
  from: { name: 'Example', address: 'no-reply@example.com' },
  to: BOB,
  subject: 's',
  text: 't',
  locale: 'en',
  dateMs: NOW_MS,
  expiresAtMs: NOW_MS + 900_000,
}

const headerOf = (raw: string) => raw.slice(0, raw.indexOf('\r\n\r\n'))
const unfolded = (raw: string) =>
  headerOf(raw)
    .replaceAll(/\r\n[ \t]/g, ' ')
    .split('\r\n')

describe('the passcode mail', () => {
  it('is plain and short, with code and reference, and without a link', async () => {
    const { delivered, mail } = await mailed(await passcodeSink())
    expect(delivered).toEqual({ state: 'accepted', reason: '' })
    expect(mail).toMatchObject({ from: 'no-reply@example.com', to: [BOB] })
    expect(codeIn(mail)).toBe('48210937')
    expect(mail.raw).toContain('K7-MX2')
    expect(mail.raw).not.toMatch(/https?:|www\.|<a\b|multipart/i)
    expect(mail.raw.length).toBeLessThan(2000)
  })

  it('has the header fields of automatic mail, and no code in them', async () => {
    const { mail } = await mailed(await passcodeSink())
    const fields = unfolded(mail.raw)
    expect(fields).toContain('Auto-Submitted: auto-generated')
    expect(fields).toContain('From: "Example & Sons" <no-reply@example.com>')
    expect(fields).toContain(`To: ${BOB}`)
    expect(fields).toContain('Subject: Your passcode, reference K7-MX2')
    expect(fields).toContain('Date: Sat, 21 Nov 2026 12:00:00 +0000')
    expect(fields.find(field => field.startsWith('Message-ID:'))).toMatch(
      /^Message-ID: <[a-z]{24}@example\.com>$/,
    )
    expect(headerOf(mail.raw)).not.toContain('48210937')
  })

  it('speaks the language of the reader, English where there is none', async () => {
    const sink = await passcodeSink()
    const dutch = await mailed(sink, { locale: 'nl-BE' })
    expect(dutch.mail.raw).toContain('kenmerk K7-MX2')
    expect(unfolded(dutch.mail.raw)).toContain('Content-Language: nl')
    expect(codeIn(dutch.mail)).toBe('48210937')
    expect((await mailed(sink, { locale: 'xx' })).mail.raw).toContain('reference K7-MX2')
  })

  it('reaches an internationalised address as it is', async () => {
    const sink = await passcodeSink({ hideSMTPUTF8: false })
    const relay = relayTo(sink.port)
    const sent = await relay.send({ ...plainMail, to: address('jürgen@müller.example') })
    expect(sent.state).toBe('accepted')
    // The sink shows the domain in its own letters.
    expect(sink.mails[0]?.to).toEqual(['jürgen@müller.example'])
  })
})

describe('threat: CRLF in addresses, names, subjects injected headers', () => {
  it('writes no field but its own, whatever the organisation is called', async () => {
    const sink = await passcodeSink()
    const nasty = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'A\r\nBcc: x@evil.example',
        'A\nX-Evil: 1',
        '"\\"<x@evil.example>',
        'é\r\n\r\nbody',
      ),
    )
    await fc.assert(
      fc.asyncProperty(nasty, async organisationName => {
        const { mail } = await mailed(sink, { organisationName })
        const names = unfolded(mail.raw).map(field => field.slice(0, field.indexOf(':')))
        expect(names.toSorted()).toEqual([
          'Auto-Submitted',
          'Content-Language',
          'Content-Transfer-Encoding',
          'Content-Type',
          'Date',
          'From',
          'MIME-Version',
          'Message-ID',
          'Subject',
          'To',
          'X-Auto-Response-Suppress',
        ])
        expect(mail.to).toEqual([BOB])
      }),
      { numRuns: 40 },
    )
  })
})

describe('threat: a passcode that reaches another mailbox', () => {
  it('is not mailed at all where the mail library would write the address otherwise', async () => {
    const sink = await passcodeSink({ hideSMTPUTF8: false })
    const relay = relayTo(sink.port)
    for (const changed of ['"a>b"', '"<eve@evil.example>"', '" a"', '"a, "']) {
      const to = address(`${changed}@example.org`)
      expect(await relay.send({ ...plainMail, to })).toEqual({ state: 'refused', reason: '' })
    }
    expect(sink.mails).toEqual([])
    const kept = ["o'neil+1", 'jürgen'].map(local => address(`${local}@example.org`))
    for (const to of kept)
      expect(await relay.send({ ...plainMail, to })).toEqual({ state: 'accepted', reason: '' })
    expect(sink.mails.map(({ to }) => to)).toEqual(kept.map(to => [to]))
  })
})

describe('the relay of passcode mails', () => {
  const mail = plainMail
  const refusing = (...codes: number[]) =>
    passcodeSink({
      onRcptTo(to, _session, callback) {
        const responseCode = codes.shift()
        if (responseCode === undefined) callback()
        else
          callback(Object.assign(new Error(`<${to.address}>: no such user here`), { responseCode }))
      },
    })

  it('reports what the next hop said, without the address', async () => {
    const delivered = await relayTo((await refusing(550)).port).send(mail)
    expect(delivered.state).toBe('refused')
    expect(delivered.reason).toMatch(/^550 .*no such user here/)
    expect(delivered.reason).not.toContain('bob')
  })

  it('tries again after a temporary failure', async () => {
    const sink = await refusing(450, 451)
    const delivered = await relayTo(sink.port, [1, 1, 1]).send(mail)
    expect(delivered).toEqual({ state: 'accepted', reason: '' })
    expect(sink.mails).toHaveLength(1)
  })

  it('gives up in the end, and when the passcode would be over', async () => {
    expect((await relayTo((await refusing(450, 450)).port, [1]).send(mail)).state).toBe('refused')
    const late = { ...mail, expiresAtMs: NOW_MS + 5 }
    expect((await relayTo((await refusing(450)).port, [10]).send(late)).state).toBe('refused')
  })

  it('says refused without a reason when no mail server answers', async () => {
    const gone = new SMTPServer({ disabledCommands: ['STARTTLS'] })
    const port = await new Promise<number>(resolve => {
      const server = gone.listen(0, '127.0.0.1', () => {
        const at = server.address()
        resolve(typeof at === 'object' && at !== null ? at.port : 0)
      })
    })
    await new Promise<void>(resolve => {
      gone.close(() => resolve())
    })
    expect(await relayTo(port, []).send(mail)).toEqual({ state: 'refused', reason: '' })
  })

  it('hands over few at a time', async () => {
    let open = 0
    let most = 0
    const sink = await passcodeSink({
      onConnect(_session, callback) {
        open += 1
        most = Math.max(most, open)
        callback()
      },
      onClose() {
        open -= 1
      },
    })
    const relay = relayTo(sink.port)
    const all = await Promise.all(Array.from({ length: 60 }, () => relay.send(mail)))
    expect(all.every(({ state }) => state === 'accepted')).toBe(true)
    expect(most).toBeLessThanOrEqual(11)
  })
})
