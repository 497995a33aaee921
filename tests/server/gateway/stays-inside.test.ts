import { describe, expect, it } from 'vitest'
import { RawClient, sendMail, sendOn } from './support/raw-client.ts'
import { allKeywords } from './support/scripted-hop.ts'
import { plainMail, useGateways } from './support/use-gateway.ts'

const { start } = useGateways()
const secret = 'It is secret'

describe('threat: an inside address that leads outside', () => {
  // Postfix resolves all of these to bob@evil.test when example.com is its own domain.
  it.each([
    'bob%evil.test@example.com',
    'evil.test!bob@example.com',
    '"bob@evil.test"@example.com',
    '"bob%evil.test"@example.com',
    '"evil.test!bob"@example.com',
    '"@evil.test:bob"@example.com',
    '=?x?q?bob=40evil.test=3e=00?=@example.com',
  ])('%s gets no plain text', async address => {
    const { hop, gateway } = await start()
    const { data } = await sendMail(gateway.port, { to: [address], mail: plainMail })
    expect(data.code).toBe(250)
    expect(hop.taken).toHaveLength(1)
    expect(hop.bytes.includes(secret)).toBe(false)
  })

  it('gets no plain text beside a person inside, who gets the original', async () => {
    const { hop, gateway } = await start()
    const to = ['carol@example.com', 'bob%evil.test@example.com']
    expect((await sendMail(gateway.port, { to, mail: plainMail })).data.code).toBe(250)
    const plain = hop.taken.filter(taken => taken.content.includes(secret))
    expect(plain.map(taken => taken.to)).toEqual([['carol@example.com']])
    expect(hop.taken).toHaveLength(2)
  })
})

describe('threat: a header that proves a tenant, read by a recipient who then sends as that tenant', () => {
  it('is not in what is sealed, and goes on inside, where the original is not changed', async () => {
    const relay = { organisation: 'example', network: '127.0.0.1', header: 'X-Relay', value: 'k3y' }
    const { hop, gateway } = await start({ gateway: { trustNetworks: false, tenants: [relay] } })
    const mail = `x-relay: k3y\r\n${plainMail}`
    const to = ['bob@else.test', 'carol@example.com']
    expect((await sendMail(gateway.port, { to, mail })).data.code).toBe(250)
    const contentFor = (address: string) =>
      hop.taken.find(taken => taken.to.includes(address))?.content ?? Buffer.alloc(0)
    const opened = await gateway.keys.open(contentFor('bob@else.test'))
    expect(opened.toString('latin1')).toBe(plainMail)
    expect(contentFor('carol@example.com').toString('latin1')).toBe(mail)
  })
})

describe('threat: a bounce that carries the original outside', () => {
  const mailLineTo = async (address: string, from: string, mailParameters = '') => {
    const { hop, gateway } = await start()
    const { data } = await sendMail(gateway.port, {
      from,
      to: [address],
      mail: plainMail,
      mailParameters,
    })
    expect(data.code).toBe(250)
    return hop.taken[0]?.mailLine ?? ''
  }

  it.each(['eve@evil.test', 'eve%evil.test@example.com'])(
    'asks for headers alone when the original goes inside and bounces go to %s',
    async from => {
      expect(await mailLineTo('carol@example.com', from, ' RET=FULL')).toMatch(/ RET=HDRS\b/)
      expect(await mailLineTo('carol@example.com', from)).toMatch(/ RET=HDRS\b/)
    },
  )

  it('leaves the wish of a sender inside, and of the sender of a sealed mail, as it is', async () => {
    const inside = await mailLineTo('carol@example.com', 'alice@example.com', ' RET=FULL')
    expect(inside).toMatch(/ RET=FULL\b/)
    expect(await mailLineTo('bob@else.test', 'eve@evil.test', ' RET=FULL')).toMatch(/ RET=FULL\b/)
    expect(await mailLineTo('carol@example.com', '')).not.toMatch(/RET=/)
  })

  it('sends no RET to a next hop that does not know it', async () => {
    const keywords = allKeywords.filter(keyword => keyword !== 'DSN')
    const { hop, gateway } = await start({}, { keywords })
    const client = await RawClient.connect(gateway.port)
    await client.answer()
    await client.command('EHLO client.test')
    const mail = { from: 'eve@evil.test', to: ['carol@example.com'], mail: plainMail }
    expect((await sendOn(client, mail)).data.code).toBe(250)
    client.close()
    expect(hop.taken[0]?.mailLine).not.toMatch(/RET=/)
  })
})
