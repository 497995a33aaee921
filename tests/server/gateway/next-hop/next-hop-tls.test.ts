import { describe, expect, it } from 'vitest'
import { sendMail } from '../support/raw-client.ts'
import { allKeywords } from '../support/scripted-hop.ts'
import { serverPair, tlsPaths } from '../support/tls-files.ts'
import { plainMail, useGateways } from '../support/use-gateway.ts'

const { start } = useGateways()
const outside = { to: ['bob@else.test'], mail: plainMail }
const mixed = { to: ['bob@else.test', 'carol@example.net'], mail: plainMail }

describe('TLS towards the next hop', () => {
  it('that is required and not offered gives 451, and nothing of the mail goes', async () => {
    const { gateway, hop } = await start({ nextHop: { tls: 'required', ca: tlsPaths.ca } })
    const { rcpt } = await sendMail(gateway.port, mixed)
    expect(rcpt.map(answer => answer.text.slice(0, 9))).toEqual(['451 4.7.5', '451 4.7.5'])
    expect(hop.lines.some(line => /^(MAIL|RCPT|DATA)/.test(line))).toBe(false)
  })

  it('that is required is used, and the certificate is checked', async () => {
    const { gateway, hop } = await start(
      { nextHop: { tls: 'required', ca: tlsPaths.ca, serverName: 'server.test' } },
      { tls: serverPair },
    )
    expect((await sendMail(gateway.port, outside)).data.code).toBe(250)
    expect(hop.taken).toHaveLength(1)
    const wanted = hop.lines.filter(line => line.startsWith('EHLO')).length
    expect(wanted).toBe(2)
  })

  it.each([
    ['an unknown authority', { tls: 'required' }],
    ['another name', { tls: 'required', ca: tlsPaths.ca, serverName: 'else.test' }],
  ])('refuses %s', async (_, nextHop) => {
    const { gateway, hop } = await start({ nextHop }, { tls: serverPair })
    const { rcpt } = await sendMail(gateway.port, outside)
    expect(rcpt[0]?.text).toMatch(/^451 4\.7\.5 /)
    expect(hop.lines.some(line => line.startsWith('MAIL'))).toBe(false)
  })

  it('is used when it is offered, whatever the certificate', async () => {
    const { gateway, hop } = await start({}, { tls: serverPair })
    expect((await sendMail(gateway.port, outside)).data.code).toBe(250)
    expect(hop.lines.filter(line => line === 'STARTTLS')).toHaveLength(1)
    expect(hop.plainBytes).toBeLessThan(200)
  })

  it('may begin with the first byte', async () => {
    const { gateway, hop } = await start(
      { nextHop: { tls: 'implicit', ca: tlsPaths.ca } },
      { tls: serverPair, implicitTls: true },
    )
    expect((await sendMail(gateway.port, outside)).data.code).toBe(250)
    expect(hop.plainBytes).toBe(0)
  })

  it('is left alone when the configuration says none', async () => {
    const { gateway, hop } = await start({ nextHop: { tls: 'none' } }, { tls: serverPair })
    expect((await sendMail(gateway.port, outside)).data.code).toBe(250)
    expect(hop.lines).not.toContain('STARTTLS')
  })

  it('comes before the password', async () => {
    const nextHop = { user: 'gateway', password: 'env:secret', tls: 'required', ca: tlsPaths.ca }
    const { gateway, hop } = await start(
      { nextHop },
      { tls: serverPair, keywords: [...allKeywords, 'AUTH PLAIN LOGIN'] },
    )
    expect((await sendMail(gateway.port, outside)).data.code).toBe(250)
    const verbs = hop.lines.map(line => line.split(' ')[0])
    expect(verbs.indexOf('AUTH')).toBeGreaterThan(verbs.indexOf('STARTTLS'))
  })

  it('with a wrong password gives 451', async () => {
    const nextHop = { user: 'gateway', password: 'env:wrong', tls: 'required', ca: tlsPaths.ca }
    const { gateway } = await start({ nextHop }, { tls: serverPair, keywords: ['AUTH PLAIN'] })
    expect((await sendMail(gateway.port, outside)).rcpt[0]?.code).toBe(451)
  })
})

describe('threat: plain text injected behind the answer to STARTTLS', () => {
  it('ends the connection: it is never read as if it came through TLS', async () => {
    const injected = '250-evil.test\r\n250 AUTH PLAIN\r\n250 2.1.0 OK\r\n250 2.1.5 OK\r\n'
    const { gateway, hop } = await start(
      { nextHop: { tls: 'required', ca: tlsPaths.ca } },
      { tls: serverPair, injectAfterStartTls: injected },
    )
    const { rcpt } = await sendMail(gateway.port, outside)
    expect(rcpt[0]?.text).toMatch(/^451 4\.7\.5 /)
    expect(hop.taken).toHaveLength(0)
  })
})

describe('a next hop with few extensions', () => {
  it('gets one command after another when it has no PIPELINING', async () => {
    const { gateway, hop } = await start({}, { keywords: [] })
    expect((await sendMail(gateway.port, mixed)).data.code).toBe(250)
    expect(hop.taken).toHaveLength(2)
  })

  it('that knows HELO alone is used', async () => {
    const { gateway, hop } = await start({}, { ehlo: '502 5.5.1 Unknown' })
    expect((await sendMail(gateway.port, outside)).data.code).toBe(250)
    expect(hop.lines).toContain('HELO gateway.test')
  })

  it.each(['554 5.3.2 Go away', '421 4.3.2 Later'])(
    'that greets with %s gives 451',
    async greeting => {
      const { gateway } = await start({}, { greeting })
      expect((await sendMail(gateway.port, outside)).rcpt[0]?.code).toBe(451)
    },
  )

  it.each([
    ['a line without end', `220 ${'x'.repeat(100_000)}`],
    ['lines without end', '220-x\r\n'.repeat(1000) + '220 x'],
    ['lines of different codes', '220-x\r\n554 x'],
    ['no code', 'SSH-2.0-OpenSSH'],
  ])('that sends %s is left', async (_, greeting) => {
    const { gateway } = await start({}, { greeting })
    expect((await sendMail(gateway.port, outside)).rcpt[0]?.code).toBe(451)
  })
})
