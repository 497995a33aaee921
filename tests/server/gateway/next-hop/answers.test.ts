import type { Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { openStore } from '../../../../src/server/store/open-store.ts'
import { patienceMs } from '../../../support/patience.ts'
import { sendMail, sendOn } from '../support/raw-client.ts'
import type { HopScript, TakenMail } from '../support/scripted-hop.ts'
import { plainMail, useGateways } from '../support/use-gateway.ts'

const { start } = useGateways()
const outside = { to: ['bob@else.test'], mail: plainMail }
const mixed = { to: ['bob@else.test', 'carol@example.net'], mail: plainMail }
const isSealed = (mail: TakenMail) => mail.content.includes('message.html')

describe('an answer of the next hop', () => {
  const cases: [string, HopScript, string][] = [
    ['4xx to MAIL', { mail: () => '450 4.7.1 Greylisted' }, '450 4.7.1 Greylisted'],
    ['5xx to MAIL', { mail: () => '553 5.1.8 Bad sender' }, '553 5.1.8 Bad sender'],
    ['4xx to RCPT', { rcpt: () => '452 4.2.2 Full' }, '452 4.2.2 Full'],
    ['5xx to RCPT', { rcpt: () => '550 5.1.1 Unknown' }, '550 5.1.1 Unknown'],
    ['a plain 550 to RCPT', { rcpt: () => '550 No' }, '550 5.0.0 No'],
    ['a wrong class', { rcpt: () => '550 2.1.5 No' }, '550 5.0.0 2.1.5 No'],
    ['421 to RCPT', { rcpt: () => '421 4.3.2 Shutting down' }, '451 4.3.2 Shutting down'],
    [
      'several lines',
      { rcpt: () => '550-5.1.1 No\r\n550 5.1.1 Really' },
      '550-5.1.1 No\r\n550 5.1.1 Really',
    ],
    ['a lost connection at RCPT', { rcpt: () => null }, '451 4.4.2'],
    ['3xx to RCPT', { rcpt: () => '354 Hm' }, '451 4.3.0'],
    ['what is no reply', { rcpt: () => 'hello' }, '451 4.3.0'],
    ['control characters', { rcpt: () => '550 5.1.1 a\u0007b' }, '550 5.1.1 a?b'],
  ]
  it.each(cases)('%s reaches the client at RCPT', async (_, script, expected) => {
    const { gateway } = await start({}, script)
    const { rcpt, data } = await sendMail(gateway.port, outside)
    expect(rcpt[0]?.text.startsWith(expected)).toBe(true)
    expect(data.code).toBe(503)
  })

  const dataCases: [string, HopScript, string][] = [
    ['4xx to DATA', { data: () => '451 4.3.2 Later' }, '451 4.3.2 Later'],
    ['5xx to DATA', { data: () => '554 5.7.1 Never' }, '554 5.7.1 Never'],
    ['a lost connection at DATA', { data: () => null }, '451 4.4.2'],
    ['4xx to the final dot', { dot: () => '452 4.3.1 Disk full' }, '452 4.3.1 Disk full'],
    ['5xx to the final dot', { dot: () => '550 5.7.1 Spam' }, '550 5.7.1 Spam'],
    ['a lost connection at the final dot', { dot: () => null }, '451 4.4.2'],
    ['250 to DATA', { data: () => '250 2.0.0 Done' }, '451 4.3.0'],
    ['a second answer to RCPT', { rcpt: () => '250 OK\r\n250 OK' }, '451 4.3.0'],
    ['250 before the mail has ended', { data: () => '354 Go on\r\n250 Done' }, '451 4.3.0'],
    ['5xx before it has ended', { data: () => '354 Go on\r\n552 5.3.4 Big' }, '552 5.3.4 Big'],
    ['a connection that breaks in the mail', { breakAfterBytes: 1000 }, '451 4.4.2'],
  ]
  it.each(dataCases)('%s is the answer to the mail', async (_, script, expected) => {
    const { gateway, hop } = await start({}, script)
    const { rcpt, data } = await sendMail(gateway.port, outside)
    expect(rcpt[0]?.code).toBe(250)
    expect(data.text.slice(0, expected.length)).toBe(expected)
    expect(hop.taken).toHaveLength(0)
  })

  it('to each recipient is given to that recipient', async () => {
    const { gateway, hop } = await start(
      {},
      { rcpt: line => (line.includes('bad') ? '550 5.1.1 No' : undefined) },
    )
    const { rcpt, data } = await sendMail(gateway.port, {
      to: ['bob@else.test', 'bad@else.test', 'bad@example.net', 'carol@example.net'],
      mail: plainMail,
    })
    expect(rcpt.map(answer => answer.code)).toEqual([250, 550, 550, 250])
    expect(data.code).toBe(250)
    expect(hop.taken.flatMap(mail => mail.to).toSorted()).toEqual([
      'bob@else.test',
      'carol@example.net',
    ])
  })
})

describe('a next hop that hangs', () => {
  it.each(['MAIL', 'RCPT', 'DATA', '.', 'EHLO'])('at %s is left after its time', async stage => {
    const limits = {
      mailMs: 200,
      rcptMs: 200,
      dataStartMs: 200,
      finalDotMs: 200,
      nextHopCommandMs: 200,
    }
    const { gateway } = await start({ limits }, { hangAt: stage })
    const { rcpt, data } = await sendMail(gateway.port, {
      to: ['bob@else.test', 'b2@else.test'],
      mail: plainMail,
    })
    const answer =
      rcpt[0]?.code === 250 && rcpt[1]?.code === 250 ? data : rcpt.find(one => one.code !== 250)
    expect(answer?.text).toMatch(/^451 4\.4\.[12] /)
  })

  it('in the middle of a mail is left after its time, and the mail is not delivered', async () => {
    const { gateway, hop } = await start(
      { limits: { dataWriteMs: 300, finalDotMs: 300 } },
      { stallAfterBytes: 100_000 },
    )
    const mail = plainMail + 'x'.repeat(70).concat('\r\n').repeat(20_000)
    const { data } = await sendMail(gateway.port, { ...outside, mail })
    expect(data.text).toMatch(/^451 4\.4\.2 /)
    expect(hop.taken).toHaveLength(0)
  })
})

describe('connections to the next hop', () => {
  it('are used for one mail after another', async () => {
    const { hop, connect } = await start()
    const client = await connect()
    for (let at = 0; at < 5; at++) expect((await sendOn(client, outside)).data.code).toBe(250)
    expect(hop.taken).toHaveLength(5)
    expect(hop.connections).toBe(1)
  })

  it('that were closed while idle cost the client nothing', async () => {
    const { hop, connect } = await start()
    const client = await connect()
    for (let at = 0; at < 3; at++) {
      expect((await sendOn(client, outside)).data.code).toBe(250)
      const { port } = hop
      hop.script = {
        ...hop.script,
        mail: line => {
          // What a server does that has closed in the meantime: the first use fails.
          hop.script = {}
          return line === '' ? '' : null
        },
      }
      expect(port).toBe(hop.port)
    }
    expect(hop.taken).toHaveLength(3)
  })

  it('are not kept with a 421', async () => {
    const { hop, connect } = await start()
    const client = await connect()
    await sendOn(client, outside)
    let asked = 0
    hop.script = {
      mail: () => (asked++ === 0 ? '421 4.4.2 Idle for too long' : undefined),
    }
    expect((await sendOn(client, outside)).data.code).toBe(250)
  })

  it('are reset when nothing comes of a mail', async () => {
    const { hop, connect } = await start({}, { rcpt: () => '550 5.1.1 No' })
    const client = await connect()
    for (let at = 0; at < 3; at++) {
      await client.command('MAIL FROM:<alice@example.com>')
      await client.command('RCPT TO:<bob@else.test>')
      await client.command('RSET')
    }
    hop.script = {}
    expect((await sendOn(client, outside)).data.code).toBe(250)
    expect(hop.taken[0]?.to).toEqual(['bob@else.test'])
  })
})

describe('mixed inside and outside recipients with one half refused and retried', () => {
  it.each([
    ['sealed', '452 4.3.1 Full'],
    ['plain', '452 4.3.1 Full'],
    ['sealed', '550 5.7.1 Never'],
  ])('the other half is delivered once (%s half: %s)', async (half, refusal) => {
    const store = await openStore('sqlite::memory:')
    const refuses = (mail: TakenMail) => isSealed(mail) === (half === 'sealed')
    const { gateway, hop } = await start(
      { store },
      { dot: mail => (refuses(mail) ? refusal : undefined) },
    )
    const first = await sendMail(gateway.port, mixed)
    expect(first.data.text).toMatch(/^451 4\.3\.0 /)
    expect(hop.taken).toHaveLength(1)
    const again = await sendMail(gateway.port, mixed)
    expect(again.data.text).toBe(`${refusal}\r\n`)
    expect(hop.taken).toHaveLength(1)
    hop.script = {}
    const last = await sendMail(gateway.port, mixed)
    expect(last.data.code).toBe(250)
    expect(hop.taken).toHaveLength(2)
    expect(hop.taken.filter(isSealed)).toHaveLength(1)
    expect(hop.taken.flatMap(mail => mail.to).toSorted()).toEqual([
      'bob@else.test',
      'carol@example.net',
    ])
    await store.close()
  })

  it('other recipients, another sender or another message are another half', async () => {
    const { gateway, hop } = await start(
      {},
      { dot: mail => (isSealed(mail) ? '452 4.3.1 Full' : undefined) },
    )
    await sendMail(gateway.port, mixed)
    hop.script = {}
    await sendMail(gateway.port, { ...mixed, mail: plainMail.replace('<1@', '<2@') })
    await sendMail(gateway.port, { ...mixed, to: ['bob@else.test', 'dan@example.net'] })
    await sendMail(gateway.port, { ...mixed, from: 'else@example.com' })
    await sendMail(gateway.port, { ...mixed, mail: plainMail.replace('04:00:00', '04:00:01') })
    expect(hop.taken.filter(mail => !isSealed(mail))).toHaveLength(5)
  })

  it('the same recipients and fields in another order are the same half', async () => {
    const { gateway, hop } = await start(
      {},
      { dot: mail => (isSealed(mail) ? '452 4.3.1 Full' : undefined) },
    )
    const to = ['bob@else.test', 'carol@example.net', 'dan@example.net']
    await sendMail(gateway.port, { ...mixed, to })
    hop.script = {}
    const [fields = '', body = ''] = plainMail.split('\r\n\r\n')
    const turned = `Received: by x\r\n${fields.split('\r\n').toReversed().join('\r\n')}\r\n\r\n${body}`
    const again = { to: to.toReversed(), mail: turned }
    expect((await sendMail(gateway.port, again)).data.code).toBe(250)
    expect(hop.taken.map(mail => mail.to)).toEqual([to.slice(1), to.slice(0, 1)])
  })

  it('the half is forgotten after five days', async () => {
    const hashes: number[] = []
    const store = await openStore('sqlite::memory:')
    const deliveries = {
      ...store.deliveries,
      add: (hash: Uint8Array, expiresAtMs: number) => {
        hashes.push(expiresAtMs - Date.now())
        return store.deliveries.add(hash, expiresAtMs)
      },
    }
    const { gateway } = await start(
      { store: { ...store, deliveries } },
      { dot: mail => (isSealed(mail) ? '452 4.3.1 Full' : undefined) },
    )
    await sendMail(gateway.port, mixed)
    expect(hashes).toHaveLength(1)
    expect(Math.round((hashes[0] ?? 0) / 3_600_000)).toBe(120)
    await store.close()
  })

  it('a refusal at DATA delivers neither, and is the answer', async () => {
    let asked = 0
    const { gateway, hop } = await start(
      {},
      { data: () => (asked++ === 1 ? '452 4.3.1 Full' : undefined) },
    )
    const { data } = await sendMail(gateway.port, mixed)
    expect(data.text).toBe('452 4.3.1 Full\r\n')
    expect(hop.taken).toHaveLength(0)
  })

  it('both refused give the one that can be tried again', async () => {
    const { gateway } = await start(
      {},
      { dot: mail => (isSealed(mail) ? '550 5.7.1 No' : '452 4.3.1 Full') },
    )
    const { data } = await sendMail(gateway.port, mixed)
    expect(data.text).toBe('452 4.3.1 Full\r\n')
  })

  it('no final dot is sent before both bodies and the journal are written', async () => {
    const store = await openStore('sqlite::memory:')
    let write: () => void = () => {}
    const written = new Promise<void>(resolve => (write = resolve))
    const journal = { ...store.journal, record: () => written }
    const { hop, gateway } = await start({ store: { ...store, journal } })
    const sent = sendMail(gateway.port, mixed)
    const count = (text: string) => hop.bytes.toString('latin1').split(text).length - 1
    await vi.waitFor(() => {
      expect(count('It is secret.\r\n')).toBe(1)
      expect(count('--\r\n')).toBeGreaterThan(0)
    }, patienceMs)
    expect(count('\r\n.\r\n')).toBe(0)
    expect(hop.taken).toHaveLength(0)
    write()
    expect((await sent).data.code).toBe(250)
    expect(hop.taken).toHaveLength(2)
    await store.close()
  })
})

describe('a client that does not hear that its mail was delivered', () => {
  it.each([
    ['inside and outside, broken off', mixed, 2, (socket: Socket) => socket.resetAndDestroy()],
    ['outside, broken off', outside, 1, (socket: Socket) => socket.resetAndDestroy()],
    ['outside, closed', outside, 1, (socket: Socket) => socket.destroy()],
  ])('has left meanwhile: its next try sends nothing twice (%s)', async (_, sent, mails, leave) => {
    let answer: () => void = () => {}
    const dotAfter = new Promise<void>(resolve => (answer = resolve))
    const { connect, hop, gateway } = await start({}, { dotAfter })
    const client = await connect()
    const first = sendOn(client, sent)
    await vi.waitFor(() => expect(hop.taken).toHaveLength(mails), patienceMs)
    leave(client.socket)
    expect((await first).data.code).toBe(0)
    const next = await connect()
    expect((await next.command('NOOP')).code).toBe(250)
    answer()
    await vi.waitFor(() => expect(gateway.log).toHaveLength(1), patienceMs)
    expect((await sendOn(next, sent)).data.code).toBe(250)
    expect(hop.taken).toHaveLength(mails)
    expect((await sendOn(next, { ...sent, mail: plainMail.replace('<1@', '<2@') })).data.code).toBe(
      250,
    )
    expect(hop.taken).toHaveLength(2 * mails)
  })

  it('has lost its patience: its next try does not deliver it twice', async () => {
    const { connect, hop } = await start({ limits: { patienceMs: -1 } })
    const client = await connect()
    for (let at = 0; at < 2; at++) expect((await sendOn(client, mixed)).data.code).toBe(250)
    expect(hop.taken).toHaveLength(2)
  })

  it('hears so although nobody can write it down', async () => {
    const store = await openStore('sqlite::memory:')
    const add = () => Promise.reject(new Error('no database'))
    const broken = { ...store, deliveries: { ...store.deliveries, add } }
    const { connect, hop, gateway } = await start({ store: broken, limits: { patienceMs: -1 } })
    expect((await sendOn(await connect(), mixed)).data.code).toBe(250)
    expect(hop.taken).toHaveLength(2)
    expect(gateway.log.join('')).toContain('mail-fault')
    await store.close()
  })

  it('is one in a hurry no more than one that heard it: the same mail, sent anew, arrives anew', async () => {
    const { connect, hop } = await start()
    const client = await connect()
    for (let at = 0; at < 2; at++) expect((await sendOn(client, mixed)).data.code).toBe(250)
    expect(hop.taken).toHaveLength(4)
  })
})

describe('the journal', () => {
  it('has a row before the final dot, the same one on a retry', async () => {
    const store = await openStore('sqlite::memory:')
    const rows: number[] = []
    const list = () => store.journal.list('example', { limit: 10 })
    const { gateway, hop } = await start({ store }, { dot: () => '452 4.3.1 Full' })
    await sendMail(gateway.port, outside)
    rows.push((await list()).length)
    hop.script = {}
    await sendMail(gateway.port, { ...outside, to: ['bob@else.test', 'dan@else.test'] })
    const [entry, ...more] = await list()
    expect(rows).toEqual([1])
    expect(more).toHaveLength(0)
    expect(entry?.recipients.toSorted()).toEqual(['bob@else.test', 'dan@else.test'])
    expect(entry?.sender).toBe('alice@example.com')
    await store.close()
  })

  it('has none when it is off, or when nothing was sealed', async () => {
    const store = await openStore('sqlite::memory:')
    const off = await start({ store, journal: false })
    await sendMail(off.gateway.port, outside)
    const on = await start({ store })
    await sendMail(on.gateway.port, { to: ['carol@example.net'], mail: plainMail })
    expect(await store.journal.list('example', { limit: 10 })).toHaveLength(0)
    await store.close()
  })

  it('that cannot be written keeps the mail back', async () => {
    const store = await openStore('sqlite::memory:')
    const journal = { ...store.journal, record: () => Promise.reject(new Error('disk full')) }
    const { gateway, hop } = await start({ store: { ...store, journal } })
    const { data } = await sendMail(gateway.port, mixed)
    expect(data.text).toMatch(/^451 4\.3\.0 /)
    expect(hop.taken).toHaveLength(0)
    await store.close()
  })
})

describe('sealing that fails', () => {
  it('answers 451 and nothing leaves, neither sealed nor plain', async () => {
    const { gateway, hop } = await start({
      materialFor: () => Promise.reject(new Error('no sealing key')),
    })
    const { data } = await sendMail(gateway.port, mixed)
    expect(data.text).toMatch(/^451 4\.3\.0 /)
    expect(hop.taken).toHaveLength(0)
    expect(hop.bytes.includes('It is secret')).toBe(false)
    expect(gateway.log.join('')).not.toContain('alice')
  })
})
