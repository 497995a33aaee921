import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { domainOf } from '../../../src/core/address/address.ts'
import { readHeaderFields } from '../../../src/server/gateway/header-fields.ts'
import { MailFacts } from '../../../src/server/gateway/mail-facts.ts'
import { RawClient, sendOn } from './support/raw-client.ts'
import { ScriptedHop } from './support/scripted-hop.ts'
import { startGateway } from './support/test-gateway.ts'
import type { TestGateway } from './support/test-gateway.ts'

const folder = fileURLToPath(new URL('../../../../shared/corpus/mime/', import.meta.url))
const files = existsSync(folder) ? globSync('**/*.eml', { cwd: folder }).toSorted() : []
const reviewed = JSON.parse(
  readFileSync(new URL('corpus-refusals.json', import.meta.url), 'utf8'),
) as Record<string, string>
const inside = 'inside@organisation.test'
const outside = 'outside@elsewhere.test'

/** As a mail client sends it: every line ends in CR LF. */
function asClientSends(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1')
}

/** What SMTP can carry: the last line ends in CR LF. RFC 5321 §4.1.1.4 */
function withLastLineEnd(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  return text === '' || text.endsWith('\r\n') ? bytes : Buffer.concat([bytes, Buffer.from('\r\n')])
}

/** A non-ASCII address in From can make the header of the wrapper mail 8-bit, never its body. */
function bodyOf(mail: Buffer): string {
  return mail.subarray(mail.indexOf('\r\n\r\n')).toString('latin1')
}

function domainsOfCorpus(): string[] {
  const domains = files.flatMap(file => {
    const { from } = new MailFacts(readHeaderFields(readFileSync(folder + file)))
    return typeof from === 'string' ? [] : [domainOf(from.address)]
  })
  return [...new Set([...domains, 'organisation.test'])].filter(domain => domain.includes('.'))
}

const title =
  files.length > 0
    ? 'the corpus of real mails'
    : 'the corpus of real mails (skipped: ../shared/corpus is not there)'

describe.skipIf(files.length === 0)(title, () => {
  let hop: ScriptedHop
  let gateway: TestGateway
  let client: RawClient

  beforeAll(async () => {
    hop = await ScriptedHop.start({ keywords: ['8BITMIME', 'SMTPUTF8', 'PIPELINING'] })
    gateway = await startGateway({
      nextHopPort: hop.port,
      organisations: [{ id: 'corpus', name: 'Corpus', domains: domainsOfCorpus() }],
      limits: { mailsOfConnection: 1_000_000 },
    })
    client = await RawClient.connect(gateway.port)
    await client.answer()
    await client.command('EHLO corpus.test')
  })

  afterAll(async () => {
    client.close()
    await gateway.close()
    await hop.stop()
  })

  /** `delivered` when sealed plaintext and untouched original are what was sent, else the answer. */
  async function send(mail: Buffer): Promise<string> {
    hop.taken.splice(0)
    hop.bytes = Buffer.alloc(0)
    const { data } = await sendOn(client, { from: '', to: [outside, inside], mail })
    if (data.code !== 250) {
      expect(hop.taken).toHaveLength(0)
      return data.text.trimEnd()
    }
    const expected = withLastLineEnd(mail).toString('latin1')
    for (const taken of hop.taken) {
      const isSealed = taken.to.includes(outside)
      const content = isSealed ? await gateway.keys.open(taken.content) : taken.content
      expect(content.toString('latin1') === expected).toBe(true)
      if (isSealed) expect(bodyOf(taken.content)).toMatch(/^[\t\n\r\x20-\x7e]*$/)
    }
    expect(hop.taken).toHaveLength(2)
    return 'delivered'
  }

  it('has mails', () => expect(files.length).toBeGreaterThan(100))

  it.each(files)(
    '%s arrives byte for byte, raw and as a client sends it, or is refused as reviewed',
    async file => {
      const mail = readFileSync(folder + file)
      const expected = reviewed[file] ?? 'delivered'
      expect([await send(mail), await send(asClientSends(mail))]).toEqual([expected, expected])
    },
  )

  it.each(Object.keys(reviewed))('%s arrives byte for byte with another From', async file => {
    const renamed = readFileSync(folder + file)
      .toString('latin1')
      .replace(/^From(?=[ \t]*:)/gim, 'X-From')
    const mail = Buffer.from(`From: ${inside}\r\n${renamed}`, 'latin1')
    expect(await send(mail)).toBe('delivered')
  })

  it('has a reviewed list that names no mail which is not there', () => {
    expect(Object.keys(reviewed).filter(file => !files.includes(file))).toEqual([])
  })
})
