import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../../../src/server/store/open-store.ts'
import { freePort } from '../../../support/free-port.ts'
import { ScriptedHop } from '../support/scripted-hop.ts'
import type { TakenMail } from '../support/scripted-hop.ts'
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
  startReplyGateway,
} from '../support/test-replies.ts'
import { makeHandOver, useReplies } from '../support/use-replies.ts'

const { start } = useReplies()

describe('when the next hop is down', () => {
  it('nothing is delivered, and later once', async () => {
    const keys = await makeReplyKeys()
    const port = await freePort()
    const gateway = await startReplyGateway({ keys, nextHopPort: port })
    onTestFinished(async () => {
      await gateway.close()
      await keys.store.close()
    })
    const body = await makeHandOver(keys, { head: { to: [ALICE, CAROL] } })
    expect((await post(gateway.url, body)).body['code']).toBe('replies-unavailable')
    const hop = await ScriptedHop.start({}, port)
    onTestFinished(() => hop.stop())
    expect((await post(gateway.url, body)).status).toBe(200)
    expect((await post(gateway.url, body)).status).toBe(200)
    expect(hop.taken.map(({ to }) => to)).toEqual(expect.arrayContaining([[ALICE], [CAROL]]))
    expect(hop.taken).toHaveLength(2)
  })

  it('in the middle of the mail, nothing is delivered, and later once', async () => {
    const { gateway, hop, make } = await start({}, { breakAfterBytes: 100 })
    const body = await make({ head: { to: [ALICE, CAROL] } })
    expect((await post(gateway.url, body)).body['code']).toBe('replies-unavailable')
    expect(hop.taken).toEqual([])
    hop.script = {}
    expect((await post(gateway.url, body)).status).toBe(200)
    expect(hop.taken).toHaveLength(2)
  })
})

describe('when one half is delivered and the other is not', () => {
  it('a retry delivers the rest alone', async () => {
    const isSealed = (mail: TakenMail) => mail.to.includes(CAROL)
    const dot = (mail: TakenMail) => (isSealed(mail) ? '451 4.3.0 Later' : undefined)
    const { gateway, hop, keys, make } = await start({}, { dot })
    const body = await make({ head: { to: [ALICE], cc: [CAROL] } })
    expect((await post(gateway.url, body)).body['code']).toBe('replies-unavailable')
    expect(hop.taken.map(({ to }) => to)).toEqual([[ALICE]])
    expect(gateway.log.join('')).toContain('half')
    hop.script = {}
    const rcpts = hop.lines.length
    expect((await post(gateway.url, body)).status).toBe(200)
    expect((await post(gateway.url, body)).status).toBe(200)
    expect(hop.taken.map(({ to }) => to)).toEqual([[ALICE], [CAROL]])
    expect(hop.lines.slice(rcpts).filter(line => line.includes(ALICE))).toEqual([])
    // The rest is the same mail, not another: it is answered and revoked under the same id.
    const entries = await keys.store.journal.list('example', { limit: 9 })
    expect(entries).toHaveLength(1)
  })

  it('for ever, the other is told so, and a retry sends nothing twice', async () => {
    const dot = (mail: TakenMail) => (mail.to.includes(CAROL) ? '554 5.7.1 Spam' : undefined)
    const { gateway, hop, make } = await start({}, { dot })
    const body = await make({ head: { to: [ALICE, DAVE], cc: [CAROL] } })
    for (let i = 0; i < 2; i++)
      expect((await post(gateway.url, body)).body).toMatchObject({
        code: 'recipient-refused',
        recipients: [2],
      })
    expect(hop.taken.map(({ to }) => to)).toEqual([[ALICE, DAVE]])
  })
})

