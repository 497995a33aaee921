import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHUNK_BYTES, StreamSealer, TAG_BYTES } from '../../../src/core/envelope/stream.ts'
import { StreamOpener } from '../../../src/core/envelope/stream-opener.ts'
import { chunkOpener, chunkSealer } from '../../../src/server/crypto/native-primitives.ts'

const key = randomBytes(32)
const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES

function seal(plain: Uint8Array): Buffer {
  const sealer = new StreamSealer(chunkSealer(key))
  const parts: Uint8Array[] = []
  sealer.push(plain, part => parts.push(Uint8Array.from(part)))
  return Buffer.concat([...parts, ...sealer.finish()])
}

function open(sealed: Uint8Array, cuts: readonly number[], emit: (plain: Uint8Array) => void) {
  const opener = new StreamOpener(chunkOpener(key))
  let at = 0
  for (const cut of cuts) {
    opener.push(sealed.subarray(at, at + cut), emit)
    at += cut
  }
  opener.push(sealed.subarray(at), emit)
  opener.finish(emit)
}

function opened(sealed: Uint8Array, cuts: readonly number[] = []): Buffer {
  const parts: Uint8Array[] = []
  open(sealed, cuts, part => parts.push(part))
  return Buffer.concat(parts)
}

const lengths = [0, 1, 2, 3].flatMap(chunks =>
  [-1, 0, 1].map(delta => chunks * CHUNK_BYTES + delta).filter(length => length >= 0),
)
const three = randomBytes(2 * CHUNK_BYTES + 17)
const sealedThree = seal(three)

describe('opening a stream as it comes', () => {
  it.each(lengths)('gives %i bytes back', length => {
    const plain = randomBytes(length)
    expect(opened(seal(plain)).equals(plain)).toBe(true)
  })

  it('gives the same for any cutting of the file', () => {
    const cut = fc.integer({ min: 0, max: SEALED_BYTES + 2 })
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 12 }), cuts => {
        expect(opened(sealedThree, cuts).equals(three)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('gives the same byte by byte', () => {
    const plain = randomBytes(CHUNK_BYTES + 3)
    const sealed = seal(plain)
    expect(opened(sealed, Array<number>(sealed.length).fill(1)).equals(plain)).toBe(true)
  })

  it('refuses a file that is cut anywhere, at the ends of chunks too', () => {
    const ends = [0, 1, TAG_BYTES - 1, TAG_BYTES, SEALED_BYTES - 1, SEALED_BYTES, SEALED_BYTES + 1]
    const places = [...ends, 2 * SEALED_BYTES, 2 * SEALED_BYTES + TAG_BYTES, sealedThree.length - 1]
    for (const at of places)
      expect(() => opened(sealedThree.subarray(0, at))).toThrow('altered-content')
  })

  it('refuses one byte more, an exchanged chunk, and an empty last chunk', () => {
    expect(() => opened(Buffer.concat([sealedThree, Buffer.alloc(1)]))).toThrow('altered-content')
    const first = sealedThree.subarray(0, SEALED_BYTES)
    const second = sealedThree.subarray(SEALED_BYTES, 2 * SEALED_BYTES)
    const rest = sealedThree.subarray(2 * SEALED_BYTES)
    expect(() => opened(Buffer.concat([second, first, rest]))).toThrow('altered-content')
    const nonce = new Uint8Array(12)
    const full = chunkSealer(key)(nonce, randomBytes(CHUNK_BYTES))
    nonce[10] = 1
    nonce[11] = 1
    const empty = chunkSealer(key)(nonce, Buffer.alloc(0))
    expect(() => opened(Buffer.concat([...full, ...empty]))).toThrow('altered-content')
  })

  it('hands out nothing of a chunk that was altered', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: sealedThree.length - 1 }), at => {
        const altered = Buffer.from(sealedThree)
        altered[at] = (altered[at] ?? 0) ^ 1
        const parts: Uint8Array[] = []
        expect(() => open(altered, [], part => parts.push(part))).toThrow('altered-content')
        const genuine = Math.floor(at / SEALED_BYTES) * CHUNK_BYTES
        expect(Buffer.concat(parts).equals(three.subarray(0, genuine))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
