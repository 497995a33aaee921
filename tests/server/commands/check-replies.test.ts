import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createResolver } from '../../../src/server/commands/checks/check-dns.ts'
import { checkReplyDomain } from '../../../src/server/commands/checks/check-reply-domain.ts'
import { checkReplyListener } from '../../../src/server/commands/checks/check-reply-listener.ts'
import { checkReports } from '../../../src/server/commands/checks/check-reports.ts'
import { configSchema } from '../../../src/server/config/schema.ts'
import { ReplyListener } from '../../../src/server/gateway/replies/reply-listener.ts'
import { replyLimits } from '../../../src/server/gateway/replies/limits.ts'
import { type Said, startDnsServer } from './dns-server.ts'

const good = {
  'replies.example.com': ['v=spf1 ip4:192.0.2.1 -all', 'mx:mail.example.com'],
  '_dmarc.example.com': ['v=DMARC1; p=reject'],
} as const

async function linesOf(
  zone: Readonly<Record<string, Said>>,
  domain = 'replies.example.com',
): Promise<readonly string[]> {
  const server = await startDnsServer(zone)
  onTestFinished(server.close)
  const resolver = createResolver(server.address, { timeout: 1000, tries: 1 })
  const lines = await checkReplyDomain(domain, ['example.com'], resolver)
  return lines.map(({ name, state, detail }) => `${state} ${name}: ${detail}`)
}

describe('zegel check: the domain of addresses that stand for people outside', () => {
  it('finds everything in order, with signature and DMARC record of the domain above', async () => {
    expect(await linesOf(good)).toEqual([
      'ok SPF of replies.example.com: v=spf1 ip4:192.0.2.1 -all',
      'ok DKIM of replies.example.com: signatures of example.com count, unless its DMARC record says adkim=s',
      'ok DMARC of replies.example.com: the record of example.com holds: v=DMARC1; p=reject',
      'ok MX of replies.example.com: mail.example.com',
    ])
  })

  it('fails without SPF and without MX, and says what to do', async () => {
    const [spf, , , mx] = await linesOf({ '_dmarc.example.com': ['v=DMARC1; p=reject'] })
    expect(spf).toMatch(/^failed .*add a TXT record v=spf1/)
    expect(mx).toMatch(/^failed .*bounces from outside get lost.*gateway\.listenReports/)
    const noMail = { ...good, 'replies.example.com': ['v=spf1 -all', 'mx:.'] }
    expect((await linesOf(noMail))[3]).toMatch(/^failed .*no mail is taken/)
  })

  it('fails where no DMARC record holds, and warns of one that lets subdomains be forged', async () => {
    const { '_dmarc.example.com': _above, ...none } = good
    expect((await linesOf(none))[2]).toMatch(/^failed .*no record that holds/)
    const weak = { ...good, '_dmarc.example.com': ['v=DMARC1; p=reject; sp=none'] }
    expect((await linesOf(weak))[2]).toMatch(/^warning .*sp=none/)
    const own = { ...weak, '_dmarc.replies.example.com': ['v=DMARC1; p=reject'] }
    expect((await linesOf(own))[2]).toMatch(/^ok DMARC of replies.example.com: v=DMARC1; p=reject/)
  })

  it('wants key and record of its own for a domain that is not below one of the organisation', async () => {
    const zone = { 'answers.test': ['v=spf1 -all', 'mx:mail.example.com'] }
    const lines = await linesOf({ ...good, ...zone }, 'answers.test')
    expect(lines[1]).toMatch(/^failed DKIM of answers.test: no key is published/)
    expect(lines[2]).toMatch(/^failed DMARC of answers.test: no record; add a TXT record/)
  })

  it('takes no name for missing when the server does not answer', async () => {
    const lines = await linesOf({
      'replies.example.com': 'servfail',
      '_dmarc.example.com': 'refused',
    })
    expect(lines[0]).toMatch(/ESERVFAIL/)
    expect(lines[2]).toMatch(/EREFUSED/)
    expect(lines[3]).toMatch(/ESERVFAIL/)
  })
})

describe('zegel check: delivery reports from outside', () => {
  it('have a way in, or it says what to set', () => {
    const check = (gateway: object) =>
      checkReports(
        configSchema.parse({
          organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
          gateway,
        }),
      )
    expect(check({})).toMatchObject({ state: 'warning' })
    expect(check({}).detail).toContain('set gateway.listenReports')
    expect(check({ listenReports: ['127.0.0.1:2527'] })).toMatchObject({ state: 'ok' })
  })
})

describe('zegel check: where the portal hands answers over', () => {
  const check = (portal: object, gateway: object = {}) =>
    checkReplyListener(
      configSchema.parse({
        organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
        portal,
        gateway,
      }),
    )

  it('finds a gateway that answers', async () => {
    const listener = new ReplyListener({
      reportFault: () => {},
      addresses: [{ host: '127.0.0.1', port: 0, tls: undefined }],
      take: () => Promise.reject(new Error('nothing is handed over')),
      report: () => undefined,
      limits: replyLimits,
      maxBytes: 1,
      closeMs: 100,
    })
    const [bound] = await listener.listen()
    onTestFinished(() => listener.close())
    const replies = `http://127.0.0.1:${bound?.port}`
    expect(await check({ replies })).toMatchObject({ state: 'ok', detail: `${replies} answers` })
  })

  it('fails where something else answers, or nothing', async () => {
    const server = createServer((_, response) => response.end('hello'))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const replies = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(await check({ replies })).toMatchObject({ state: 'failed' })
    await new Promise(resolve => server.close(resolve))
    const line = await check({ replies })
    expect(line.state).toBe('failed')
    expect(line.detail).toMatch(/cannot be reached .*ECONNREFUSED/)
  })

  it('says how it is where nothing is to be asked', async () => {
    expect(await check({})).toMatchObject({ state: 'ok' })
    const line = await check({}, { replies: { listen: '127.0.0.1:8082' } })
    expect(line.detail).toContain('127.0.0.1:8082')
  })
})
