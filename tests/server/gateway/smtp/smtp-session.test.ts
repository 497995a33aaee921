import { X509Certificate } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { hashPassword } from '../../../../src/server/gateway/user-password.ts'
import { patienceMs } from '../../../support/patience.ts'
import { dataOf, RawClient, sendOn } from '../support/raw-client.ts'
import { allKeywords } from '../support/scripted-hop.ts'
import { clientPair, tlsPaths } from '../support/tls-files.ts'
import { plainMail, useGateways } from '../support/use-gateway.ts'

const { start } = useGateways()
const password = await hashPassword('open sesame')

function withUsers(more: object = {}) {
  return {
    gateway: {
      tls: tlsPaths.server,
      users: [{ name: 'ann', password, organisation: 'example' }],
      ...more,
    },
  }
}

const toBase64 = (text: string) => Buffer.from(text).toString('base64')
const plainAuth = `AUTH PLAIN ${Buffer.from('\0ann\0open sesame').toString('base64')}`

describe('EHLO', () => {
  it('offers what the gateway always has, and of the rest what the next hop has', async () => {
    const { connect } = await start()
    const { text } = await (await connect()).command('EHLO x')
    const keywords = text
      .trimEnd()
      .split('\r\n')
      .map(line => line.slice(4))
    expect(keywords).toEqual([
      'gateway.test',
      'PIPELINING',
      `SIZE ${25 * 1024 * 1024}`,
      'ENHANCEDSTATUSCODES',
      '8BITMIME',
      'SMTPUTF8',
      'DSN',
    ])
  })

  it('offers no more than it can pass on', async () => {
    const { connect } = await start({}, { keywords: ['SIZE 1000000', 'CHUNKING', 'SMTPUTF8'] })
    const { text } = await (await connect()).command('EHLO x')
    expect(text).toContain(`SIZE ${Math.floor((1_000_000 - 72 * 1024) / 1.36)}\r\n`)
    expect(text).not.toMatch(/8BITMIME|SMTPUTF8|DSN|CHUNKING/)
  })

  it('answers while the next hop is away, and says so at RCPT', async () => {
    const { hop, connect } = await start()
    await hop.stop()
    const client = await connect()
    expect((await client.command('MAIL FROM:<alice@example.com>')).code).toBe(250)
    const rcpt = await client.command('RCPT TO:<bob@else.test>')
    expect(rcpt.text).toBe('451 4.4.1 The next mail server does not answer, try again\r\n')
    expect((await client.command('DATA')).code).toBe(503)
  })
})

describe('commands', () => {
  it('are answered with the code of their case', async () => {
    const { connect } = await start()
    const client = await connect()
    const cases: [string, number][] = [
      ['NOOP', 250],
      ['RSET', 250],
      ['VRFY alice', 252],
      ['HELP', 214],
      ['EXPN all', 502],
      ['RCPT TO:<bob@else.test>', 503],
      ['DATA', 503],
      ['EHLO', 501],
      ['AUTH PLAIN', 502],
      ['STARTTLS', 454],
      ['MAIL FROM:<alice@example.com', 501],
      ['MAIL FROM:<alice@example.com>', 250],
      ['MAIL FROM:<alice@example.com>', 503],
      ['DATA', 503],
      ['RCPT TO:<not an address>', 553],
      ['RCPT TO:<Postmaster>', 553],
      ['RCPT TO:<@relay.test:bob@else.test>', 553],
      ['RCPT TO:<bob@[192.0.2.1]>', 553],
      ['RCPT TO:<bob@else.test>', 250],
      ['QUIT', 221],
    ]
    for (const [line, code] of cases) {
      const answer = await client.command(line)
      expect([line, answer.code]).toEqual([line, code])
      expect(answer.text).toMatch(/^\d{3} [245]\.\d+\.\d+ /)
    }
    await client.ended()
  })

  it('may come all at once, several mails long, and are answered in order', async () => {
    const { hop, connect } = await start()
    const client = await connect()
    const one =
      'MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@else.test>\r\nRCPT TO:<x\r\nDATA\r\n' +
      dataOf(plainMail).toString()
    client.send(`${one}${one}QUIT\r\n`)
    const codes = []
    for (let at = 0; at < 11; at++) codes.push((await client.answer()).code)
    expect(codes).toEqual([250, 250, 501, 354, 250, 250, 250, 501, 354, 250, 221])
    expect(hop.taken).toHaveLength(2)
  })

  it('take no mail without a recipient', async () => {
    const { connect } = await start({}, { rcpt: () => '550 5.1.1 Nobody' })
    const client = await connect()
    await client.command('MAIL FROM:<alice@example.com>')
    expect((await client.command('RCPT TO:<bob@else.test>')).text).toBe('550 5.1.1 Nobody\r\n')
    expect((await client.command('DATA')).text).toBe('503 5.5.1 No recipient was accepted\r\n')
  })

  it('end with too many recipients', async () => {
    const { connect } = await start({ limits: { recipients: 3 } })
    const client = await connect()
    await client.command('MAIL FROM:<alice@example.com>')
    const codes = []
    for (let at = 0; at < 4; at++)
      codes.push((await client.command(`RCPT TO:<bob${at}@else.test>`)).text.slice(0, 9))
    expect(codes).toEqual(['250 2.1.5', '250 2.1.5', '250 2.1.5', '452 4.5.3'])
  })
})

