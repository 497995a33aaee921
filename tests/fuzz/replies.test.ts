// Whatever comes in as a hand-over or a reply file, it is read, or refused with a code of docs/replies.md §5.
import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { readHandOver, writeHandOver } from '../../src/core/reply/hand-over.ts'
import { openReply } from '../../src/server/gateway/replies/open-reply.ts'
import { HandOverSource } from '../../src/server/gateway/replies/hand-over-source.ts'
import { readVerifiedHandOver } from '../../src/server/gateway/replies/read-hand-over.ts'
import { ReplyRefusal } from '../../src/server/gateway/replies/reply-refusal.ts'
import { generateReplyKeyPair } from '../../src/server/crypto/age-keys.ts'
import { writeReplyHead } from '../../src/core/reply/reply-head.ts'
import {
  answeredPolicy,
  handOver,
  headOf,
  makeReplyKeys,
  recordOf,
  sealBytes,
  sealReply,
} from '../server/gateway/support/test-replies.ts'
import { fuzzParameters, mutated } from './mutate.ts'

let body: Buffer = Buffer.alloc(0)
let head: Buffer = Buffer.alloc(0)
let file: Uint8Array = new Uint8Array(0)
let plain = Buffer.alloc(0)
const key = generateReplyKeyPair()

beforeAll(async () => {
  const keys = await makeReplyKeys()
  const policy = { ...(await answeredPolicy(keys)), replyRecipient: key.recipient }
  const replyHead = headOf(policy)
  file = await sealReply(key.recipient, replyHead)
  plain = Buffer.concat([writeReplyHead(replyHead), Buffer.from('It is secret.\r\n')])
  body = handOver({
    sign: keys.portal.signHandOver,
    record: await recordOf(keys, policy),
    file,
  })
  head = body.subarray(4, 4 + body.readUInt32BE())
  await keys.store.close()
})

// oxlint-disable-next-line require-await
async function* once(bytes: Uint8Array): AsyncGenerator<Buffer, undefined> {
  yield Buffer.from(bytes)
}

async function opened(bytes: Uint8Array): Promise<string> {
  try {
    const { identity } = key
    const pieces = once(bytes)
    const reply = await openReply({ pieces, bytes: bytes.length, identity, ageHeaderBytes: 16_384 })
    for await (const _ of reply.parts);
    return 'opened'
  } catch (error) {
    if (error instanceof ReplyRefusal) return error.code
    throw error
  }
}

describe('fuzz: replies', () => {
  it('reply files', async () => {
    expect(await opened(file)).toBe('opened')
    await fc.assert(
      fc.asyncProperty(mutated([file]), async bytes => {
        fc.pre(!bytes.equals(Buffer.from(file)))
        expect(await opened(bytes)).toBe('bad-reply')
      }),
      fuzzParameters(),
    )
  }, 600_000)

  it('what stands inside a reply file that opens', async () => {
    await fc.assert(
      fc.asyncProperty(mutated([plain]), async bytes => {
        const sealed = await sealBytes(key.recipient, bytes)
        expect(['opened', 'bad-reply']).toContain(await opened(sealed))
      }),
      { ...fuzzParameters(), numRuns: Math.min(100, fuzzParameters().numRuns ?? 100) },
    )
  }, 600_000)

  it('hand-overs', async () => {
    const trusting = () => Promise.resolve(() => true)
    await fc.assert(
      fc.asyncProperty(mutated([body, head]), async bytes => {
        const source = new HandOverSource(once(bytes), {
          bodyGraceMs: 9999,
          bodyBytesPerSecond: 1,
          awaitedBytesPerSecond: 1,
        })
        const needs = { portalVerifier: trusting, clock: Date.now }
        const read = await readVerifiedHandOver(needs, source).catch((error: unknown) => error)
        if (read instanceof Error) expect(read).toBeInstanceOf(ReplyRefusal)
      }),
      fuzzParameters(),
    )
  }, 600_000)

  it('heads of hand-overs are read strictly, or not at all', () => {
    fc.assert(
      fc.property(mutated([head]), bytes => {
        const read = readHandOver(bytes)
        if (read !== null) expect(readHandOver(writeHandOver(read))).toEqual(read)
      }),
      fuzzParameters(),
    )
    expect(readHandOver(randomBytes(200_000))).toBeNull()
  })
})
