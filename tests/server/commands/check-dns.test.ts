import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkSenderDomain, createResolver } from '../../../src/server/commands/checks/check-dns.ts'
import { type Said, startDnsServer } from './dns-server.ts'
import { zegelHere } from './zegel-here.ts'

const rsa = (modulusLength: number): string =>
  `v=DKIM1; k=rsa; p=${generateKeyPairSync('rsa', { modulusLength })
    .publicKey.export({ format: 'der', type: 'spki' })
    .toString('base64')}`

const ed25519 = `v=DKIM1; k=ed25519; p=${generateKeyPairSync('ed25519')
  .publicKey.export({ format: 'raw-public' })
  .toString('base64')}`

const good = {
  'example.com': ['unrelated', 'v=spf1 ip4:192.0.2.1 include:_spf.example.net -all'],
  '_domainkey.example.com': 'no-texts',
  's1._domainkey.example.com': [rsa(2048)],
  's2._domainkey.example.com': [ed25519],
  '_dmarc.example.com': ['v=DMARC1; p=reject'],
} as const

/** State and detail of each line: SPF, DKIM, DMARC. */
async function linesOf(
  zone: Readonly<Record<string, Said>>,
  selectors: readonly string[] = [],
  patience?: { timeout: number; tries: number },
) {
  const server = await startDnsServer(zone)
  onTestFinished(server.close)
  const resolver = createResolver(server.address, patience)
  const lines = await checkSenderDomain('example.com', selectors, resolver)
  return lines.map(({ state, detail }) => `${state} ${detail}`)
}

