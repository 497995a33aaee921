import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { readHeaderBlock } from '../../../src/server/gateway/header-block.ts'
import { findHeaderEnd } from '../../../src/server/gateway/header-fields.ts'

/** Mails of which empty lines of every kind are likely. */
const mail = fc
  .array(fc.constantFrom('\r', '\n', '\r\n', '\r\n\r\n', 'a', 'A: b'), { maxLength: 30 })
  .map(parts => Buffer.from(parts.join('')))
const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 10 })

function sourceOf(bytes: Buffer, cuts: readonly number[]): { next(): Promise<Buffer | null> } {
  let at = 0
  let turn = 0
  return {
    async next() {
      if (at >= bytes.length) return null
      const piece = bytes.subarray(at, at + (cuts[turn++ % cuts.length] ?? 1))
      at += piece.length
      return piece
    },
  }
}

async function rest(source: { next(): Promise<Buffer | null> }): Promise<Buffer> {
  const pieces: Buffer[] = []
  for (let piece = await source.next(); piece !== null; piece = await source.next())
    pieces.push(piece)
  return Buffer.concat(pieces)
}

describe('readHeaderBlock', () => {
  it('ends at the first empty line and loses nothing, however the mail is cut', async () => {
    await fc.assert(
      fc.asyncProperty(mail, sizes, async (bytes, cuts) => {
        const source = sourceOf(bytes, cuts)
        const block = await readHeaderBlock(source, 1000)
        if (block === 'too-large') throw new Error('a short mail')
        const end = findHeaderEnd(bytes)
        expect(block.header.length).toBe(end === -1 ? bytes.length : end)
        const whole = Buffer.concat([block.header, block.rest, await rest(source)])
        expect(whole.equals(bytes)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('threat: a byte a packet: loses nothing where pieces are put together, and holds few of them', async () => {
    for (let length = 250; length <= 262; length++) {
      const header = `A: ${'b'.repeat(length - 7)}\r\n\r\n`
      const source = sourceOf(Buffer.from(`${header}body`), [1])
      const block = await readHeaderBlock(source, 1000)
      if (block === 'too-large') throw new Error('a short mail')
      expect(block.header.toString()).toBe(header)
      expect(`${block.rest.toString()}${(await rest(source)).toString()}`).toBe('body')
    }
    const most = vi.spyOn(Buffer, 'concat')
    await readHeaderBlock(sourceOf(Buffer.alloc(3000), [1]), 10_000)
    const counts = most.mock.calls.map(([pieces]) => pieces.length)
    most.mockRestore()
    expect(Math.max(...counts)).toBe(256)
  })

  it('is too large when its empty line comes too late', async () => {
    const bytes = Buffer.from(`${'A: b\r\n'.repeat(20)}\r\nbody`)
    expect(await readHeaderBlock(sourceOf(bytes, [7]), 121)).toBe('too-large')
    expect(await readHeaderBlock(sourceOf(bytes, [200]), 121)).toBe('too-large')
    expect(await readHeaderBlock(sourceOf(bytes, [200]), 122)).not.toBe('too-large')
  })
})
