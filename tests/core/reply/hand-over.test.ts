import { describe, expect, it } from 'vitest'
import { fromUtf8, utf8 } from '../../../src/core/envelope/bytes.ts'
import { MAX_HAND_OVER_HEAD_BYTES } from '../../../src/core/reply/limits.ts'
import {
  handOverSignatureInput,
  handedOverSignatureInput,
  readHandOver,
  writeHandOver,
} from '../../../src/core/reply/hand-over.ts'
import type { HandOver } from '../../../src/core/reply/hand-over.ts'

const head: HandOver = {
  version: 1,
  organisationId: 'example',
  record: 'QUJD',
  writer: {
    address: 'bob@outside.example',
    method: 'passcode',
    assurance: 'mailbox',
    provenAtMs: 1_795_000_000_000,
  },
  atMs: 1_795_000_000_001,
  bytes: 1234,
}

const read = (value: unknown): HandOver | null => readHandOver(utf8(JSON.stringify(value)))

describe('the head of a hand-over', () => {
  it('reads back what was written', () => {
    expect(readHandOver(writeHandOver(head))).toEqual(head)
  })

  it('refuses a missing and an unknown field', () => {
    for (const name of Object.keys(head)) {
      const { [name as keyof HandOver]: _, ...rest } = head
      expect(read(rest), name).toBeNull()
    }
    expect(read({ ...head, recipients: ['eve@else.example'] })).toBeNull()
    expect(read({ ...head, writer: { ...head.writer, name: 'Bob' } })).toBeNull()
  })

  it.each([
    ['another version', { version: 2 }],
    ['an organisation that is none', { organisationId: 'Example Ltd' }],
    ['a record that is not base64', { record: 'A B' }],
    ['a length below zero', { bytes: -1 }],
    ['a time that is no whole number', { atMs: 0.5 }],
    ['another way of proof', { writer: { ...head.writer, method: 'word' } }],
  ])('refuses %s', (_, change) => {
    expect(read({ ...head, ...change })).toBeNull()
  })

  it('is not read beyond its limit, nor when it is no JSON or no UTF-8', () => {
    expect(readHandOver(new Uint8Array(MAX_HAND_OVER_HEAD_BYTES + 1))).toBeNull()
    expect(readHandOver(utf8('{'))).toBeNull()
    expect(readHandOver(new Uint8Array([0xff]))).toBeNull()
  })

  it('is signed apart from what is signed at the end', () => {
    const bytes = writeHandOver(head)
    expect(fromUtf8(handOverSignatureInput(bytes)).startsWith('zegel.v1 hand-over\0{')).toBe(true)
    expect(fromUtf8(handedOverSignatureInput(utf8('d')))).toBe('zegel.v1 handed over\0d')
  })
})
