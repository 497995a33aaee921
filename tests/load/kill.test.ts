import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKeys } from '../../src/server/commands/make-keys.ts'
import type { ConfigInput } from '../../src/server/config/schema.ts'
import { createRootKeyFile } from '../../src/server/keys/root-key.ts'
import { openStore } from '../../src/server/store/open-store.ts'
import { makeTestKeys } from '../server/gateway/support/test-keys.ts'
import type { TestKeys } from '../server/gateway/support/test-keys.ts'
import { freePort } from '../support/free-port.ts'
import { KeyReader } from './support/key-reader.ts'
import { RetryingClient } from './support/retrying-client.ts'
import { Supervised } from './support/supervised.ts'

const mails = 2000
const senders = 8
const killings = 15
const seed = 20261121
const outside = 'bob@else.test'
const inside = 'carol@example.com'
const reader = 'dora@else.test'

/** mulberry32: the same kills in every run, as far as two processes allow it. */
function seeded(state: number): () => number {
  let a = state
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const secretOf = (number: number) => `the secret of mail ${number}.`

function mailOf(number: number, to = outside): string {
  return (
    `From: alice@example.com\r\nTo: ${to}\r\nSubject: ${number}\r\n` +
    `Message-ID: <${number}@example.com>\r\n\r\n${secretOf(number)}\r\n${'text '.repeat(200)}\r\n`
  )
}

/** Every third mail goes to the inside as well. */
const recipientsOf = (number: number) => (number % 3 === 0 ? [outside, inside] : [outside])

interface Arrived {
  readonly to: readonly string[]
  readonly content: Buffer
}

function arrivedIn(folder: string): Arrived[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.eml'))
    .map(name => {
      const bytes = readFileSync(join(folder, name))
      const end = bytes.indexOf('\n')
      return { to: bytes.subarray(0, end).toString().split(' '), content: bytes.subarray(end + 1) }
    })
}

const numberOf = (content: Buffer) =>
  Number(/^Message-ID: <(\d+)@/im.exec(content.toString('latin1', 0, 8192))?.[1])

/** One database, a root key and a process for each role. */
async function writeInstallation(
  folder: string,
  ports: { readonly smtp: number; readonly hop: number; readonly portal: number },
  escrow: string,
): Promise<string> {
  const sink = { host: '127.0.0.1', port: ports.hop, tls: 'none' } as const
  const input: ConfigInput = {
    organisations: [
      {
        id: 'example',
        name: 'Example',
        domains: ['example.com'],
        escrowRecipients: [escrow],
        allowClassicalEscrow: true,
      },
    ],
    gateway: {
      listen: [`127.0.0.1:${ports.smtp}`],
      nextHop: sink,
      rootKey: 'file:gateway.key',
    },
    portal: {
      url: `http://localhost:${ports.portal}`,
      listen: `127.0.0.1:${ports.portal}`,
      mail: { relay: sink },
      rootKey: 'file:portal.key',
    },
    store: { url: `sqlite:${join(folder, 'zegel.db')}` },
  }
  for (const role of ['gateway', 'portal']) await createRootKeyFile(join(folder, `${role}.key`))
  const file = join(folder, 'zegel.yaml')
  writeFileSync(file, JSON.stringify(await makeKeys(folder, input, Date.now)))
  return file
}

const program = new URL('../../bin/zegel.js', import.meta.url)

describe(`gateway, portal and next hop, killed at random moments while ${mails} mails are sent`, () => {
  let folder: string
  let arrivals: string
  let keys: TestKeys
  let gateway: Supervised
  let portal: Supervised
  let hop: Supervised
  let keyReader: KeyReader
  let clients: RetryingClient[] = []
  let releases = 0
  let next = 0

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'zegel-kill-'))
    arrivals = join(folder, 'arrived')
    mkdirSync(arrivals)
    keys = await makeTestKeys()
    const ports = { smtp: await freePort(), hop: await freePort(), portal: await freePort() }
    const [escrow = ''] = keys.material('example').escrowRecipients
    const config = await writeInstallation(folder, ports, escrow)
    hop = new Supervised('next hop', new URL('support/next-hop-child.ts', import.meta.url), [
      String(ports.hop),
      arrivals,
    ])
    const serve = (role: string) =>
      new Supervised(role, program, ['serve', '--config', config, '--role', role])
    gateway = serve('gateway')
    portal = serve('portal')
    await Promise.all([hop.start(), gateway.start(), portal.start()])
    clients = Array.from({ length: senders }, () => new RetryingClient(ports.smtp))
    await clients[0]?.send({ to: [reader], mail: mailOf(mails, reader) })
    keyReader = await KeyReader.signIn(ports.portal, () => mailsTo(reader))
    const done = () => next >= mails
    await Promise.all([sendAll(), killAtRandom(), readUntil(done)])
  }, 1_200_000) // for busy machines: it takes half a minute on a calm one; what stands still is found within two

  afterAll(async () => {
    for (const client of clients) client.close()
    await Promise.all([gateway.end(), portal.end(), hop.end()])
    rmSync(folder, { recursive: true, force: true })
  })

  const mailsTo = (address: string) =>
    arrivedIn(arrivals)
      .filter(({ to }) => to.includes(address))
      .map(({ content }) => content)

  async function sendAll(): Promise<void> {
    await Promise.all(
      clients.map(async client => {
        while (next < mails) {
          const number = next++
          await client.send({ to: recipientsOf(number), mail: mailOf(number) })
        }
      }),
    )
  }

  async function sent(count: number): Promise<void> {
    const isSent = () => next >= count
    while (!isSent()) await delay(10)
  }

  /** At numbers of mails and not at times, so that a slow machine is not killed more often. */
  async function killAtRandom(): Promise<void> {
    const random = seeded(seed)
    const victims = [[gateway], [hop], [portal], [hop, portal], [gateway, portal, hop]]
    const moments = Array.from({ length: killings }, () => random() * mails * 0.95)
    for (const [at, moment] of moments.toSorted((a, b) => a - b).entries()) {
      await sent(moment)
      await delay(random() * 200)
      await Promise.all(
        (victims[at % victims.length] ?? []).map(async victim => {
          await victim.kill()
          await victim.start()
        }),
      )
    }
  }

  async function readUntil(done: () => boolean): Promise<void> {
    while (!done()) {
      if ((await keyReader.tryRelease()) !== null) releases++
      await delay(200)
    }
  }

  it('was really killed, and the client really had to try again', () => {
    expect(gateway.kills).toBeGreaterThan(1)
    expect(portal.kills).toBeGreaterThan(1)
    expect(hop.kills).toBeGreaterThan(1)
    expect(clients.reduce((sum, client) => sum + client.failures, 0)).toBeGreaterThan(10)
  })

  it('who had signed in reads on, and every key that was given stands in the audit', async () => {
    const text = await keyReader.tryRelease()
    expect(text).toBe(mailOf(mails, reader))
    const store = await openStore(`sqlite:${join(folder, 'zegel.db')}`)
    const audited = await store.audit.list('example', { limit: 10_000 })
    await store.close()
    expect(audited.length).toBeGreaterThan(releases)
  })

  it('every mail arrives at least once, sealed outside and untouched inside, none in plain', async () => {
    const arrived = arrivedIn(arrivals).filter(({ to }) => !to.includes(reader))
    const sealed = new Set<number>()
    const plain = new Set<number>()
    for (const { to, content } of arrived) {
      const number = numberOf(content)
      if (to.includes(outside)) {
        expect(to).toEqual([outside])
        expect(content.includes('the secret of')).toBe(false)
        if (sealed.has(number)) continue
        expect((await keys.open(content)).toString()).toBe(mailOf(number))
        sealed.add(number)
      } else {
        expect(content.toString()).toBe(mailOf(number))
        plain.add(number)
      }
    }
    expect(sealed.size).toBe(mails)
    expect(plain.size).toBe(Math.ceil(mails / 3))
  })
})
