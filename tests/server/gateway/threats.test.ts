import { describe, expect, it, vi } from 'vitest'
import { openStore } from '../../../src/server/store/open-store.ts'
import { patienceMs } from '../../support/patience.ts'
import { dataOf, RawClient, sendMail, sendOn } from './support/raw-client.ts'
import type { HopScript } from './support/scripted-hop.ts'
import { tlsPaths } from './support/tls-files.ts'
import { plainMail, useGateways } from './support/use-gateway.ts'

const { start } = useGateways()
const mixed = ['bob@else.test', 'carol@example.net']

async function begin(client: RawClient, to: readonly string[] = mixed): Promise<void> {
  await client.command('MAIL FROM:<alice@example.com>')
  for (const address of to) await client.command(`RCPT TO:<${address}>`)
  await client.command('DATA')
}

describe('threat: SMTP smuggling (bare LF / bare CR end of data)', () => {
  const smuggled =
    'MAIL FROM:<admin@example.com>\r\nRCPT TO:<victim@else.test>\r\nDATA\r\n' +
    'From: admin@example.com\r\n\r\nsmuggled\r\n'

  it.each(['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\r.\r\n', '\r\n.\r', '\r\n\n.\r\n'])(
    'refuses a mail with %j in it, and makes no second mail of it',
    async ending => {
      const { hop, connect } = await start()
      const client = await connect()
      await begin(client)
      client.send(`${plainMail}${ending}${smuggled}\r\n.\r\n`)
      expect((await client.answer()).text).toMatch(/^554 5\.6\.0 /)
      expect((await client.command('NOOP')).code).toBe(250)
      expect(hop.taken).toHaveLength(0)
      expect(hop.lines.some(line => line.includes('victim'))).toBe(false)
    },
  )

  it('takes bare line ends without a dot as data, byte for byte', async () => {
    const { hop, connect, gateway } = await start()
    const mail = `${plainMail}a\nb\rc\r\r\nd\n\ne\r\n`
    expect((await sendOn(await connect(), { to: mixed, mail })).data.code).toBe(250)
    const inside = hop.taken.find(taken => taken.to.includes('carol@example.net'))
    const outside = hop.taken.find(taken => taken.to.includes('bob@else.test'))
    expect(inside?.content.toString('latin1')).toBe(mail)
    expect((await gateway.keys.open(outside?.content ?? Buffer.alloc(0))).toString('latin1')).toBe(
      mail,
    )
  })

  it.each([
    ['BDAT, which is not offered', 'RCPT TO:<bob@else.test>\r\nBDAT 90 LAST\r\n', 502],
    ['DATA with no recipient', 'DATA\r\n', 503],
    ['DATA with a parameter', 'RCPT TO:<bob@else.test>\r\nDATA x\r\n', 501],
  ])(
    'makes no commands of a mail that comes without being asked for: %s',
    async (_, begun, code) => {
      const { hop, connect } = await start()
      const client = await connect()
      client.send(`MAIL FROM:<alice@example.com>\r\n${begun}${smuggled}.\r\n`)
      const codes = []
      for (let at = begun.split('\r\n').length; at > 0; at--)
        codes.push((await client.answer()).code)
      expect(codes.at(-1)).toBe(code)
      expect((await client.answer()).code).toBe(0)
      expect(hop.lines.some(line => line.includes('victim'))).toBe(false)
    },
  )

  it('takes no command with a bare LF', async () => {
    const { connect } = await start()
    const client = await connect()
    expect((await client.command('NOOP\nQUIT')).code).toBe(500)
  })
})

