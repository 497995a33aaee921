import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../../../src/core/address/address.ts'
import { replyMessageId } from '../../../../src/server/gateway/replies/issued-message-id.ts'
import { writerAddress } from '../../../../src/server/gateway/replies/writer-address.ts'
import { address } from '../../../support/sealed-message.ts'
import { sendMail } from '../support/raw-client.ts'
import { useGateways } from '../support/use-gateway.ts'
import type { Running } from '../support/use-gateway.ts'

const { start } = useGateways()
const home = { id: 'example', domains: ['example.com', 'example.net'], replyDomain: '' }
const bob = address('bob@outside.org')
const organisations = [
  { id: 'example', name: 'Example', domains: ['example.com', 'example.net'], locale: 'de' },
  { id: 'other', name: 'Other', domains: ['other.example'] },
]

const aliasOf = ({ gateway }: Running, writer: Address = bob): Address =>
  writerAddress(gateway.keys.mac, writer, home)

function letter(to: string, fields = ''): string {
  return `From: Alice <alice@example.com>\r\nTo: ${to}\r\nSubject: The plan\r\n${fields}\r\nIt is secret.\r\n`
}

/** As Postfix writes them; what was returned stands at the end. */
function report(options: { action?: string; returned?: string; status?: string } = {}): string {
  const { action = 'failed', returned = '', status } = options
  return (
    'From: MAILER-DAEMON@mail.example.com (Mail Delivery System)\r\n' +
    'Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n' +
    'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n' +
    '\tboundary="4D.1/mail.example.com"\r\n\r\nThis is a MIME-encapsulated message.\r\n\r\n' +
    '--4D.1/mail.example.com\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n' +
    'I could not deliver <team-lead-private@elsewhere.test>: CANARY\r\n\r\n' +
    '--4D.1/mail.example.com\r\nContent-Description: Delivery report\r\n' +
    'Content-Type: message/delivery-status\r\n\r\n' +
    'Reporting-MTA: dns; mail.example.com\r\nX-Postfix-Queue-ID: 4D\r\n\r\n' +
    (status ??
      'Final-Recipient: rfc822; carol@example.com\r\nOriginal-Recipient: rfc822;carol@example.com\r\n' +
        `Action: ${action}\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 CANARY\r\n`) +
    '\r\n--4D.1/mail.example.com\r\nContent-Type: text/rfc822-headers\r\n\r\n' +
    `Subject: CANARY\r\n${returned}\r\n--4D.1/mail.example.com--\r\n`
  )
}

describe('mail from inside to an address that stands for somebody outside', () => {
  it('goes to that person, sealed', async () => {
    const running = await start({ organisations })
    const alias = aliasOf(running)
    const mail = letter(alias)
    const { rcpt, data } = await sendMail(running.gateway.port, { to: [alias], mail })
    expect([rcpt[0]?.code, data.code]).toEqual([250, 250])
    const [taken, ...more] = running.hop.taken
    expect(more).toEqual([])
    expect(taken?.to).toEqual(['bob@outside.org'])
    expect(taken?.content.includes('It is secret')).toBe(false)
    const opened = await running.gateway.keys.open(taken?.content ?? Buffer.alloc(0))
    expect(opened.toString()).toBe(mail)
  })

  it('goes there in capitals too, and once when the person is named twice', async () => {
    const running = await start({ organisations })
    const alias = aliasOf(running)
    const to = ['bob@outside.org', alias.toUpperCase(), alias]
    const { rcpt } = await sendMail(running.gateway.port, { to, mail: letter(alias) })
    expect(rcpt.map(({ code }) => code)).toEqual([250, 250, 250])
    expect(running.hop.taken.map(taken => taken.to)).toEqual([['bob@outside.org']])
  })

  it('of a holiday program goes there sealed, and says that no person wrote it', async () => {
    const running = await start({ organisations })
    const alias = aliasOf(running)
    const mail = letter(alias, 'Auto-Submitted: auto-replied (vacation)\r\n')
    const { data } = await sendMail(running.gateway.port, { from: '', to: [alias], mail })
    expect(data.code).toBe(250)
    const [taken] = running.hop.taken
    expect(taken?.from).toBe('')
    expect(taken?.content.includes('It is secret')).toBe(false)
    // RFC 3834 §2: no program answers that.
    expect(taken?.content.toString()).toContain('\r\nAuto-Submitted: auto-replied')
  })

  it('keeps the copy of people inside as it was', async () => {
    const running = await start({ organisations })
    const alias = aliasOf(running)
    const mail = letter(`${alias}, carol@example.com`)
    await sendMail(running.gateway.port, { to: [alias, 'carol@example.com'], mail })
    const inside = running.hop.taken.find(taken => taken.to.includes('carol@example.com'))
    expect(inside?.content.toString()).toBe(mail)
    expect(running.hop.taken).toHaveLength(2)
  })
})

