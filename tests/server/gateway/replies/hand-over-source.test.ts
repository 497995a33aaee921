import { once } from 'node:events'
import { connect } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { HandOverSource } from '../../../../src/server/gateway/replies/hand-over-source.ts'
import { ReplyListener } from '../../../../src/server/gateway/replies/reply-listener.ts'
import { replyLimits } from '../../../../src/server/gateway/replies/limits.ts'
import { testTls } from '../../../support/tls-fixture.ts'
import { useReplies } from '../support/use-replies.ts'

const { start } = useReplies()
const pace = { bodyGraceMs: 60_000, bodyBytesPerSecond: 1, awaitedBytesPerSecond: 1 }

// oxlint-disable-next-line require-await
async function* cutting(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer, undefined> {
  let at = 0
  for (const cut of cuts) yield bytes.subarray(at, (at += cut))
  yield bytes.subarray(at)
}

describe('the body of a hand-over', () => {
  it('is the same for any cutting', async () => {
    const bytes = Buffer.from(Array.from({ length: 200 }, (_, i) => i))
    const cuts = fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(cuts, async places => {
        const source = new HandOverSource(cutting(bytes, places), pace)
        expect(await source.take(4)).toEqual(bytes.subarray(0, 4))
        const pieces: Buffer[] = []
        for await (const piece of source.pieces(150)) pieces.push(piece)
        expect(Buffer.concat(pieces)).toEqual(bytes.subarray(4, 154))
        expect(pieces.every(piece => piece.length > 0)).toBe(true)
        expect(await source.take(46)).toEqual(bytes.subarray(154))
        await source.end()
        expect(source.bytes).toBe(200)
      }),
    )
  })

  it('is refused when it ends early or goes on', async () => {
    const early = new HandOverSource(cutting(Buffer.alloc(9), []), pace)
    await expect(early.take(10)).rejects.toMatchObject({ code: 'bad-request' })
    const longer = new HandOverSource(cutting(Buffer.alloc(9), []), pace)
    await longer.take(8)
    await expect(longer.end()).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('threat: slowloris: is refused when it stands still', async () => {
    const never = { next: () => new Promise<IteratorResult<Buffer>>(() => {}) }
    const body = { [Symbol.asyncIterator]: () => never }
    const source = new HandOverSource(body, { ...pace, bodyGraceMs: 20 })
    await expect(source.take(1)).rejects.toMatchObject({ code: 'too-slow' })
  })
})

describe('a hand-over for whose place others wait', () => {
  it('is late when it is waited for, not while others take their time, and can be broken off', async () => {
    const first = Buffer.alloc(10)
    let pieces = 0
    const body = {
      next: () =>
        pieces++ === 0
          ? Promise.resolve({ value: first })
          : new Promise<IteratorResult<Buffer>>(() => {}),
    }
    const patient = { bodyGraceMs: 0, bodyBytesPerSecond: 0.001, awaitedBytesPerSecond: 1e9 }
    const source = new HandOverSource({ [Symbol.asyncIterator]: () => body }, patient)
    await source.take(10)
    await new Promise(setImmediate)
    expect(source.lateMs).toBe(0)
    source.breakOff()
    const more = source.take(1)
    await expect.poll(() => source.lateMs).toBeGreaterThan(0)
    source.breakOff()
    await expect(more).rejects.toMatchObject({ code: 'replies-unavailable' })
  })
})

describe('threat: slowloris at the listener', () => {
  const answered = async (url: string, sent: string): Promise<string> => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
    socket.on('error', () => {})
    let text = ''
    socket.on('data', bytes => (text += bytes.toString('latin1')))
    socket.write(sent)
    await once(socket, 'close')
    return text
  }

  it('ends a connection whose fields do not come to an end', async () => {
    const { gateway } = await start({ replyLimits: { headerMs: 100 } })
    const text = await answered(gateway.url, 'POST /replies HTTP/1.1\r\nHost: a\r\n')
    expect(text).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('ends a connection that says nothing', async () => {
    const { gateway } = await start({ replyLimits: { headerMs: 100 } })
    expect(await answered(gateway.url, '')).toMatch(/^(?:HTTP\/1\.1 408 |$)/)
  })

  it('answers a body that stands still, and ends its connection', async () => {
    const { gateway } = await start({ replyLimits: { bodyGraceMs: 50, lingerMs: 50 } })
    const head =
      'POST /replies HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n' +
      'Content-Type: application/vnd.zegel.hand-over\r\n\r\n'
    const text = await answered(gateway.url, `${head}\0\0\u0001`)
    expect(text).toMatch(/^HTTP\/1\.1 408 [^]*"code":"too-slow"/)
    expect(gateway.log.join('')).toContain('too-slow')
  })

  it('takes no field block of any size', async () => {
    const { gateway } = await start()
    const field = `X: ${'x'.repeat(20_000)}`
    const text = await answered(
      gateway.url,
      `POST /replies HTTP/1.1\r\nHost: a\r\n${field}\r\n\r\n`,
    )
    expect(text).toMatch(/^HTTP\/1\.1 431 /)
  })
})

describe('threat: slowloris in the handshake of TLS', () => {
  const tls = { certificate: testTls.certificate.toString(), key: testTls.key.toString() }
  const silent = async (headerMs: number) => {
    const listener = new ReplyListener({
      addresses: [{ host: '127.0.0.1', port: 0, tls }],
      take: () => Promise.reject(new Error('nothing is handed over')),
      report: () => {},
      reportFault: () => {},
      limits: { ...replyLimits, headerMs },
      maxBytes: 1,
      closeMs: 50,
    })
    onTestFinished(() => listener.close())
    const [bound] = await listener.listen()
    const socket = connect({ host: '127.0.0.1', port: bound?.port ?? 0 })
    socket.on('error', () => {})
    await once(socket, 'connect')
    return { listener, closed: once(socket, 'close') }
  }

  it('ends a connection that never comes to its fields', async () => {
    const { closed } = await silent(100)
    await closed
  })

  it('does not keep the gateway from stopping', async () => {
    const { listener, closed } = await silent(100_000)
    await listener.close()
    await closed
  })
})
