import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DataEncoder } from '../../../../src/server/gateway/next-hop/data-encoder.ts'
import { DataDecoder } from '../../../../src/server/gateway/smtp/data-decoder.ts'

/** Bytes of which line ends and dots are likely. */
const content = fc
  .array(fc.constantFrom('\r', '\n', '\r\n', '.', '..', 'a', 'é', '\0', 'text of a line'), {
    maxLength: 60,
  })
  .map(parts => Buffer.from(parts.join(''), 'latin1'))

const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 30 })

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}

function decode(pieces: readonly Buffer[]) {
  const decoder = new DataDecoder()
  const decoded: Buffer[] = []
  for (const [at, piece] of pieces.entries()) {
    const { content: part, rest } = decoder.push(piece)
    decoded.push(part)
    if (rest !== null) {
      const left = Buffer.concat([rest, ...pieces.slice(at + 1)])
      return { content: Buffer.concat(decoded), rest: left, lookalike: decoder.lookalike }
    }
  }
  return { content: Buffer.concat(decoded), rest: null, lookalike: decoder.lookalike }
}

function encode(pieces: readonly Buffer[]): Buffer {
  const encoder = new DataEncoder()
  return Buffer.concat([...pieces.map(piece => encoder.push(piece)), encoder.finish()])
}

function isLineEnd(bytes: Buffer): boolean {
  return bytes.length === 0 || bytes.toString('latin1').endsWith('\r\n')
}

describe('transparency of DATA', () => {
  it('gives back any content, however it is cut, with a line end added where there was none', () => {
    fc.assert(
      fc.property(content, cuts, cuts, (bytes, first, second) => {
        const encoded = encode(cut(bytes, first))
        const { content: decoded, rest } = decode(cut(encoded, second))
        const expected = isLineEnd(bytes) ? bytes : Buffer.concat([bytes, Buffer.from('\r\n')])
        expect(decoded.toString('latin1')).toBe(expected.toString('latin1'))
        expect(rest?.length).toBe(0)
      }),
      { numRuns: 2000 },
    )
  })

  it('decodes the same however the bytes are cut', () => {
    fc.assert(
      fc.property(content, cuts, (bytes, sizes) => {
        const whole = decode([bytes])
        const cutUp = decode(cut(bytes, sizes))
        expect(cutUp).toEqual(whole)
      }),
      { numRuns: 2000 },
    )
  })

  it('encodes the same however the bytes are cut', () => {
    fc.assert(
      fc.property(content, cuts, (bytes, sizes) => {
        expect(encode(cut(bytes, sizes))).toEqual(encode([bytes]))
      }),
      { numRuns: 2000 },
    )
  })

  it('never has the end of data inside what it encodes', () => {
    fc.assert(
      fc.property(content, bytes => {
        const encoded = encode([bytes]).toString('latin1')
        expect(`\r\n${encoded}`.indexOf('\r\n.\r\n')).toBe(encoded.length - 3)
      }),
    )
  })

  it('hands on what follows the end of data', () => {
    const decoded = decode([Buffer.from('a\r\n.\r\nMAIL FROM:<x>\r\n')])
    expect(decoded.content.toString()).toBe('a\r\n')
    expect(decoded.rest?.toString()).toBe('MAIL FROM:<x>\r\n')
  })

  it('takes an empty mail', () => {
    expect(decode([Buffer.from('.\r\n')])).toEqual({
      content: Buffer.alloc(0),
      rest: Buffer.alloc(0),
      lookalike: false,
    })
  })

  it('takes a first line with a single dot for content when it was doubled, in pieces too', () => {
    const decoded = decode(cut(Buffer.from('..\r\nend\r\n.\r\n'), [1]))
    expect(decoded.content.toString()).toBe('.\r\nend\r\n')
  })
})

describe('threat: SMTP smuggling (bare LF / bare CR end of data)', () => {
  const lookalikes = [
    '\n.\n',
    '\n.\r\n',
    '\r\n.\n',
    '\r.\r',
    '\r.\r\n',
    '\n.\r',
    '\r\n.\r',
    '\r.\n',
    '\n\n.\n\n',
    '\r\n.\r\r\n',
  ]
  it.each(lookalikes)('marks %j and goes on in the mail', lookalike => {
    const bytes = Buffer.from(`text${lookalike}MAIL FROM:<evil@else.test>\r\n.\r\nQUIT\r\n`)
    for (const size of [1, 2, 3, 5, bytes.length]) {
      const decoded = decode(cut(bytes, [size]))
      expect(decoded.lookalike).toBe(true)
      expect(decoded.rest?.toString()).toBe('QUIT\r\n')
      expect(decoded.content.includes('MAIL FROM')).toBe(true)
    }
  })

  it('does not mark bare line ends and dots that end nothing', () => {
    const harmless = 'a\nb\rc\r\n.d\r\n..\r\n\n.e\r.f\r\n'
    expect(decode([Buffer.from(`${harmless}.\r\n`)]).lookalike).toBe(false)
  })
})

describe('threat: 26 MB of lines that begin with a dot', () => {
  const dotLines = Buffer.from('..\r\n'.repeat(16 * 1024))

  it('gives one piece of content for each piece that comes, never one for each line', () => {
    const decoder = new DataDecoder()
    const decoded = decoder.push(dotLines)
    expect(decoded.content.length).toBe((dotLines.length / 4) * 3)
    expect(decoded.rest).toBeNull()
  })

  it('makes no more than one buffer for each piece on the way out', () => {
    const encoder = new DataEncoder()
    const encoded = encoder.push(Buffer.from('.\r\n'.repeat(16 * 1024)))
    expect(encoded.equals(dotLines)).toBe(true)
  })

  it('copies nothing where no line begins with a dot', () => {
    const piece = Buffer.from('An ordinary line. And another.\r\n'.repeat(100))
    expect(new DataDecoder().push(piece).content).toBe(piece)
    expect(new DataEncoder().push(piece)).toBe(piece)
  })
})
