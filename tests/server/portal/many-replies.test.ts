import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { patienceMs } from '../../support/patience.ts'
import { lyingGateway } from './support/receiving-gateway.ts'
import { postReply, replyBodyOf } from './support/post-reply.ts'
import { replyPortal } from './support/reply-portal.ts'

const MIB = 1024 * 1024
const MANY = 200
const BYTES = 2 * MIB

describe('200 replies at once', () => {
  it('pass through in constant memory, while the gateway takes none of them yet', async () => {
    let go = () => undefined as void
    const start = new Promise<void>(resolve => (go = resolve))
    let passed = 0
    const gateway = await lyingGateway(async (incoming, outgoing) => {
      await start
      for await (const piece of incoming as AsyncIterable<Buffer>) passed += piece.length
      outgoing.end(JSON.stringify({ kind: 'reply' }))
    })
    const test = await replyPortal({
      to: () => gateway,
      needs: { limitScale: 100 },
      maxBytes: 2 * BYTES,
    })
    const body = replyBodyOf(test.message.stanza, randomBytes(BYTES))
    const before = process.memoryUsage().rss
    const all = Array.from({ length: MANY }, () => postReply(test.port, test.bob, body))
    await expect.poll(() => gateway.counts.begun, { timeout: 6 * patienceMs }).toBe(MANY)
    let most = 0
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20)
    go()
    const answers = await Promise.all(all)
    clearInterval(watch)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(MANY)
    expect(passed).toBeGreaterThan(MANY * BYTES)
    // Both ends of every line are in this process too; ten times as long replies take no more.
    expect(most - before).toBeLessThan((MANY * BYTES) / 1.6)
  }, 300_000)
})
