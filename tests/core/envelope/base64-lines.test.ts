import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Base64Lines } from '../../../src/core/envelope/base64-lines.ts'
import { nodeSealingCrypto } from '../../../src/server/crypto/node-sealing-crypto.ts'

/** What is written of the pieces, and how many bytes the writer counted. */
function write(pieces: readonly Uint8Array[]): { text: string; written: number } {
  const lines = new Base64Lines((bytes, into, at) => nodeSealingCrypto.writeBase64(bytes, into, at))
  const parts: Uint8Array[] = []
  for (const piece of pieces) lines.push(piece, part => parts.push(part))
  parts.push(lines.finish())
  return { text: Buffer.concat(parts).toString('latin1'), written: lines.written }
}

const length = fc.oneof(
  fc.integer({ min: 0, max: 2100 }),
  fc.constantFrom(0, 1, 674, 675, 676, 1349, 1350, 1351, 66_150),
)
const piece = length.chain(n => fc.uint8Array({ minLength: n, maxLength: n }))

describe('Base64Lines', () => {
  it('writes base64 in lines of 900 characters, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
        const base64 = Buffer.concat(pieces).toString('base64')
        const expected = base64.replaceAll(/.{1,900}/g, '$&\r\n')
        expect(write(pieces)).toEqual({ text: expected, written: expected.length })
      }),
    )
  })

  it('holds less than one line', () => {
    const lines = new Base64Lines((bytes, into, at) =>
      nodeSealingCrypto.writeBase64(bytes, into, at),
    )
    let pushed = 0
    for (let size = 1; size < 3000; size += 7) {
      lines.push(new Uint8Array(size), () => undefined)
      pushed += size
      expect(pushed - (lines.written / 902) * 675).toBeLessThan(675)
    }
  })
})