describe('the envelope', () => {
  it('goes to the next hop with all that the client said', async () => {
    const { hop, connect } = await start()
    const client = await connect()
    await client.command(
      'MAIL FROM:<bounce+x=y@list.example.com> SIZE=1000 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=id+2B1',
    )
    await client.command(
      'RCPT TO:<bøb@else.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;bob@else.test',
    )
    await client.command('RCPT TO:<carol@example.net>')
    await client.command('DATA')
    client.send(dataOf(plainMail))
    expect((await client.answer()).code).toBe(250)
    const outside = hop.taken.find(mail => mail.to.includes('bøb@else.test'))
    const inside = hop.taken.find(mail => mail.to.includes('carol@example.net'))
    const sealedSize = Math.ceil(1000 * 1.36) + 72 * 1024
    expect(outside?.mailLine).toBe(
      `MAIL FROM:<bounce+x=y@list.example.com> SIZE=${sealedSize} BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=id+2B1`,
    )
    expect(outside?.rcptLines).toEqual([
      'RCPT TO:<bøb@else.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;bob@else.test',
    ])
    expect(inside?.mailLine).toContain('SIZE=1000 ')
    expect(inside?.rcptLines).toEqual(['RCPT TO:<carol@example.net>'])
  })

  it('may have the null sender', async () => {
    const { hop, connect } = await start()
    const { data } = await sendOn(await connect(), {
      from: '',
      to: ['bob@else.test'],
      mail: plainMail,
    })
    expect(data.code).toBe(250)
    expect(hop.taken[0]?.mailLine).toBe('MAIL FROM:<>')
    expect(hop.taken[0]?.content.includes('It is secret')).toBe(false)
  })
})

describe('size', () => {
  it('is refused at MAIL when it is declared', async () => {
    const { connect } = await start({ gateway: { maxMessageBytes: 1000 } })
    const answer = await (await connect()).command('MAIL FROM:<alice@example.com> SIZE=1001')
    expect(answer.text).toMatch(/^552 5\.3\.4 /)
  })

  it('is refused after DATA when it is not, and nothing is delivered', async () => {
    const { hop, connect } = await start({ gateway: { maxMessageBytes: 100_000 } })
    const client = await connect()
    const mail = plainMail + 'x'.repeat(70).concat('\r\n').repeat(2000)
    const { data } = await sendOn(client, { to: ['bob@else.test', 'carol@example.net'], mail })
    expect(data.text).toMatch(/^552 5\.3\.4 /)
    expect(hop.taken).toHaveLength(0)
    expect((await sendOn(client, { to: ['bob@else.test'], mail: plainMail })).data.code).toBe(250)
  })

  it('ends the connection when the end is out of reach', async () => {
    const { connect, hop } = await start({ gateway: { maxMessageBytes: 50_000 } })
    const client = await connect()
    await client.command('MAIL FROM:<alice@example.com>')
    await client.command('RCPT TO:<bob@else.test>')
    await client.command('DATA')
    client.send(plainMail + 'x'.repeat(70).concat('\r\n').repeat(5000))
    expect((await client.answer()).text).toMatch(/^552 5\.3\.4 /)
    await client.ended()
    expect(hop.taken).toHaveLength(0)
  })
})

