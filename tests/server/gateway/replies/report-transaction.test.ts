import { describe, expect, it } from 'vitest'
import { writerAddress } from '../../../../src/server/gateway/replies/writer-address.ts'
import { address } from '../../../support/sealed-message.ts'
import { RawClient, sendMail } from '../support/raw-client.ts'
import { useGateways } from '../support/use-gateway.ts'
import type { HopScript } from '../support/scripted-hop.ts'

const { start } = useGateways()

/** A gateway with a listener for what comes from outside. */
async function running(gateway: object = {}, script: HopScript = {}) {
  const started = await start({ gateway: { listenReports: ['127.0.0.1:0'], ...gateway } }, script)
  const home = { id: 'example', domains: ['example.com'], replyDomain: '' }
  const alias = writerAddress(started.gateway.keys.mac, address('bob@outside.org'), home)
  return { ...started, alias, port: started.gateway.gateway.reportsAt()[0]?.port ?? 0 }
}

const report =
  'From: MAILER-DAEMON@mail.example.com\r\nContent-Type: multipart/report;\r\n' +
  ' report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n' +
  'Reporting-MTA: dns; mail.example.com\r\n\r\nOriginal-Recipient: rfc822;carol@example.com\r\n' +
  'Final-Recipient: rfc822;carol@example.com\r\nAction: failed\r\n\r\n--b--\r\n'
const forged = 'From: Alice <alice@example.com>\r\nSubject: Pay\r\n\r\nTo this account, please.\r\n'

describe('the listener for what comes from outside', () => {
  it('makes a notice of a delivery report', async () => {
    const { port, alias, hop } = await running()
    const { data } = await sendMail(port, { from: '', to: [alias], mail: report })
    expect(data.code).toBe(250)
    expect(hop.taken.map(({ from, to }) => [from, to])).toEqual([['', ['bob@outside.org']]])
    expect(hop.taken[0]?.content.toString()).toContain('carol@example.com')
  })

  it('threat: a mail from outside that says it is from inside is never sealed in its name', async () => {
    const { port, alias, hop } = await running()
    for (const from of ['alice@example.com', 'eve@evil.test', '']) {
      const { data } = await sendMail(port, { from, to: [alias], mail: forged })
      expect([data.code, data.text.slice(4, 9)]).toEqual([550, '5.7.1'])
    }
    const asReport = await sendMail(port, { from: 'alice@example.com', to: [alias], mail: report })
    expect(asReport.data.code).toBe(550)
    expect(hop.taken).toEqual([])
  })

  it('takes no other address, none that was made up, and one at a time', async () => {
    const { port, alias, hop } = await running()
    const to = ['bob@outside.org', 'carol@example.com', alias.replace('bob=', 'eve='), alias, alias]
    const { rcpt } = await sendMail(port, { from: '', to, mail: report })
    expect(rcpt.map(({ code }) => code)).toEqual([550, 550, 550, 250, 452])
    expect(hop.taken).toHaveLength(1)
  })

  it('says whether an address is there to a mail server that asks', async () => {
    const { port, alias, hop } = await running()
    const client = await RawClient.connect(port)
    await client.answer()
    await client.command('EHLO mail.example.com')
    await client.command('MAIL FROM:<double-bounce@mail.example.com>')
    expect((await client.command(`RCPT TO:<x${alias}>`)).code).toBe(550)
    expect((await client.command(`RCPT TO:<${alias}>`)).code).toBe(250)
    expect((await client.command('QUIT')).code).toBe(221)
    client.close()
    expect(hop.taken).toEqual([])
  })

  it('takes nothing from where nobody may send', async () => {
    const { port, alias } = await running({ allowedNetworks: [] })
    const { mail } = await sendMail(port, { from: '', to: [alias], mail: report })
    expect(mail.code).toBe(550)
  })

  it('refuses a loop, and says when the next hop is away', async () => {
    const { port, alias } = await running({}, { breakAfterBytes: 1 })
    const mail = `${'Received: by x\r\n'.repeat(51)}${report}`
    expect((await sendMail(port, { from: '', to: [alias], mail })).data.code).toBe(554)
    expect((await sendMail(port, { from: '', to: [alias], mail: report })).data.code).toBe(451)
  })
})