describe('threat: open relay', () => {
  it('takes nothing from a network that is not allowed', async () => {
    const { hop, gateway } = await start({ gateway: { allowedNetworks: ['192.0.2.0/24'] } })
    const { mail, rcpt } = await sendMail(gateway.port, { to: mixed, mail: plainMail })
    expect(mail.text).toMatch(/^550 5\.7\.1 /)
    expect(rcpt[0]?.code).toBe(503)
    expect(hop.lines.some(line => line.startsWith('RCPT'))).toBe(false)
  })

  it.each([
    ['a foreign From', plainMail.replace('alice@example.com', 'alice@evil.test')],
    ['no From', plainMail.replace(/From:.*\r\n/, '')],
    ['two From fields', `From: mallory@evil.test\r\n${plainMail}`],
    ['two From addresses', plainMail.replace('<alice@', '<x@example.com>, <alice@')],
    ['no header at all', 'just text\r\n'],
    ['nothing at all', ''],
  ])('takes no mail with %s, also when all recipients are inside', async (_, mail) => {
    const { hop, gateway } = await start()
    for (const to of [mixed, ['carol@example.net']]) {
      const { data } = await sendMail(gateway.port, { to, mail })
      expect(data.text).toMatch(/^550 5\.7\.1 /)
    }
    expect(hop.taken).toHaveLength(0)
  })
})

describe('threat: EchoSpoofing (2024): a shared relay was trusted for any tenant', () => {
  it('the relay\u2019s network alone sends for nobody', async () => {
    const { hop, gateway } = await start({ gateway: { trustNetworks: false } })
    const { data } = await sendMail(gateway.port, { to: mixed, mail: plainMail })
    expect(data.text).toMatch(/^550 5\.7\.1 /)
    expect(hop.taken).toHaveLength(0)
  })
})

describe('threat: a header that switches sealing off for any insider or malware', () => {
  it('neither a header, a subject, an automatic mail nor a null sender leaves unsealed', async () => {
    const { hop, gateway } = await start({ gateway: { tls: tlsPaths.server } })
    const header =
      'X-Zegel: 1; AAAAAAAAAAAAAAAAAAAAAA; AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n' +
      'X-Unsealed: yes\r\nAuto-Submitted: auto-generated\r\nPrecedence: bulk\r\nList-Id: <x>\r\n'
    for (const from of ['alice@example.com', '']) {
      const sent = { from, to: ['bob@else.test'], mail: header + plainMail }
      expect((await sendMail(gateway.port, sent)).data.code).toBe(250)
    }
    expect(hop.taken).toHaveLength(2)
    for (const taken of hop.taken) {
      expect(taken.content.includes('It is secret')).toBe(false)
      expect(taken.content.includes('AAAAAAAAAAAAAAAAAAAAAA;')).toBe(false)
    }
  })
})

describe('a loop', () => {
  it('is found by the gateway\u2019s own mark', async () => {
    const { hop, gateway } = await start()
    await sendMail(gateway.port, { to: ['bob@else.test'], mail: plainMail })
    const sealed = hop.taken[0]?.content ?? ''
    const { data } = await sendMail(gateway.port, { to: ['bob@else.test'], mail: sealed })
    expect(data.text).toMatch(/^554 5\.4\.6 /)
    expect(hop.taken).toHaveLength(1)
  })

  it('is found by its Received fields', async () => {
    const { gateway } = await start()
    const mail = 'Received: by x\r\n'.repeat(51) + plainMail
    const { data } = await sendMail(gateway.port, { to: ['carol@example.net'], mail })
    expect(data.text).toMatch(/^554 5\.4\.6 /)
  })
})

describe('threat: header floods', () => {
  it.each([
    ['too many fields', 'X: y\r\n'.repeat(1001)],
    ['too many bytes', `X: ${'y'.repeat(70)}\r\n`.repeat(4000)],
    ['a header without end', `X: ${'y'.repeat(300_000)}`],
  ])('refuses %s', async (_, flood) => {
    const { gateway, hop } = await start()
    const { data } = await sendMail(gateway.port, { to: mixed, mail: flood + plainMail })
    expect(data.text).toMatch(/^554 5\.6\.0 /)
    expect(hop.taken).toHaveLength(0)
  })

  it('reads a header that comes a byte at a time', async () => {
    const { hop, connect } = await start()
    const client = await connect()
    await begin(client)
    for (const byte of dataOf(plainMail)) {
      client.send(Uint8Array.of(byte))
      await new Promise(setImmediate)
    }
    expect((await client.answer()).code).toBe(250)
    expect(hop.taken).toHaveLength(2)
  })
})

