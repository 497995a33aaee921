import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Address } from '../../src/core/address/address.ts'
import type { ReplyLimits } from '../../src/server/gateway/replies/limits.ts'
import { rootKey } from '../../src/server/keys/root-key.ts'
import { openStore } from '../../src/server/store/open-store.ts'
import { ScriptedHop } from '../server/gateway/support/scripted-hop.ts'
import {
  ALICE,
  BOB,
  CAROL,
  DAVE,
  address,
  answeredPolicy,
  handOver,
  headOf,
  makeReplyKeys,
  post,
  recordOf,
  sealReply,
} from '../server/gateway/support/test-replies.ts'
import type { ReplyKeys, Written } from '../server/gateway/support/test-replies.ts'

const replies = 200
/** Some seconds of work; a busy machine takes its time. */
const patienceOfTest = 900_000
const largeBytes = 4_000_000
/** Of 10^6 bytes; what the stalled and the waiting ones hold all together is 480. */
const maxMegabytes = 200

interface Running {
  readonly keys: ReplyKeys
  readonly hop: ScriptedHop
  readonly url: string
  readonly peakMegabytes: () => Promise<number>
}

/** A gateway in a process of its own, so that its memory can be measured. */
async function start(limits: Partial<ReplyLimits>): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-replies-'))
  const database = `sqlite:${join(folder, 'zegel.db')}`
  const root = randomBytes(32)
  const store = await openStore(database)
  const keys = await makeReplyKeys(store, rootKey(root))
  const hop = await ScriptedHop.start()
  const { portal } = keys
  const child = join(import.meta.dirname, 'support/reply-gateway-child.ts')
  const about = [database, root.toString('hex'), portal.fingerprint(), String(hop.port)]
  const gateway = fork(child, [...about, JSON.stringify(limits)])
  onTestFinished(async () => {
    gateway.kill()
    await hop.stop()
    await store.close()
    await rm(folder, { recursive: true })
  })
  const [{ url }] = (await once(gateway, 'message')) as [{ readonly url: string }]
  const peakMegabytes = async (): Promise<number> => {
    gateway.send('how much')
    const [{ rssBytes }] = (await once(gateway, 'message')) as [{ readonly rssBytes: number }]
    return rssBytes / 1e6
  }
  return { keys, hop, url, peakMegabytes }
}

/** Writes for any number of people: what each hands over. */
async function writing(keys: ReplyKeys, to: readonly Address[], written: Written) {
  const writers = Array.from({ length: replies }, (_, i) => address(`w${i}@else.test`))
  const recipients = [BOB, CAROL].map(who => ({ address: who, listed: true }))
  const hidden = writers.map(who => ({ address: who, listed: false }))
  const policy = await answeredPolicy(keys, {
    recipients: [...recipients, ...hidden],
    inside: [DAVE],
  })
  const record = await recordOf(keys, policy)
  const seal = (writer: Address): Promise<Uint8Array> => {
    const head = headOf(policy, { writer, to }, written)
    return sealReply(policy.replyRecipient, head, written)
  }
  const sign = keys.portal.signHandOver
  const wrap = (writer: Address, file: Uint8Array): Buffer => {
    const proven = { address: writer, method: 'passcode', assurance: 'mailbox' } as const
    return handOver({ sign, record, file, head: { writer: { ...proven, provenAtMs: 1 } } })
  }
  return { writers, seal, wrap }
}

describe('200 replies at once', () => {
  it('are delivered, each once', { timeout: patienceOfTest }, async () => {
    const { keys, hop, url } = await start({ waitingMs: 600_000 })
    const { writers, seal, wrap } = await writing(
      keys,
      [ALICE],
      [{ role: 'text', content: 'Yes.' }],
    )
    const bodies: Buffer[] = []
    for (const writer of writers) bodies.push(wrap(writer, await seal(writer)))
    const answers = await Promise.all(bodies.map(body => post(url, body)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(hop.taken).toHaveLength(replies)
  })

  it(
    'do not fill the memory while the next hop stands still',
    { timeout: patienceOfTest },
    async () => {
      const limits = { places: 20, waiting: 100, waitingMs: 600_000 }
      const { keys, hop, url, peakMegabytes } = await start(limits)
      hop.script = { stallAfterBytes: 1000 }
      const content = randomBytes(largeBytes)
      const file = { role: 'attachment', type: 'a/b', name: 'x', content } as const
      const { writers, seal, wrap } = await writing(
        keys,
        [ALICE, CAROL],
        [{ role: 'text', content: 'Yes.' }, file],
      )
      const before = await peakMegabytes()
      const isRefused: Promise<boolean>[] = []
      const send = (writer: Address, sealed: Uint8Array): void => {
        const answer = post(url, wrap(writer, sealed))
        isRefused.push(answer.then(({ status }) => status === 503).catch(() => false))
      }
      const inWork = writers.slice(0, limits.places)
      for (const writer of inWork) send(writer, await seal(writer))
      const begun = (): number => hop.lines.filter(line => line === 'DATA').length
      await expect.poll(begun, { timeout: patienceOfTest }).toBe(2 * limits.places)
      const sealed = await seal(BOB)
      let refused = 0
      for (const writer of writers.slice(limits.places)) send(writer, sealed)
      for (const answer of isRefused) void answer.then(was => (refused += Number(was)))
      // As many as may wait are waiting, when all the others have been told to come again.
      await expect
        .poll(() => refused, { timeout: patienceOfTest })
        .toBe(replies - limits.places - limits.waiting)
      const grown = (await peakMegabytes()) - before
      console.log(`20 stalled and 100 waiting replies of 4 MB: ${Math.round(grown)} MB`)
      expect(grown).toBeLessThan(maxMegabytes)
    },
  )
})