describe('attack: an open relay through addresses that stand for others', () => {
  it('refuses one that is unknown or altered', async () => {
    const running = await start({ organisations })
    const alias = aliasOf(running)
    const altered = alias.replace('bob=', 'eve=')
    const to = [
      altered,
      'postmaster@replies.example.com',
      `x${alias}`,
      'bob=outside.org@replies.example.com',
    ]
    const { rcpt, data } = await sendMail(running.gateway.port, { to, mail: letter(altered) })
    for (const { code, text } of rcpt) expect([code, text.slice(4, 9)]).toEqual([550, '5.1.1'])
    expect(data.code).toBe(503)
    expect(running.hop.taken).toEqual([])
    expect(running.hop.lines.filter(line => line.startsWith('RCPT'))).toEqual([])
  })

  it('refuses mail from outside, and that of another organisation', async () => {
    const running = await start({ organisations })
    const alias = aliasOf(running)
    for (const from of ['eve@evil.test', 'dora@other.example']) {
      const mail = letter(alias).replace('alice@example.com', from)
      const { data } = await sendMail(running.gateway.port, { from, to: [alias], mail })
      expect(data.code).toBe(550)
    }
    expect(running.hop.taken).toEqual([])
  })

  it('refuses that of another organisation, also behind the person it stands for', async () => {
    const running = await start({ organisations })
    const from = 'dora@other.example'
    const alias = aliasOf(running)
    const mail = letter(alias).replace('alice@example.com', from)
    for (const to of [
      ['bob@outside.org', alias],
      [alias, 'bob@outside.org'],
    ])
      expect((await sendMail(running.gateway.port, { from, to, mail })).data.code).toBe(550)
    expect(running.hop.taken).toEqual([])
  })

  it('takes nobody who may not send', async () => {
    const running = await start({ organisations, gateway: { allowedNetworks: [] } })
    const { mail } = await sendMail(running.gateway.port, {
      from: '',
      to: [aliasOf(running)],
      mail: report(),
    })
    expect(mail.code).toBe(550)
  })
})

