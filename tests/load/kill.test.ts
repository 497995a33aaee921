import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTestKeys } from '../server/gateway/support/test-keys.ts'
import type { TestKeys } from '../server/gateway/support/test-keys.ts'
import { RetryingClient } from './support/retrying-client.ts'
import { freePort, Supervised } from './support/supervised.ts'

const mails = 2000
const senders = 8
const seed = 20261121
const outside = 'bob@else.test'
const inside = 'carol@example.com'

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

function mailOf(number: number): string {
  return (
    `From: alice@example.com\r\nTo: ${outside}\r\nSubject: ${number}\r\n` +
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

const numberOf = (content: Buffer) => Number(/^Message-ID: <(\d+)@/im.exec(content.toString())?.[1])

describe('gateway and next hop, killed at random moments while 2,000 mails are sent', () => {
  let folder: string
  let keys: TestKeys
  let gateway: Supervised
  let hop: Supervised
  let clients: RetryingClient[]

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'zegel-kill-'))
    keys = await makeTestKeys()
    const [port, hopPort] = [await freePort(), await freePort()]
    const [escrow = ''] = keys.material('example').escrowRecipients
    hop = new Supervised(new URL('support/next-hop-child.ts', import.meta.url), [
      String(hopPort),
      folder,
    ])
    gateway = new Supervised(new URL('support/gateway-child.ts', import.meta.url), [
      String(port),
      String(hopPort),
      join(folder, 'store.db'),
      escrow,
    ])
    await Promise.all([hop.start(), gateway.start()])
    clients = Array.from({ length: senders }, () => new RetryingClient(port))
    await Promise.all([sendAll(), killUntil(() => next >= mails)])
  }, 170_000)

  afterAll(async () => {
    for (const client of clients) client.close()
    await Promise.all([gateway.kill(), hop.kill()])
    rmSync(folder, { recursive: true, force: true })
  })

  let next = 0

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

  async function killUntil(done: () => boolean): Promise<void> {
    const random = seeded(seed)
    while (!done()) {
      await delay(400 + random() * 1200)
      const victims = [[gateway], [hop], [gateway, hop]][Math.floor(random() * 3)] ?? []
      await Promise.all(
        victims.map(async victim => {
          await victim.kill()
          await victim.start()
        }),
      )
    }
  }

  it('was really killed, and the client really had to try again', () => {
    expect(gateway.kills).toBeGreaterThan(1)
    expect(hop.kills).toBeGreaterThan(1)
    expect(clients.reduce((sum, client) => sum + client.failures, 0)).toBeGreaterThan(10)
  })

  it('every mail arrives at least once, sealed outside and untouched inside, none in plain', async () => {
    const arrived = arrivedIn(folder)
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