describe('TLS and sign-in', () => {
  it('takes a password over STARTTLS alone, then mail for the own organisation', async () => {
    const { hop, connect } = await start(withUsers({ allowedNetworks: [] }))
    const client = await connect()
    const first = await client.command('EHLO x')
    expect(first.text).toContain('STARTTLS')
    expect(first.text).not.toContain('AUTH')
    expect((await client.command(plainAuth)).text).toMatch(/^538 5\.7\.11 /)
    expect((await client.command('MAIL FROM:<alice@example.com>')).text).toMatch(/^530 5\.7\.0 /)
    expect((await client.command('STARTTLS')).code).toBe(220)
    await client.upgrade()
    expect((await client.command('MAIL FROM:<alice@example.com>')).code).toBe(503)
    const second = await client.command('EHLO x')
    expect(second.text).toContain('AUTH PLAIN LOGIN')
    expect(second.text).not.toContain('STARTTLS')
    expect((await client.command(plainAuth)).code).toBe(235)
    expect((await client.command(plainAuth)).code).toBe(503)
    const { data } = await sendOn(client, { to: ['bob@else.test'], mail: plainMail })
    expect(data.code).toBe(250)
    expect(hop.taken).toHaveLength(1)
  })

  it('signs in by LOGIN and by PLAIN in two steps, over implicit TLS', async () => {
    const { gateway } = await start(withUsers({ listenTls: ['127.0.0.1:0'] }))
    const dialogues = [
      ['LOGIN', ['ann', 'open sesame']],
      ['PLAIN', ['\0ann\0open sesame']],
    ] as const
    for (const [mechanism, lines] of dialogues) {
      const client = await RawClient.connectTls(gateway.ports[1] ?? 0)
      await client.answer()
      await client.command('EHLO x')
      const answers = [await client.command(`AUTH ${mechanism}`)]
      for (const line of lines) answers.push(await client.command(toBase64(line)))
      expect(answers.map(({ code }) => code)).toEqual([...lines.map(() => 334), 235])
      client.close()
    }
  })

  it('refuses wrong names, wrong passwords, other identities and malformed answers', async () => {
    const { gateway } = await start(withUsers({ listenTls: ['127.0.0.1:0'] }))
    const answers = [
      ['\0ann\0wrong', 535],
      ['\0bob\0open sesame', 535],
      ['bob\0ann\0open sesame', 501],
      ['ann', 501],
      ['\0\0', 501],
    ] as const
    for (const [text, code] of answers) {
      const client = await RawClient.connectTls(gateway.ports[1] ?? 0)
      await client.answer()
      await client.command('EHLO x')
      const answer = await client.command(`AUTH PLAIN ${Buffer.from(text).toString('base64')}`)
      expect([text, answer.code]).toEqual([text, code])
      client.close()
    }
  })

  it('cancels with an asterisk, knows no other mechanism, and ends after three failures', async () => {
    const { gateway } = await start(withUsers({ listenTls: ['127.0.0.1:0'] }))
    const client = await RawClient.connectTls(gateway.ports[1] ?? 0)
    await client.answer()
    await client.command('EHLO x')
    await client.command('AUTH LOGIN')
    expect((await client.command('*')).code).toBe(501)
    expect((await client.command('AUTH CRAM-MD5')).code).toBe(504)
    const wrong = `AUTH PLAIN ${Buffer.from('\0ann\0no').toString('base64')}`
    expect((await client.command(wrong)).code).toBe(535)
    expect((await client.command(wrong)).code).toBe(535)
    expect((await client.command(wrong)).code).toBe(421)
    await client.ended()
  })

  it('ends with an answer that is too long, and takes nothing in it for a command', async () => {
    const { gateway, hop } = await start(withUsers({ listenTls: ['127.0.0.1:0'] }))
    const client = await RawClient.connectTls(gateway.ports[1] ?? 0)
    await client.answer()
    await client.command('EHLO x')
    expect((await client.command('AUTH PLAIN')).code).toBe(334)
    client.send(`${'A'.repeat(13_000)}\r\nMAIL FROM:<alice@example.com>\r\n`)
    expect((await client.answer()).code).toBe(501)
    expect((await client.answer()).code).toBe(500)
    await client.ended()
    expect(hop.taken).toHaveLength(0)
  })

  it('frees the place of a TLS connection that has ended', async () => {
    const { gateway, connect } = await start(
      withUsers({ listenTls: ['127.0.0.1:0'], maxConnections: 1 }),
    )
    for (let at = 0; at < 3; at++) {
      await vi.waitFor(async () => {
        const client = await RawClient.connectTls(gateway.ports[1] ?? 0)
        expect((await client.answer()).code).toBe(220)
        await client.command('QUIT')
        client.close()
      }, patienceMs)
      await vi.waitFor(async () => {
        const client = await connect()
        expect((await client.command('STARTTLS')).code).toBe(220)
        await client.upgrade()
        client.close()
      }, patienceMs)
    }
  })

  it('forgets what was said before STARTTLS, and ends when something follows it in plain text', async () => {
    const { connect, hop } = await start(withUsers())
    const client = await connect()
    client.send('STARTTLS\r\nMAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@else.test>\r\n')
    expect((await client.answer()).code).toBe(501)
    await client.ended()
    expect(hop.lines.some(line => line.startsWith('RCPT'))).toBe(false)
  })

  it('reads the fingerprint of a client certificate', async () => {
    const fingerprint = new X509Certificate(clientPair.cert).fingerprint256
    const tenants = [{ organisation: 'example', clientCertificate: fingerprint }]
    const { connect } = await start({
      gateway: { tls: tlsPaths.server, allowedNetworks: [], tenants },
    })
    const strange = await connect()
    expect((await strange.command('MAIL FROM:<alice@example.com>')).code).toBe(550)
    await strange.command('STARTTLS')
    await strange.upgrade()
    await strange.command('EHLO x')
    expect((await strange.command('MAIL FROM:<alice@example.com>')).code).toBe(550)
    const known = await connect()
    await known.command('STARTTLS')
    await known.upgrade(clientPair)
    await known.command('EHLO x')
    const { data } = await sendOn(known, { to: ['bob@else.test'], mail: plainMail })
    expect(data.code).toBe(250)
  })
})