describe('a bounce to an address that stands for somebody outside', () => {
  it('becomes a short mail that names whom it failed for', async () => {
    const running = await start({ organisations })
    const { rcpt, data } = await sendMail(running.gateway.port, {
      from: '',
      to: [aliasOf(running)],
      mail: report(),
    })
    expect([rcpt[0]?.code, data.code]).toEqual([250, 250])
    const [taken, ...more] = running.hop.taken
    expect(more).toEqual([])
    expect([taken?.from, taken?.to]).toEqual(['', ['bob@outside.org']])
    const mail = await PostalMime.parse(taken?.content ?? '')
    expect(mail.from).toEqual({ name: 'Example', address: 'no-reply@replies.example.com' })
    expect(mail.text).toContain('carol@example.com\n')
    expect(mail.text).toContain('konnte an diese Adressen nicht zugestellt werden')
    const headers = new Map(mail.headers.map(({ key, value }) => [key, value]))
    expect(headers.get('auto-submitted')).toBe('auto-replied')
    expect(headers.get('x-auto-response-suppress')).toBe('All')
  })

  it('attack: a bounce that would carry plaintext', async () => {
    const running = await start({ organisations })
    const returned =
      'Subject: CANARY\r\n\r\n--4D.1/mail.example.com\r\nContent-Type: message/rfc822\r\n\r\n' +
      `Subject: CANARY\r\n\r\nIt is CANARY.\r\n${'CANARY '.repeat(9000)}`
    const mail = report({ returned })
    await sendMail(running.gateway.port, { from: '', to: [aliasOf(running)], mail })
    const [taken] = running.hop.taken
    expect(taken?.content.length).toBeLessThan(2000)
    expect(taken?.content.includes('carol@example.com')).toBe(true)
    expect(running.hop.bytes.includes('CANARY')).toBe(false)
    expect(running.hop.bytes.includes('elsewhere.test')).toBe(false)
    expect(running.gateway.log.join('\n')).not.toMatch(/CANARY|carol|bob/)
  })

  it("is in the writer's language when the returned header says it", async () => {
    const running = await start({ organisations })
    const returned =
      'Zegel-Writer: bob@outside.org; method=passcode;\r\n assurance=mailbox; time=2026-11-21T10:00:00Z; language=nl\r\n'
    const mail = report({ returned })
    await sendMail(running.gateway.port, { from: '', to: [aliasOf(running)], mail })
    const taken = await PostalMime.parse(running.hop.taken[0]?.content ?? '')
    expect(taken.text).toContain('kon niet worden bezorgd op deze adressen')
  })

  it('does not say where somebody has their mail forwarded', async () => {
    const running = await start({ organisations })
    const status =
      'Final-Recipient: rfc822; private@elsewhere.test\r\nAction: failed\r\n\r\n' +
      'Final-Recipient: rfc822; dave@example.com\r\nAction: failed\r\n'
    const mail = report({ status, returned: 'To: team@example.com, dave@example.com\r\n' })
    await sendMail(running.gateway.port, { from: '', to: [aliasOf(running)], mail })
    const text = running.hop.taken[0]?.content.toString() ?? ''
    expect(text).toContain('dave@example.com')
    expect(text).not.toContain('elsewhere')
  })

  it('says nothing of what is only delayed, or has arrived', async () => {
    const running = await start({ organisations })
    for (const action of ['delayed', 'delivered', 'relayed']) {
      const sent = { from: '', to: [aliasOf(running)], mail: report({ action }) }
      expect((await sendMail(running.gateway.port, sent)).data.code).toBe(250)
    }
    expect(running.hop.taken).toEqual([])
  })

  it('is told in general words when it cannot be read', async () => {
    const running = await start({ organisations })
    const mail = report().replaceAll('message/delivery-status', 'text/x-other')
    await sendMail(running.gateway.port, { from: '', to: [aliasOf(running)], mail })
    const taken = await PostalMime.parse(running.hop.taken[0]?.content ?? '')
    expect(taken.text).toContain('konnte nicht allen zugestellt werden')
    expect(taken.text).not.toContain('@')
  })

  it('attack: reports without end: the writer gets twenty notices an hour', async () => {
    const running = await start({ organisations })
    const sent = { from: '', to: [aliasOf(running)], mail: report() }
    const codes: number[] = []
    for (let i = 0; i < 22; i++) codes.push((await sendMail(running.gateway.port, sent)).data.code)
    expect(codes.filter(code => code === 250)).toHaveLength(20)
    expect(codes.at(-1)).toBe(451)
    expect(running.hop.taken).toHaveLength(20)
  })

  it('has one recipient', async () => {
    const running = await start({ organisations })
    const eve = aliasOf(running, address('eve@outside.org'))
    const to = [aliasOf(running), eve, 'carol@example.com']
    const { rcpt } = await sendMail(running.gateway.port, { from: '', to, mail: report() })
    expect(rcpt.map(({ code }) => code)).toEqual([250, 452, 452])
    expect(running.hop.taken.map(taken => taken.to)).toEqual([['bob@outside.org']])
  })

  it('is answered with what the next hop says of the writer', async () => {
    const running = await start({ organisations }, { rcpt: () => '550 5.1.1 Nobody' })
    const { rcpt } = await sendMail(running.gateway.port, {
      from: '',
      to: [aliasOf(running)],
      mail: report(),
    })
    expect(rcpt[0]?.code).toBe(550)
  })
})

describe('an answer to a reply', () => {
  it('stays sealed by the Message-ID that it answers', async () => {
    const running = await start({ organisations })
    const id = replyMessageId(running.gateway.keys.mac, 'C'.repeat(22), 'S'.repeat(22), home)
    const mail = letter(
      'bob@outside.org',
      `In-Reply-To: ${id}\r\nReferences: <1@example.com> ${id}\r\n`,
    )
    await sendMail(running.gateway.port, { to: ['bob@outside.org'], mail })
    const [taken] = running.hop.taken
    expect(taken?.content.includes('It is secret')).toBe(false)
    expect(taken?.content.toString()).toContain(id)
  })
})
