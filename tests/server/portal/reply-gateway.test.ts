import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { handOverReply } from '../../../src/server/portal/replies/hand-over-reply.ts'
import type { ReplyHandOver } from '../../../src/server/portal/replies/hand-over-reply.ts'
import { testTls } from '../../support/tls-fixture.ts'
import { lyingGateway } from './support/receiving-gateway.ts'
import { postReply, replyBodyOf } from './support/post-reply.ts'
import { replyPortal } from './support/reply-portal.ts'
import type { ReplyPortal } from './support/reply-portal.ts'

const MIB = 1024 * 1024
const nobody = { url: 'http://127.0.0.1:1' }

const send = ({ port, message, bob }: ReplyPortal, bytes = 1000) =>
  postReply(port, bob, replyBodyOf(message.stanza, randomBytes(bytes)))

describe('a gateway that is down', () => {
  it('is said to be so, and the same reply goes through when it is back', async () => {
    let isDown = true
    const test = await replyPortal({ to: () => (isDown ? nobody : test.gateway) })
    for (const bytes of [10, 3 * MIB])
      expect(await send(test, bytes)).toMatchObject({
        status: 503,
        body: { code: 'replies-unavailable' },
      })
    isDown = false
    expect((await send(test, 3 * MIB)).status).toBe(200)
  })

  it('is none at all: replies are off, and none is offered', async () => {
    const test = await replyPortal({ to: () => undefined })
    expect(await send(test, MIB)).toMatchObject({ status: 404, body: { code: 'replies-off' } })
  })

  it('is an address of the configuration that speaks no TLS', async () => {
    const test = await replyPortal({
      to: () => ({ url: test.gateway.url.replace('http:', 'https:') }),
    })
    expect((await send(test)).body.code).toBe('replies-unavailable')
    expect(test.gateway.counts.begun).toBe(0)
  })
})

describe('a gateway that refuses', () => {
  const refusing = async (status: number, body: unknown) => {
    const gateway = await lyingGateway(async (incoming, outgoing) => {
      await incoming.resume().toArray()
      outgoing.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
    })
    const test = await replyPortal({ to: () => gateway })
    return (await send(test)).body
  }

  it('is passed on with positions and a pause, and with nothing else that it says', async () => {
    const said = {
      type: 'https://evil.example',
      title: 'bob@example.net',
      code: 'recipient-refused',
      detail: 'carol@example.org',
      recipients: [0, 3],
      retryAfterSeconds: 7,
    }
    expect(await refusing(400, said)).toEqual({
      type: 'about:blank',
      title: 'Unprocessable Entity',
      status: 422,
      code: 'recipient-refused',
      recipients: [0, 3],
      retryAfterSeconds: 7,
    })
  })

  it.each([
    [200, 'delivered'],
    [200, { kind: 'love letter' }],
    [200, { kind: 'reply', code: 'expired' }],
    [204, ''],
    [302, { kind: 'reply' }],
    [403, { code: 'internal' }],
    [403, { code: 'sign-in-required' }],
    [403, { code: 'expired', recipients: [1_000_000] }],
    [403, { code: 'expired', recipients: ['carol@example.org'] }],
    [403, [{ code: 'expired' }]],
    [403, null],
    [500, '<html>'],
    [500, JSON.stringify({ code: 'expired', detail: 'x'.repeat(20_000) })],
  ])('talks nonsense: %s %s', async (status, body) => {
    expect(await refusing(status, body)).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      code: 'replies-unavailable',
    })
  })

  it('before it has heard everything', async () => {
    const gateway = await lyingGateway(async (incoming, outgoing) => {
      const body = JSON.stringify({ code: 'expired' })
      outgoing.writeHead(410, { 'Content-Length': body.length }).write(body)
      await incoming.resume().toArray()
    })
    const test = await replyPortal({ to: () => gateway })
    expect((await send(test, 3 * MIB)).body.code).toBe('expired')
  })

  it('by hanging up', async () => {
    const gateway = await lyingGateway(incoming => void incoming.socket.destroy())
    const test = await replyPortal({ to: () => gateway })
    for (const bytes of [10, 3 * MIB])
      expect((await send(test, bytes)).body.code).toBe('replies-unavailable')
  })
})

