import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findUuencoded } from '../../../../src/browser/viewer/mail/uuencode.ts'
import { utf8 } from './mail-text.ts'

/** POSIX uuencode, with the grave accent for zero. */
function encode(bytes: Uint8Array, name: string): string {
  const lines: string[] = []
  for (let i = 0; i < bytes.length; i += 45) {
    const chunk = bytes.subarray(i, i + 45)
    let line = digit(chunk.length)
    for (let k = 0; k < chunk.length; k += 3) {
      const group = ((chunk[k] ?? 0) << 16) | ((chunk[k + 1] ?? 0) << 8) | (chunk[k + 2] ?? 0)
      line += [18, 12, 6, 0].map(shift => digit((group >> shift) & 63)).join('')
    }
    lines.push(line)
  }
  return ['begin 644 ' + name, ...lines, '`', 'end', ''].join('\r\n')
}

function digit(value: number): string {
  return value === 0 ? '`' : String.fromCharCode(value + 32)
}

describe('uuencoded files in a text', () => {
  it('gives back any bytes, and where they stood', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), bytes => {
        const file = encode(bytes, 'a b.bin')
        const text = utf8(`before\r\n${file}after`)
        expect(findUuencoded(text)).toEqual([
          { name: 'a b.bin', bytes, start: 8, end: 8 + file.length },
        ])
      }),
    )
  })

  it('finds several', () => {
    const text = utf8(encode(utf8('one'), '1') + 'between\r\n' + encode(utf8('two'), '2'))
    expect(findUuencoded(text).map(file => file.name)).toEqual(['1', '2'])
  })

  it.each([
    'begin 644 is how such a file starts\r\nand this is a sentence.\r\n',
    'begin  with two blanks\r\n`\r\nend\r\n',
    'begin 644 torn.bin\r\n#0V%T\r\n',
    'x begin 644 a\r\n#0V%T\r\n`\r\nend\r\n',
    'begin 644 short.bin\r\nM0V%T\r\n`\r\nend\r\n',
  ])('leaves %j as it is', text => {
    expect(findUuencoded(utf8(text))).toEqual([])
  })
})