describe('threat: a header made to be slow', () => {
  // Each is read in one pass; a search that begins anew at each character takes a minute and stops everyone.
  const long = 250_000
  it.each([
    ['a To of one quoted string without end', `To: "${'\\'.repeat(long)}`],
    ['a To of one word without an address', `To: (${'a'.repeat(long)}`],
    ['a Cc of nothing but ats', `Cc: <${'@'.repeat(long)}`],
    ['a Cc of nothing but commas', `Cc: ${','.repeat(long)}`],
  ])('is answered: %s', async (_, slow) => {
    const { hop, gateway } = await start()
    const mail = `${slow}\r\n${plainMail}`
    expect((await sendMail(gateway.port, { to: mixed, mail })).data.code).toBe(250)
    expect(hop.taken).toHaveLength(2)
  })
})

describe('threat: slowloris on SMTP', () => {
  it('a command that does not end in time ends the connection, however it trickles', async () => {
    const { gateway } = await start({ limits: { commandMs: 200 } })
    const client = await RawClient.connect(gateway.port)
    await client.answer()
    const timer = setInterval(() => client.send('N'), 50)
    expect((await client.answer()).text).toMatch(/^421 4\.4\.2 /)
    clearInterval(timer)
    await client.ended()
  })

  it.each([{ dataPieceMs: 200 }, { dataMs: 300 }])(
    'DATA that trickles ends the connection, and nothing is delivered (%j)',
    async limits => {
      const { hop, connect } = await start({ limits })
      const client = await connect()
      await begin(client)
      const trickles = 'dataMs' in limits
      client.send(plainMail)
      const timer = setInterval(() => trickles && client.send('x\r\n'), 50)
      expect((await client.answer()).code).toBe(421)
      clearInterval(timer)
      expect(hop.taken).toHaveLength(0)
    },
  )

  it('connections beyond the limit get 421', async () => {
    const { gateway } = await start({ gateway: { maxConnections: 2 } })
    const clients = []
    for (let at = 0; at < 3; at++) clients.push(await RawClient.connect(gateway.port))
    const codes = await Promise.all(clients.map(async client => (await client.answer()).code))
    expect(codes.toSorted((a, b) => a - b)).toEqual([220, 220, 421])
    for (const client of clients) client.close()
  })

  it('attack: a web page that posts commands to the port of a network that may send', async () => {
    const { hop, gateway } = await start()
    const client = await RawClient.connect(gateway.port)
    const mail = `MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@else.test>\r\nDATA\r\n${plainMail}.\r\n`
    const fields = 'Host: gateway:2525\r\nOrigin: https://evil.test\r\nContent-Type: text/plain\r\n'
    client.send(`POST / HTTP/1.1\r\n${fields}\r\nEHLO x\r\n${mail}QUIT\r\n`)
    expect((await client.answer()).code).toBe(220)
    expect((await client.answer()).text).toMatch(/^421 4\.7\.0 /)
    await client.ended()
    expect(hop.taken).toHaveLength(0)
  })

  it('noise instead of commands ends the connection', async () => {
    const { connect } = await start({ limits: { badCommands: 3 } })
    const client = await connect()
    for (let at = 0; at < 3; at++) expect((await client.command('NOISE')).code).toBe(500)
    expect((await client.command('NOISE')).code).toBe(421)
    await client.ended()
  })

  it('a line without end ends the connection', async () => {
    const { connect } = await start()
    const client = await connect()
    client.send('NOOP '.padEnd(100_000, 'x'))
    expect((await client.answer()).code).toBe(500)
    await client.ended()
  })
})