describe('the same submission', () => {
  it('handed over many times at the same moment arrives once, and all are told so', async () => {
    const { gateway, hop, make } = await start({ limitScale: 10 })
    const body = await make({ head: { to: [ALICE, CAROL] } })
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(gateway.url, body)))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(hop.taken).toHaveLength(2)
  })

  it('of another writer, or to another message, is another one', async () => {
    const { hop, answer } = await start()
    const submissionId = randomBytes(16).toString('base64url')
    const writer = {
      address: CAROL,
      method: 'passcode',
      assurance: 'mailbox',
      provenAtMs: 1,
    } as const
    const messageId = randomBytes(16).toString('base64url')
    const policy = { messageId }
    await answer({ policy, head: { submissionId } })
    await answer({ policy, head: { submissionId } })
    expect(hop.taken).toHaveLength(1)
    await answer({ policy, head: { submissionId, writer: CAROL }, handOver: { writer } })
    expect(hop.taken).toHaveLength(2)
    await answer({ head: { submissionId } })
    expect(hop.taken).toHaveLength(3)
  })

  it('over two gateways of one database arrives once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zegel-replies-'))
    const url = `sqlite:${join(folder, 'zegel.db')}`
    const stores = [await openStore(url), await openStore(url)]
    const keys = await makeReplyKeys(stores[0])
    const hop = await ScriptedHop.start()
    const gateways = await Promise.all(
      stores.map(store => startReplyGateway({ keys: { ...keys, store }, nextHopPort: hop.port })),
    )
    onTestFinished(async () => {
      for (const gateway of gateways) await gateway.close()
      for (const store of stores) await store.close()
      await hop.stop()
      await rm(folder, { recursive: true })
    })
    const body = await makeHandOver(keys, { head: { to: [ALICE, CAROL] } })
    const answers = await Promise.all(
      [0, 1, 0, 1, 1, 0].map(at => post(gateways[at]?.url ?? '', body)),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
    expect(hop.taken).toHaveLength(2)
  })

  it('that hangs elsewhere is put off, and goes on when its claim has ended', async () => {
    let nowMs = Date.now()
    const { gateway, hop, keys } = await start(
      { clock: () => nowMs, replyLimits: { sameMs: 60, sameEveryMs: 20 } },
      { hangAt: '.' },
    )
    const policy = await answeredPolicy(keys)
    const file = await sealReply(policy.replyRecipient, headOf(policy))
    const record = await recordOf(keys, policy)
    const body = () =>
      handOver({ sign: keys.portal.signHandOver, record, file, head: { atMs: nowMs } })
    const hanging = post(gateway.url, body())
    await expect.poll(() => hop.taken.length).toBe(1)
    expect((await post(gateway.url, body())).body['code']).toBe('replies-unavailable')
    expect(gateway.log.join('')).toContain('claimed')
    // As if the gateway that has the claim had died.
    nowMs += 61_000
    hop.script = {}
    expect((await post(gateway.url, body())).status).toBe(200)
    hop.drop()
    expect((await hanging).body['code']).toBe('replies-unavailable')
    expect(hop.taken).toHaveLength(2)
  })
})

describe('replies of many at once', () => {
  it('arrive all, once each, while few are worked on', async () => {
    const { gateway, hop, keys } = await start({ replyLimits: { places: 3, placesOfWriter: 1 } })
    const people = Array.from({ length: 12 }, (_, i) => address(`p${i % 4}@else.test`))
    const policy = await answeredPolicy(keys, {
      recipients: [...new Set(people), BOB].map(address => ({ address, listed: true })),
    })
    const record = await recordOf(keys, policy)
    const bodies = await Promise.all(
      people.map(async writer => {
        const file = await sealReply(policy.replyRecipient, headOf(policy, { writer }))
        const proven = { address: writer, method: 'passcode', assurance: 'mailbox' } as const
        const head = { writer: { ...proven, provenAtMs: 1 } }
        return handOver({ sign: keys.portal.signHandOver, record, file, head })
      }),
    )
    const answers = await Promise.all(bodies.map(body => post(gateway.url, body)))
    expect(answers.map(({ status }) => status)).toEqual(people.map(() => 200))
    expect(hop.taken).toHaveLength(12)
  })

  it('threat: slow writers who hold every place lose one to whoever waits, the latest first', async () => {
    const replyLimits = { places: 2, bodyGraceMs: 1500, bodyBytesPerSecond: 1, lookMs: 20 }
    const { gateway, hop, make } = await start({ limits: { closeMs: 50 }, replyLimits })
    const slow = [await make(), await make()].map(body => post(gateway.url, body, { keptBack: 9 }))
    const answers = slow.map(one => one.catch(() => undefined))
    await expect.poll(() => hop.lines.filter(line => line === 'DATA')).toHaveLength(2)
    expect((await post(gateway.url, await make())).status).toBe(200)
    const refused = await Promise.race(answers)
    expect([refused?.status, refused?.body['code']]).toEqual([503, 'replies-unavailable'])
    expect(hop.taken).toHaveLength(1)
    await gateway.close()
    await Promise.all(answers)
  })

  it('beyond what may wait are told to come again', async () => {
    const { gateway, hop, make } = await start(
      { limits: { closeMs: 50 }, replyLimits: { places: 1, waiting: 1, lingerMs: 50 } },
      { hangAt: 'DATA' },
    )
    const begin = async () => post(gateway.url, await make()).catch(() => undefined)
    const first = begin()
    await expect.poll(() => hop.lines).toContain('DATA')
    const others = [begin(), begin()]
    expect((await Promise.race(others))?.body['code']).toBe('replies-unavailable')
    expect(gateway.log.join('')).toContain('places')
    await gateway.close()
    await Promise.all([first, ...others])
  })
})