describe('closing', () => {
  it('lets a running mail finish, refuses new ones, and ends idle connections', async () => {
    const { gateway, connect, hop } = await start({ limits: { closeMs: 5000 } })
    const idle = await connect()
    const busy = await connect()
    await busy.command('MAIL FROM:<alice@example.com>')
    await busy.command('RCPT TO:<bob@else.test>')
    await busy.command('DATA')
    const closed = gateway.gateway.close()
    expect((await idle.answer()).code).toBe(421)
    busy.send(dataOf(plainMail))
    expect((await busy.answer()).code).toBe(250)
    expect((await busy.answer()).code).toBe(421)
    await closed
    expect(hop.taken).toHaveLength(1)
  })

  it('breaks off what does not finish, before its final dot', async () => {
    const { gateway, connect, hop } = await start({ limits: { closeMs: 100 } })
    const busy = await connect()
    await busy.command('MAIL FROM:<alice@example.com>')
    await busy.command('RCPT TO:<bob@else.test>')
    await busy.command('DATA')
    busy.send(plainMail)
    await gateway.gateway.close()
    await busy.ended()
    expect(hop.taken).toHaveLength(0)
    await vi.waitFor(() => expect(hop.openConnections).toBe(0), patienceMs)
  })
})

describe('the next hop\u2019s keywords', () => {
  it.each([
    ['SMTPUTF8', ' SMTPUTF8', ''],
    ['DSN', ' RET=HDRS', ''],
    ['DSN', '', ' NOTIFY=FAILURE'],
  ])(
    'that have gone meanwhile give 451 and are asked again: %s (MAIL%s, RCPT%s)',
    async (...all) => {
      const [gone, mail, rcpt] = all
      const { hop, connect } = await start({ limits: { idleConnectionMs: 0 } })
      const client = await connect()
      hop.script = { keywords: allKeywords.filter(keyword => keyword !== gone) }
      await client.command(`MAIL FROM:<alice@example.com>${mail}`)
      expect((await client.command(`RCPT TO:<bob@else.test>${rcpt}`)).code).toBe(451)
      expect(hop.lines.some(line => line.startsWith('RCPT'))).toBe(false)
      expect((await client.command('EHLO again')).text).not.toContain(gone)
    },
  )

  it('that one recipient alone asks for, when it is gone, is 451 for that one', async () => {
    const { hop, connect } = await start({ limits: { idleConnectionMs: 0 } })
    const client = await connect()
    hop.script = { keywords: allKeywords.filter(keyword => keyword !== 'DSN') }
    await client.command('MAIL FROM:<alice@example.com>')
    expect((await client.command('RCPT TO:<bob@else.test>')).code).toBe(250)
    expect((await client.command('RCPT TO:<dan@else.test> NOTIFY=NEVER')).code).toBe(451)
    expect((await client.command('RCPT TO:<eve@else.test>')).code).toBe(250)
  })
})