describe('threat: premature end at any byte on either side of the gateway', () => {
  const wire = dataOf(plainMail)

  it('a client that leaves at any byte of DATA has sent no mail', async () => {
    const { gateway, hop } = await start()
    for (let cut = 0; cut < wire.length; cut += cut > wire.length - 12 ? 1 : 7) {
      const client = await RawClient.connect(gateway.port)
      await client.answer()
      await client.command('EHLO x')
      await begin(client)
      client.send(wire.subarray(0, cut))
      if (cut % 2 === 0) client.socket.end()
      else client.socket.destroy()
      await client.ended()
      client.close()
    }
    await vi.waitFor(() => expect(hop.openConnections).toBeLessThanOrEqual(1), patienceMs)
    expect(hop.taken).toHaveLength(0)
    expect((await sendMail(gateway.port, { to: mixed, mail: plainMail })).data.code).toBe(250)
  })

  it('a client that says nothing more after its final dot still hears that its mail was taken', async () => {
    const { hop, connect } = await start()
    const client = await connect()
    await begin(client)
    client.socket.end(wire)
    expect((await client.answer()).code).toBe(250)
    await client.ended()
    expect(hop.taken).toHaveLength(2)
  })

  it('a next hop that leaves at any byte of a mail gives 451, and none is taken for delivered', async () => {
    const { gateway, hop } = await start()
    for (const breakAfterBytes of [1, 2, 50, 300, 1000, 5000, 9000]) {
      hop.script = { breakAfterBytes }
      const { data } = await sendMail(gateway.port, { to: ['bob@else.test'], mail: plainMail })
      expect(data.text).toMatch(/^451 4\.4\.2 /)
    }
    for (const stage of ['mail', 'rcpt', 'data', 'dot'] satisfies (keyof HopScript)[]) {
      hop.script = { [stage]: () => null }
      const { rcpt, data } = await sendMail(gateway.port, { to: mixed, mail: plainMail })
      expect([rcpt[0]?.code, data.code]).toContain(451)
    }
    expect(hop.taken).toHaveLength(0)
  })

  it('a gateway that is destroyed before the final dot has delivered nothing', async () => {
    const store = await openStore('sqlite::memory:')
    const journal = { ...store.journal, record: () => new Promise<void>(() => {}) }
    const { gateway, hop } = await start({ store: { ...store, journal } })
    const sent = sendMail(gateway.port, { to: mixed, mail: plainMail })
    await vi.waitFor(() => expect(hop.bytes.includes('It is secret')).toBe(true), patienceMs)
    await gateway.gateway.close()
    expect((await sent).data.code).toBe(0)
    expect(hop.taken).toHaveLength(0)
    await store.close()
  })

  it('a client that leaves while its mail waits for the journal has sent no mail', async () => {
    const store = await openStore('sqlite::memory:')
    let write: () => void = () => {}
    const written = new Promise<void>(resolve => (write = resolve))
    const { connect, hop } = await start({
      store: { ...store, journal: { ...store.journal, record: () => written } },
    })
    const client = await connect()
    await begin(client)
    client.send(wire)
    await vi.waitFor(() => expect(hop.bytes.includes('It is secret')).toBe(true), patienceMs)
    client.socket.resetAndDestroy()
    await vi.waitFor(() => expect(hop.openConnections).toBeLessThanOrEqual(1), patienceMs)
    write()
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(hop.taken).toHaveLength(0)
    await store.close()
  })
})

describe('threat: Bcc shown to others', () => {
  it('a Bcc field that is submitted with AUTH is removed before sealing', async () => {
    const { hop, gateway } = await start({
      gateway: {
        tls: tlsPaths.server,
        listenTls: ['127.0.0.1:0'],
        users: [{ name: 'ann', password: 'env:pw', organisation: 'example' }],
      },
    })
    const mail = plainMail.replace('Subject:', 'Bcc: dan@else.test,\r\n eve@else.test\r\nSubject:')
    const client = await RawClient.connectTls(gateway.ports[1] ?? 0)
    await client.answer()
    await client.command('EHLO x')
    await client.command(`AUTH PLAIN ${Buffer.from('\0ann\0pw').toString('base64')}`)
    const { data } = await sendOn(client, { to: ['bob@else.test', 'dan@else.test'], mail })
    expect(data.code).toBe(250)
    client.close()
    const sealed = hop.taken[0]?.content ?? Buffer.alloc(0)
    expect(sealed.includes('dan@else.test')).toBe(false)
    expect((await gateway.keys.open(sealed)).toString()).toBe(plainMail)
  })
})

describe('what is logged', () => {
  it('names nobody and quotes nothing', async () => {
    const { gateway } = await start()
    await sendMail(gateway.port, { to: mixed, mail: plainMail })
    await sendMail(gateway.port, { to: mixed, mail: plainMail.replace('From', 'Form') })
    const log = gateway.log.join('')
    expect(gateway.log.length).toBe(2)
    expect(log).not.toMatch(/alice|bob|carol|plan|secret|example\.com|@/)
  })
})