describe('zegel check: DNS of the sender, asked of a DNS server', () => {
  it('finds everything in order, a key in several strings too', async () => {
    expect(await linesOf(good, ['s1', 's2'])).toEqual([
      'ok v=spf1 ip4:192.0.2.1 include:_spf.example.net -all',
      'ok an RSA key of 2048 bits is published',
      'ok ed25519 key is published',
      'ok v=DMARC1; p=reject',
    ])
    const [, dkim] = await linesOf(good)
    expect(dkim).toMatch(/^ok keys are published/)
  })

  it('fails what is missing, name or texts', async () => {
    for (const zone of [
      {},
      { 'example.com': 'no-texts', '_dmarc.example.com': 'no-texts' },
    ] as const)
      expect(await linesOf(zone, ['s9'])).toEqual([
        expect.stringMatching(/^failed no record; add a TXT record v=spf1/),
        expect.stringMatching(/^failed no key at s9/),
        expect.stringMatching(/^failed no record; add a TXT record v=DMARC1/),
      ])
    expect((await linesOf({}))[1]).toMatch(/^failed no key is published/)
  })

  it.each([
    ['v=spf1 +all', /^failed .*anyone may send/],
    ['v=spf1 all', /^failed .*anyone may send/],
    ['v=spf1 ip4:192.0.2.300 -all', /^failed .*cannot read ip4:192\.0\.2\.300/],
    ['v=spf1 includes:example.net -all', /^failed .*cannot read includes:example\.net/],
    ['v=spf1 mx', /^warning .*says nothing of other servers/],
    ['v=spf1 ?all', /^warning /],
    ['v=spf1 a:mail.example.com/24 mx ip6:2001:db8::/32 exists:%{i}.example.net ~all', /^ok /],
    ['v=spf1 redirect=_spf.example.net', /^ok /],
  ])('reads %s', async (record, line) => {
    expect((await linesOf({ ...good, 'example.com': [record] }))[0]).toMatch(line)
  })

  it('fails two SPF or two DMARC records: receivers take them for none', async () => {
    const two = {
      ...good,
      'example.com': ['v=spf1 -all', 'v=spf1 mx -all'],
      '_dmarc.example.com': ['v=DMARC1; p=reject', 'v=DMARC1; p=none'],
    }
    const [spf, , dmarc] = await linesOf(two)
    expect(spf).toMatch(/^failed 2 records/)
    expect(dmarc).toMatch(/^failed 2 records/)
  })

  it.each([
    ['v=DKIM1; p=', /^failed the key is revoked/],
    ['v=DKIM1; k=rsa; p=bm8ga2V5', /^failed no rsa key can be read/],
    ['v=DKIM1; k=ed25519; p=bm8ga2V5', /^failed no ed25519 key can be read/],
    [rsa(1024), /^warning an RSA key of 1024 bits/],
    [rsa(512), /^failed an RSA key of 512 bits/],
    ['hello', /^failed no key at s1/],
  ])('reads the DKIM key %#', async (record, line) => {
    const zone = { ...good, 's1._domainkey.example.com': [record] }
    expect((await linesOf(zone, ['s1']))[1]).toMatch(line)
  })

  it.each([
    ['v=DMARC1; p=none', /^warning .*let through/],
    ['v=DMARC1', /^failed .*no policy/],
    ['v=DMARC1; p=maybe', /^failed .*no policy/],
    ['v=DMARC1; p=Quarantine; rua=mailto:a@example.com', /^ok /],
  ])('reads %s', async (record, line) => {
    expect((await linesOf({ ...good, '_dmarc.example.com': [record] }))[2]).toMatch(line)
  })

  it.each([
    ['silence', 'ETIMEOUT'],
    ['servfail', 'ESERVFAIL'],
    ['refused', 'EREFUSED'],
    ['garbage', 'EBADRESP'],
  ] as const)(
    'fails, and takes no name for missing, when the server answers with %s',
    async (said, code) => {
      const zone = {
        'example.com': said,
        '_domainkey.example.com': said,
        '_dmarc.example.com': said,
      }
      const line = `failed the DNS gave no answer (${code}); look at the network and try again`
      const patience = said === 'silence' ? { timeout: 200, tries: 2 } : undefined
      expect(await linesOf(zone, [], patience)).toEqual([line, line, line])
    },
  )

  it('asks the server that --dns-server names', async () => {
    const folder = mkdtempSync(`${tmpdir()}/zegel-dns-`)
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const server = await startDnsServer({
      ...good,
      '_dmarc.example.com': ['v=DMARC1; p=none'],
      'replies.example.com': ['v=spf1 ip4:192.0.2.1 -all', 'mx:mail.example.com'],
    })
    onTestFinished(server.close)
    const init = ['--data', folder, '--organisation', 'Example', '--domain', 'example.com']
    const more = ['--portal-url', 'https://mail.example.com', '--next-hop', '127.0.0.1:9']
    expect((await zegelHere(['init', '--no-escrow', ...init, ...more])).status).toBe(0)
    const skip = ['mail', 'public', 'providers'].flatMap(part => ['--skip', part])
    const args = ['check', '--config', `${folder}/zegel.yaml`, ...skip, '--dkim-selector', 's1']
    const checked = await zegelHere([...args, '--dns-server', server.address])
    expect(checked.stderr).toBe('')
    expect(checked.stdout.toString()).toMatch(/^ok +SPF of example\.com: v=spf1/m)
    expect(checked.stdout.toString()).toMatch(/^ok +DKIM of example\.com, selector s1: an RSA key/m)
    expect(checked.stdout.toString()).toMatch(/^warning DMARC of example\.com: /m)
    expect(checked.status).toBe(0)
    expect(checked.stdout.toString()).toMatch(/^ok +MX of replies\.example\.com: mail/m)
    expect([...new Set(server.asked)].toSorted()).toEqual([
      '_dmarc.example.com',
      '_dmarc.replies.example.com',
      '_domainkey.replies.example.com',
      'example.com',
      'replies.example.com',
      's1._domainkey.example.com',
    ])
    const wrong = await zegelHere([...args, '--dns-server', 'nonsense'])
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('write an address')])
  })
})
