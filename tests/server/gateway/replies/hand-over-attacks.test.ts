import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../../../src/core/address/address.ts'
import {
  ALICE,
  CAROL,
  WRITTEN,
  answeredPolicy,
  handOver,
  headOf,
  makeReplyKeys,
  post,
  recordOf,
  sealBytes,
  sealReply,
} from '../support/test-replies.ts'
import { useReplies } from '../support/use-replies.ts'

const { start } = useReplies()
const proven = (who: Address) =>
  ({ address: who, method: 'passcode', assurance: 'mailbox', provenAtMs: 1 }) as const

describe('attack: a hand-over cut at any byte', () => {
  it('delivers nothing', async () => {
    const { gateway, hop, make } = await start({
      limitScale: 100,
      replyLimits: { lingerMs: 50 },
    })
    const body = await make({ head: { to: [ALICE, CAROL] } })
    const places = Array.from({ length: 40 }, (_, i) => Math.floor((i * body.length) / 40))
    for (const at of [...places, body.length - 64, body.length - 65, body.length - 1]) {
      const { status } = await post(gateway.url, body.subarray(0, at))
      expect(status).toBe(400)
    }
    expect(hop.taken).toEqual([])
    const surplus = Buffer.concat([body, Buffer.alloc(1)])
    expect((await post(gateway.url, surplus)).status).toBe(400)
    expect(hop.taken).toEqual([])
    expect((await post(gateway.url, body)).status).toBe(200)
    expect(hop.taken).toHaveLength(2)
  })

  it('with a line that breaks delivers nothing', async () => {
    const { gateway, hop, make, keys } = await start()
    const content = randomBytes(400_000)
    const file = { role: 'attachment', type: 'a/b', name: 'x', content } as const
    const body = await make({ written: [...WRITTEN, file] })
    const sent = request(`${gateway.url}/replies`, {
      method: 'POST',
      agent: new Agent(),
      headers: {
        'Content-Type': 'application/vnd.zegel.hand-over',
        'Content-Length': String(body.length),
      },
    })
    sent.on('error', () => {})
    sent.write(body.subarray(0, 300_000))
    await expect.poll(() => hop.bytes.length).toBeGreaterThan(100_000)
    sent.destroy()
    await expect.poll(() => hop.openConnections).toBe(0)
    expect(hop.taken).toEqual([])
    expect(await keys.store.audit.list('example', { limit: 9 })).toEqual([])
    expect((await post(gateway.url, body)).status).toBe(200)
    expect(hop.taken).toHaveLength(1)
  })
})

describe('attack: a reply file that is not what it says', () => {
  const posted = async (
    change: (
      file: Uint8Array,
      head: ReturnType<typeof headOf>,
      recipient: string,
    ) => Promise<Uint8Array> | Uint8Array,
  ) => {
    const { gateway, hop, keys } = await start()
    const policy = await answeredPolicy(keys)
    const head = headOf(policy)
    const file = await change(
      await sealReply(policy.replyRecipient, head),
      head,
      policy.replyRecipient,
    )
    const { signHandOver: sign } = keys.portal
    const { body } = await post(
      gateway.url,
      handOver({ sign, record: await recordOf(keys, policy), file }),
    )
    expect(hop.taken).toEqual([])
    return body['code']
  }

  it('altered at any byte, and signed by the portal all the same, is refused', async () => {
    const { gateway, hop, keys } = await start({ limitScale: 100 })
    const policy = await answeredPolicy(keys)
    const record = await recordOf(keys, policy)
    const file = await sealReply(policy.replyRecipient, headOf(policy))
    const { signHandOver: sign } = keys.portal
    const places = Array.from({ length: 40 }, (_, i) => Math.floor((i * file.length) / 40))
    for (const at of places) {
      const altered = Buffer.from(file)
      altered[at] = (altered[at] ?? 0) ^ 0x10
      const answer = await post(gateway.url, handOver({ sign, record, file: altered }))
      expect(answer.body['code']).toBe('bad-reply')
    }
    expect(hop.taken).toEqual([])
  })

  it('cut off at a chunk’s end is refused', async () => {
    expect(await posted(file => file.subarray(0, -20))).toBe('bad-reply')
  })

  it('with more or fewer bytes than its head says is refused before it is sent', async () => {
    const more = await posted((_, head, recipient) =>
      sealReply(recipient, head, [{ role: 'text', content: 'It is secret.\r\n and more' }]),
    )
    const fewer = await posted((_, head, recipient) =>
      sealReply(recipient, head, [{ role: 'text', content: 'It' }]),
    )
    expect([more, fewer]).toEqual(['bad-reply', 'bad-reply'])
  })

  it('that holds no reply is refused', async () => {
    expect(await posted((_, __, recipient) => sealBytes(recipient, Buffer.from('hello')))).toBe(
      'bad-reply',
    )
    expect(await posted((_, __, recipient) => sealBytes(recipient, Buffer.alloc(0)))).toBe(
      'bad-reply',
    )
    expect(await posted(() => randomBytes(2000))).toBe('bad-reply')
    expect(await posted(() => Buffer.alloc(0))).toBe('bad-reply')
    expect(await posted(() => Buffer.alloc(40_000, 'x'))).toBe('bad-reply')
  })

  it('sealed to another key is refused', async () => {
    const other = await makeReplyKeys()
    const foreign = (await answeredPolicy(other)).replyRecipient
    expect(await posted((_, head) => sealReply(foreign, head))).toBe('bad-reply')
    await other.store.close()
  })
})

describe('attack: too large', () => {
  it('is refused by its length, and by what the signed head says', async () => {
    const { gateway, hop, make } = await start({
      maxMessageBytes: 1000,
      replyLimits: { fileOverheadBytes: 3000 },
    })
    const body = await make({ written: [{ role: 'text', content: 'x'.repeat(5000) }] })
    expect((await post(gateway.url, body)).body['code']).toBe('too-large')
    const huge = { headers: { 'Content-Length': String(10 ** 12) } }
    expect((await post(gateway.url, body, huge)).body['code']).toBe('too-large')
    expect(hop.lines).toEqual([])
  })

  it('a head of four gigabytes is refused at its length', async () => {
    const { gateway } = await start()
    expect((await post(gateway.url, Buffer.alloc(10, 0xff))).status).toBe(400)
  })
})

describe('attack: a mail bomb to the people of a conversation', () => {
  it('is slowed down for one writer and no other', async () => {
    const { answer, hop } = await start()
    for (let i = 0; i < 20; i++) expect((await answer()).status).toBe(200)
    const { status, body } = await answer()
    expect([status, body['code']]).toEqual([429, 'rate-limited'])
    expect(body['retryAfterSeconds']).toBeGreaterThan(0)
    const other = { head: { writer: CAROL }, handOver: { writer: proven(CAROL) } }
    expect((await answer(other)).status).toBe(200)
    expect(hop.taken).toHaveLength(21)
  })
})

describe('attack: a request that is no hand-over', () => {
  it('is answered and touches nothing', async () => {
    const { gateway, make } = await start()
    const body = await make()
    const statusOf = async (options: Parameters<typeof post>[2]) =>
      (await post(gateway.url, body, options)).status
    expect(await statusOf({ path: '/' })).toBe(404)
    expect(await statusOf({ path: '/replies/' })).toBe(404)
    expect(await statusOf({ path: '/replies?x' })).toBe(404)
    expect(await statusOf({ method: 'PUT' })).toBe(405)
    expect(await statusOf({ headers: { 'Content-Type': 'text/plain' } })).toBe(400)
    expect((await post(gateway.url, Buffer.alloc(0))).status).toBe(400)
  })
})
