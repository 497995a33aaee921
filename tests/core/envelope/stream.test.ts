import { randomBytes } from 'node:crypto'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EnvelopeError } from '../../../src/core/envelope/errors.ts'
import {
  CHUNK_BYTES,
  StreamSealer,
  TAG_BYTES,
  openStream,
  plaintextLength,
} from '../../../src/core/envelope/stream.ts'
import { chunkSealer } from '../../../src/server/crypto/native-primitives.ts'

const key = randomBytes(32)
const open = (nonce: Uint8Array, chunk: Uint8Array): Uint8Array =>
  chacha20poly1305(key, nonce).decrypt(chunk)

const seal = (plain: Uint8Array, cuts: Iterable<number>): Uint8Array => {
  const sealer = new StreamSealer(chunkSealer(key))
  const parts: Uint8Array[] = []
  let at = 0
  for (const cut of cuts) {
    sealer.push(plain.subarray(at, at + cut), part => parts.push(Uint8Array.from(part)))
    at += cut
    if (at >= plain.length) break
  }
  sealer.push(plain.subarray(at), part => parts.push(Uint8Array.from(part)))
  return Buffer.concat([...parts, ...sealer.finish()])
}

const boundaries = [0, 1, 2].flatMap(chunks =>
  [-1, 0, 1].map(delta => chunks * CHUNK_BYTES + delta).filter(length => length >= 0),
)

describe('STREAM', () => {
  it.each(boundaries)('gives %i bytes back', length => {
    const plain = new Uint8Array(randomBytes(length))
    const sealed = seal(plain, [])
    expect(Buffer.compare(openStream(sealed, open), plain)).toBe(0)
    expect(plaintextLength(sealed.length)).toBe(length)
  })

  it('gives the same file for any cutting of the input', () => {
    const plain = new Uint8Array(randomBytes(2 * CHUNK_BYTES + 17))
    const whole = seal(plain, [])
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: CHUNK_BYTES + 2 }), { maxLength: 12 }),
        cuts => {
          expect(Buffer.compare(seal(plain, cuts), whole)).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('gives the same file when the input comes byte by byte', () => {
    const plain = new Uint8Array(randomBytes(CHUNK_BYTES + 3))
    const one = Array<number>(plain.length).fill(1)
    expect(Buffer.compare(seal(plain, one), seal(plain, []))).toBe(0)
  })

  it('holds at most one chunk', () => {
    const sealer = new StreamSealer(chunkSealer(key))
    let out = 0
    for (let pushed = 0; pushed < 10 * CHUNK_BYTES; pushed += 1000) {
      sealer.push(new Uint8Array(1000), part => (out += part.length))
      expect(pushed + 1000 - out).toBeLessThanOrEqual(CHUNK_BYTES)
    }
  })

  it('tells how far it is', () => {
    const sealed = seal(new Uint8Array(2 * CHUNK_BYTES + 1), [])
    const seen: number[] = []
    openStream(sealed, open, (done, total) => {
      expect(total).toBe(sealed.length)
      seen.push(done)
    })
    expect(seen).toEqual([CHUNK_BYTES + TAG_BYTES, 2 * (CHUNK_BYTES + TAG_BYTES), sealed.length])
  })

  it('refuses chunks that are swapped, repeated or left out', () => {
    const sealed = seal(new Uint8Array(3 * CHUNK_BYTES), [])
    const size = CHUNK_BYTES + TAG_BYTES
    const [a, b, c] = [0, 1, 2].map(i => sealed.subarray(i * size, (i + 1) * size))
    if (a === undefined || b === undefined || c === undefined) throw new Error('three chunks')
    for (const chunks of [
      [b, a, c],
      [a, c],
      [a, b],
      [a, a, c],
      [a, b, b, c],
      [a, b, c, c],
      [c],
      [],
    ])
      expect(() => openStream(Buffer.concat(chunks), open)).toThrow(EnvelopeError)
  })

  it('refuses an empty last chunk behind others', () => {
    const [body, tag] = chunkSealer(key)(
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1),
      new Uint8Array(0),
    )
    const [full, fullTag] = chunkSealer(key)(new Uint8Array(12), new Uint8Array(CHUNK_BYTES))
    expect(() => openStream(Buffer.concat([full, fullTag, body, tag]), open)).toThrow(EnvelopeError)
  })
})