describe('a gateway over TLS', () => {
  const secure = () =>
    lyingGateway(async (incoming, outgoing) => {
      await incoming.resume().toArray()
      outgoing.end(JSON.stringify({ kind: 'reply' }))
    }, true)

  it('is believed by the authority that the configuration names', async () => {
    const { url } = await secure()
    const test = await replyPortal({ to: () => ({ url, ca: testTls.ca.toString() }) })
    expect((await send(test, 3 * MIB)).status).toBe(200)
  })

  it('gets nothing when nobody vouches for it, or it has another name', async () => {
    const { url, counts } = await secure()
    const ca = testTls.ca.toString()
    const named = url.replace('localhost', '[::ffff:127.0.0.1]')
    for (const to of [{ url }, { url: named, ca }]) {
      const test = await replyPortal({ to: () => to })
      expect((await send(test)).body.code).toBe('replies-unavailable')
    }
    expect(counts.begun).toBe(0)
  })
})

describe('a gateway that does not go on', () => {
  const handOver = (url: string, bytes: number, more: Partial<ReplyHandOver> = {}) =>
    handOverReply({
      to: { url },
      sign: { ofHead: () => new Uint8Array(64), ofWhole: () => new Uint8Array(64) },
      head: {
        version: 1,
        organisationId: 'example',
        record: 'AAAA',
        writer: {
          address: 'bob@example.net',
          method: 'passcode',
          assurance: 'mailbox',
          provenAtMs: 0,
        },
        atMs: 0,
        bytes,
      },
      file: fileOf(bytes),
      broken: new AbortController().signal,
      times: { connectMs: 60_000, stallMs: 300, answerMs: 300 },
      ...more,
    })

  it.each([
    ['takes nothing', 64 * MIB],
    ['takes all and says nothing', 10],
  ])('%s', async (_, bytes) => {
    const held: ServerResponse[] = []
    const gateway = await lyingGateway((_incoming, outgoing) => void held.push(outgoing))
    await expect(handOver(gateway.url, bytes)).rejects.toThrow('replies-unavailable')
  })

  it('says that it is delivered before it has heard everything', async () => {
    const gateway = await lyingGateway((_incoming, outgoing) => {
      const body = JSON.stringify({ kind: 'reply' })
      outgoing.writeHead(200, { 'Content-Length': body.length }).write(body)
    })
    await expect(handOver(gateway.url, 64 * MIB)).rejects.toThrow('replies-unavailable')
  })

  it('does not keep a portal alive that has passed all on and stops', async () => {
    const held: ServerResponse[] = []
    const gateway = await lyingGateway((incoming, outgoing) => {
      incoming.resume()
      held.push(outgoing)
    })
    const line = new URL('../../../src/server/portal/replies/gateway-line.ts', import.meta.url)
    const program = `import { openGatewayLine } from ${JSON.stringify(line.href)}
      const line = openGatewayLine({ url: ${JSON.stringify(gateway.url)} }, 1)
      line.end(Buffer.from('x')).catch(() => {})`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program])
    onTestFinished(() => void child.kill())
    const [status] = await once(child, 'close')
    expect([status, held.length]).toEqual([0, 1])
  })

  it('a file that breaks off is an error of its own', async () => {
    const gateway = await lyingGateway(incoming => void incoming.resume())
    const file = failing()
    await expect(handOver(gateway.url, 100, { file })).rejects.toThrow('the line broke')
  })
})

async function* fileOf(bytes: number): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; left -= 65_536) yield randomBytes(Math.min(left, 65_536))
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield randomBytes(10)
  throw new Error('the line broke')
}
