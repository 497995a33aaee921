import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  findHeaderEnd,
  readHeaderFields,
  removeFields,
  singleField,
} from '../../../src/server/gateway/header-fields.ts'

const bytes = (text: string): Buffer => Buffer.from(text)
const read = (text: string): readonly (readonly [string, string])[] =>
  readHeaderFields(bytes(text)).map(({ name, value }) => [name, value])

describe('readHeaderFields', () => {
  it('reads names and unfolded values', () => {
    expect(
      read('From: a@b.c\r\nSubject: one\r\n\ttwo\r\n three\r\nX-Empty:\r\n\r\nbody: no'),
    ).toEqual([
      ['From', 'a@b.c'],
      ['Subject', 'one\ttwo three'],
      ['X-Empty', ''],
    ])
  })

  it('reads LF lines, a space before the colon, and lines that are no fields', () => {
    expect(read('From mbox\nTo : x\nno colon\n: nameless\nÜ: 8bit\n\n')).toEqual([
      ['', ''],
      ['To', 'x'],
      ['', ''],
      ['', ''],
      ['', ''],
    ])
  })

  it('reads UTF-8, and Latin-1 where it is none', () => {
    expect(readHeaderFields(Buffer.from([0x41, 0x3a, 0xe9]))[0]?.value).toBe('é')
    expect(read('A: é')).toEqual([['A', 'é']])
  })

  it('takes any bytes, and its fields are the block, byte for byte', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.constantFrom('A: b\r\n', ' c\r\n', '\n', '\r', ':', 'X', '\r\n')),
        (noise, parts) => {
          const block = Buffer.concat([bytes(parts.join('')), noise])
          const end = findHeaderEnd(block)
          const fields = readHeaderFields(block)
          const joined = Buffer.concat(fields.map(({ raw }) => raw))
          expect(Buffer.compare(joined, block.subarray(0, joined.length))).toBe(0)
          expect(end === -1 ? joined.length : block.length).toBe(block.length)
        },
      ),
    )
  })
})

describe('findHeaderEnd', () => {
  it.each([
    ['A: b\r\n\r\nbody', 8],
    ['A: b\n\nbody', 6],
    ['\r\nbody', 2],
    ['\nbody', 1],
    ['A: b\r\n', -1],
    ['A: b\r\n\r', -1],
    ['', -1],
    ['A: b\r\n \r\n\r\n', 11],
  ])('%j ends at %i', (text, end) => {
    expect(findHeaderEnd(bytes(text))).toBe(end)
  })
})

describe('removeFields', () => {
  it('removes Bcc in any case, folded, repeated, and leaves the rest byte for byte', () => {
    const block = bytes('From: a\r\nbCC: x,\r\n\ty\r\nTo: b\r\nBcc : z\r\nX-Bcc: stays\r\n\r\nbody')
    expect(removeFields(block, ['Bcc']).toString()).toBe(
      'From: a\r\nTo: b\r\nX-Bcc: stays\r\n\r\nbody',
    )
  })

  it('gives the same block back when there is nothing to remove', () => {
    const block = bytes('From: a\r\n\r\n')
    expect(removeFields(block, ['Bcc'])).toBe(block)
  })
})

describe('singleField', () => {
  it('tells none from one from several', () => {
    const fields = readHeaderFields(bytes('From: a\r\nTo: b\r\nTO: c\r\n\r\n'))
    expect(singleField(fields, 'from')).toMatchObject({ value: 'a' })
    expect(singleField(fields, 'to')).toBe('ambiguous')
    expect(singleField(fields, 'cc')).toBeNull()
  })
})
