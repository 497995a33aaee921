import { describe, expect, it, vi } from 'vitest'
import { wholeMailBytes } from '../../../src/server/gateway/limits.ts'
import { readSmallBody } from '../../../src/server/gateway/small-body.ts'

/** Gives these pieces, then the end, again and again. */
function sourceOf(pieces: readonly Buffer[]): { next: () => Promise<Buffer | null> } {
  const left = [...pieces]
  return { next: async () => left.shift() ?? null }
}

const bytes = (length: number): Buffer => Buffer.alloc(length, 'x')

describe('the body of a mail before it is sealed', () => {
  it('is whole when it is small, whatever pieces it comes in', async () => {
    const text = Buffer.from('All good.\r\n')
    for (const cut of [0, 1, 5, text.length]) {
      const pieces = [...text.subarray(cut)].map(byte => Buffer.of(byte))
      const body = await readSmallBody(sourceOf(pieces), text.subarray(0, cut))
      expect(body).toEqual({ begun: text, isWhole: true })
    }
  })

  it('is left in the source beyond what is sealed as a whole, nothing lost', async () => {
    const source = sourceOf([bytes(wholeMailBytes), bytes(1), bytes(7), bytes(8)])
    const { begun, isWhole } = await readSmallBody(source, bytes(0))
    expect({ isWhole, length: begun.length }).toEqual({
      isWhole: false,
      length: wholeMailBytes + 1,
    })
    expect((await source.next())?.length).toBe(7)
  })

  it('is asked for no further than its first piece when that is large', async () => {
    const source = sourceOf([bytes(7)])
    const { begun, isWhole } = await readSmallBody(source, bytes(wholeMailBytes + 1))
    expect({ isWhole, length: begun.length }).toEqual({
      isWhole: false,
      length: wholeMailBytes + 1,
    })
    expect((await source.next())?.length).toBe(7)
  })

  it('threat: a byte a packet: holds few of them', async () => {
    const most = vi.spyOn(Buffer, 'concat')
    const { begun } = await readSmallBody(sourceOf(Array(3000).fill(bytes(1))), bytes(0))
    const counts = most.mock.calls.map(([pieces]) => pieces.length)
    most.mockRestore()
    expect([begun.length, Math.max(...counts)]).toEqual([3000, 256])
  })

  it('is not whole when the client breaks off', async () => {
    const lost = { next: () => Promise.reject(new Error('lost')) }
    await expect(readSmallBody(lost, bytes(3))).rejects.toThrow('lost')
  })
})
