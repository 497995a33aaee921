import { describe, expect, it } from 'vitest'
import { Strangers } from '../../../../src/server/gateway/smtp/strangers.ts'
import { RawClient } from '../support/raw-client.ts'
import { tlsPaths } from '../support/tls-files.ts'
import { useGateways } from '../support/use-gateway.ts'

const { start } = useGateways()

describe('places of clients that have not signed in', () => {
  it('are few for one client, whatever its addresses, and not all for all of them', () => {
    const strangers = new Strangers({ connectionsOfStranger: 2, connections: 5 })
    const leave = strangers.enter('2001:db8::1')
    expect(strangers.enter('2001:db8::2')).toBeDefined()
    expect(strangers.enter('2001:db8:0:0:ffff::3')).toBeUndefined()
    expect(strangers.enter('192.0.2.1')).toBeDefined()
    expect(strangers.enter('192.0.2.2')).toBeDefined()
    expect(strangers.enter('192.0.2.3')).toBeDefined()
    expect(strangers.enter('192.0.2.4')).toBeUndefined()
    leave?.()
    leave?.()
    expect(strangers.enter('2001:db8::4')).toBeDefined()
    expect(strangers.enter('192.0.2.4')).toBeUndefined()
  })
})

describe('threat: slowloris on SMTP, by strangers', () => {
  it('a stranger who does not sign in is put out', async () => {
    const { gateway } = await start({
      gateway: { allowedNetworks: [] },
      limits: { strangerMs: 150 },
    })
    const client = await RawClient.connect(gateway.port)
    await client.answer()
    expect((await client.answer()).code).toBe(421)
  })

  it.each([
    ['line by line', 'NOOP\r\n'],
    ['many lines at once', 'EHLO x\r\n'.repeat(50)],
  ])('a stranger who only goes on talking is put out (%s)', async (_, said) => {
    const { gateway } = await start({
      gateway: { allowedNetworks: [] },
      limits: { strangerMs: 300 },
    })
    const client = await RawClient.connect(gateway.port)
    await client.answer()
    const timer = setInterval(() => client.send(said), 20)
    let answer = await client.answer()
    while (answer.code === 250) answer = await client.answer()
    clearInterval(timer)
    expect(answer.text).toMatch(/^421 4\.4\.2 /)
  })

  it('one stranger cannot take every place', async () => {
    const { gateway } = await start({
      gateway: { allowedNetworks: [] },
      limits: { connectionsOfStranger: 1 },
    })
    const first = await RawClient.connect(gateway.port)
    expect((await first.answer()).code).toBe(220)
    const second = await RawClient.connect(gateway.port)
    expect((await second.answer()).code).toBe(421)
    first.close()
    second.close()
  })

  it('strangers, however many, leave places to those who may send, and who signs in is none', async () => {
    const { gateway } = await start({
      gateway: {
        allowedNetworks: [],
        maxConnections: 6,
        tls: tlsPaths.server,
        listenTls: ['127.0.0.1:0'],
        users: [{ name: 'ann', password: 'env:pw', organisation: 'example' }],
      },
    })
    const known = []
    for (let at = 0; at < 2; at++) {
      const client = await RawClient.connectTls(gateway.ports[1] ?? 0)
      known.push(client)
      await client.answer()
      await client.command('EHLO x')
      const signIn = `AUTH PLAIN ${Buffer.from('\0ann\0pw').toString('base64')}`
      expect((await client.command(signIn)).code).toBe(235)
    }
    const strangers = []
    const codes = []
    for (let at = 0; at < 4; at++) {
      const client = await RawClient.connect(gateway.port)
      strangers.push(client)
      codes.push((await client.answer()).code)
    }
    expect(codes).toEqual([220, 220, 220, 421])
    for (const client of [...known, ...strangers]) client.close()
  })
})
