import { describe, expect, it } from 'vitest'
import { createBodyBudget } from '../../../src/server/portal/body-budget.ts'
import { readPostedBody } from '../../../src/server/portal/read-posted-body.ts'

const MIB = 1024 * 1024
const clock = () => 0

async function* chunksOf(count: number, bytes = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i += 1) yield new Uint8Array(bytes).fill(i)
}
const source = (chunks: AsyncIterable<Uint8Array>, length: number | null, network = 'a') => ({
  chunks,
  length,
  network,
  ownsChunks: true,
})

describe('readPostedBody', () => {
  it('puts the pieces together, with and without a length told before', async () => {
    const budget = createBodyBudget(MIB, MIB)
    for (const length of [192 * 1024, null]) {
      const read = await readPostedBody(source(chunksOf(3), length), budget, MIB, clock)
      if (!read.ok) throw new Error(read.code)
      const whole = Buffer.concat([0, 1, 2].map(fill => Buffer.alloc(64 * 1024, fill)))
      expect(Buffer.compare(read.body.bytes, whole)).toBe(0)
      expect(budget.used).toBe(192 * 1024)
      read.body.release()
      expect(budget.used).toBe(0)
      expect(read.body.bytes.length).toBe(0)
      read.body.release()
      expect(budget.used).toBe(0)
    }
  })

  it('reads to the end what is too large, so that the browser looks at the answer', async () => {
    const budget = createBodyBudget(MIB, MIB)
    for (const length of [128 * 64 * 1024, null]) {
      let taken = 0
      const counted = async function* () {
        for await (const chunk of chunksOf(128)) {
          taken += 1
          yield chunk
        }
      }
      const read = await readPostedBody(source(counted(), length), budget, MIB, clock)
      expect(read).toEqual({ ok: false, code: 'too-large' })
      expect(taken).toBe(128)
      expect(budget.used).toBe(0)
    }
  })

  it('threat: memory: gives the memory of a body back at once when its line breaks or is cut off', async () => {
    const budget = createBodyBudget(64 * MIB, 64 * MIB)
    const held = () => process.memoryUsage().arrayBuffers
    const breaking = async function* () {
      yield* chunksOf(256)
      throw new Error('the line broke')
    }
    const before = held()
    const broken = readPostedBody(source(breaking(), null), budget, 64 * MIB, clock)
    await expect(broken).rejects.toThrow('the line broke')
    expect(held() - before).toBeLessThan(4 * MIB)
    let nowMs = 0
    const slowly = () => (nowMs += 10_000)
    const cut = readPostedBody(source(chunksOf(256), null), budget, 64 * MIB, slowly)
    expect(await cut).toEqual({ ok: false, code: 'too-slow' })
    expect(held() - before).toBeLessThan(4 * MIB)
    expect(budget.used).toBe(0)
  })

  it('takes no more memory than the budget, and gives it back', async () => {
    const budget = createBodyBudget(4 * MIB, MIB)
    const post = (network: string, length: number | null) =>
      readPostedBody(source(chunksOf(16), length, network), budget, MIB, clock)
    const held = await Promise.all([
      post('a', MIB),
      post('b', MIB),
      post('c', MIB),
      post('d', null),
    ])
    expect(held.every(({ ok }) => ok)).toBe(true)
    expect(await post('e', MIB)).toEqual({ ok: false, code: 'busy' })
    expect(await post('e', null)).toEqual({ ok: false, code: 'busy' })
    const [first] = held
    if (first?.ok) first.body.release()
    expect((await post('e', MIB)).ok).toBe(true)
  })

  it('gives the memory back when the line breaks', async () => {
    const budget = createBodyBudget(4 * MIB, MIB)
    const broken = async function* () {
      yield new Uint8Array(1000)
      throw new Error('ECONNRESET')
    }
    for (const length of [MIB, null])
      await expect(readPostedBody(source(broken(), length), budget, MIB, clock)).rejects.toThrow()
    expect(budget.used).toBe(0)
  })
})

describe('threat: slowloris on HTTP, floods of posted bodies', () => {
  it('cuts a body that comes too slowly, and holds nothing for it', async () => {
    const budget = createBodyBudget(4 * MIB, MIB)
    for (const maxBytes of [MIB, 10]) {
      let nowMs = 0
      const slow = async function* () {
        for (;;) {
          nowMs += 1000
          yield new Uint8Array(100)
        }
      }
      const read = await readPostedBody(source(slow(), MIB), budget, maxBytes, () => nowMs)
      expect(read).toEqual({ ok: false, code: 'too-slow' })
      expect(nowMs).toBeLessThan(30_000)
      expect(budget.used).toBe(0)
    }
  })

  it('cuts a body that never ends', async () => {
    const budget = createBodyBudget(4 * MIB, MIB)
    const endless = chunksOf(Infinity, 16 * MIB)
    expect(await readPostedBody(source(endless, null), budget, MIB, clock)).toEqual({
      ok: false,
      code: 'endless',
    })
  })

  it('sets next to nothing aside for lines that announce a large body and stall', async () => {
    const budget = createBodyBudget(8 * MIB, MIB)
    const { promise: cut, resolve } = Promise.withResolvers<void>()
    const stalling = async function* () {
      yield new Uint8Array(1)
      await cut
      throw new Error('ECONNRESET')
    }
    const stalled = Array.from({ length: 40 }, (_, i) =>
      readPostedBody(source(stalling(), MIB, `network ${i}`), budget, MIB, clock),
    )
    const genuine = await readPostedBody(source(chunksOf(16), MIB, 'x'), budget, MIB, clock)
    expect(genuine.ok).toBe(true)
    expect(budget.used).toBeLessThanOrEqual(MIB + 40 * 64 * 1024)
    resolve()
    const ended = await Promise.allSettled(stalled)
    expect(ended.every(({ status }) => status === 'rejected')).toBe(true)
    expect(budget.used).toBe(MIB)
  })

  it('of bodies that come at once and do not fit together, some are taken', async () => {
    const budget = createBodyBudget(4 * MIB, MIB)
    const interleaved = async function* () {
      for await (const chunk of chunksOf(16)) {
        await new Promise(resolve => setImmediate(resolve))
        yield chunk
      }
    }
    const posts = Array.from({ length: 20 }, (_, i) =>
      readPostedBody(source(interleaved(), MIB, `network ${i}`), budget, MIB, clock),
    )
    const taken = (await Promise.all(posts)).filter(({ ok }) => ok)
    expect(taken.length).toBeGreaterThan(1)
    expect(budget.used).toBe(taken.length * MIB)
  })

  it('leaves half of the budget to others than one network', () => {
    const budget = createBodyBudget(8 * MIB, MIB)
    const ofOne = Array.from({ length: 8 }, () => budget.reserve(MIB, 'a'))
    expect(ofOne.filter(each => each !== null)).toHaveLength(4)
    expect(budget.reserve(MIB, 'b')).not.toBeNull()
    ofOne[0]?.release()
    expect(budget.reserve(MIB, 'a')).not.toBeNull()
  })
})
