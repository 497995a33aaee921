import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../../src/core/address/address.ts'
import { u32, utf8 } from '../../../src/core/envelope/bytes.ts'
import { MAX_REPLY_HEAD_BYTES } from '../../../src/core/reply/limits.ts'
import {
  REPLY_MAGIC,
  REPLY_PREFIX_BYTES,
  readReplyHead,
  replyHeadLength,
  writeReplyHead,
} from '../../../src/core/reply/reply-head.ts'
import type { ReplyHead } from '../../../src/core/reply/reply-head.ts'
import { fuzzParameters, mutated } from '../../fuzz/mutate.ts'

const id = 'A'.repeat(22)

function createHead(changes: Partial<ReplyHead> = {}): ReplyHead {
  return {
    version: 1,
    kind: 'reply',
    submissionId: id,
    messageId: id,
    conversationId: id,
    writer: 'bob@outside.example' as Address,
    writerName: 'Bob "B" 王',
    to: ['alice@example.com' as Address],
    cc: ['carol@other.example' as Address],
    copyToWriter: true,
    subject: 'Re: the plan',
    inReplyTo: '<a@example.com>',
    references: ['<root@example.com>', '<a@example.com>'],
    locale: 'pt-BR',
    parts: [
      { role: 'text', bytes: 5 },
      { role: 'html', bytes: 0 },
      { role: 'inline', type: 'image/png', name: 'p.png', contentId: 'p1@zegel', bytes: 3 },
      { role: 'attachment', type: 'application/pdf', name: 'r\r\nX: y.pdf', bytes: 7 },
    ],
    ...changes,
  }
}

const read = (value: unknown): ReplyHead | null => readReplyHead(utf8(JSON.stringify(value)))

describe('the head of a reply', () => {
  it('reads back what was written, from magic, length and JSON', () => {
    const head = createHead()
    const bytes = writeReplyHead(head)
    expect(bytes.subarray(0, REPLY_MAGIC.length)).toEqual(REPLY_MAGIC)
    const length = replyHeadLength(bytes.subarray(0, REPLY_PREFIX_BYTES))
    expect(length).toBe(bytes.length - REPLY_PREFIX_BYTES)
    expect(readReplyHead(bytes.subarray(REPLY_PREFIX_BYTES))).toEqual(head)
  })

  it('refuses a missing and an unknown field', () => {
    const head = createHead()
    for (const name of Object.keys(head)) {
      const { [name as keyof ReplyHead]: _, ...rest } = head
      expect(read(rest), name).toBeNull()
    }
    expect(read({ ...head, bcc: [] })).toBeNull()
  })

  it.each([
    ['another version', { version: 2 }],
    ['another kind', { kind: 'redirect' }],
    ['an id of another length', { submissionId: 'A'.repeat(21) }],
    ['an address that is not canonical', { writer: 'Bob@outside.example' }],
    ['a recipient that is none', { to: ['alice'] }],
    ['a name in a recipient', { to: ['Alice <alice@example.com>'] }],
    ['nobody to write to', { to: [], cc: [] }],
    ['somebody twice', { cc: ['alice@example.com'] }],
    ['a line end in a Message-ID', { inReplyTo: '<a@b\r\nBcc: x@y>' }],
    ['a Message-ID without brackets', { references: ['a@b'] }],
    ['two ids in one', { references: ['<a@b><c@d>'] }],
    ['a subject longer than a line', { subject: 'x'.repeat(901) }],
    [
      'a type that is none',
      {
        parts: [
          { role: 'text', bytes: 1 },
          { role: 'attachment', type: 'text/html; x', name: '', bytes: 1 },
        ],
      },
    ],
    [
      'a content id with brackets',
      {
        parts: [
          { role: 'text', bytes: 1 },
          { role: 'inline', type: 'a/b', name: '', contentId: '<x>', bytes: 1 },
        ],
      },
    ],
    ['no text', { parts: [{ role: 'html', bytes: 1 }] }],
    ['no part', { parts: [] }],
    [
      'two texts',
      {
        parts: [
          { role: 'text', bytes: 1 },
          { role: 'text', bytes: 1 },
        ],
      },
    ],
    [
      'parts in another order',
      {
        parts: [
          { role: 'html', bytes: 1 },
          { role: 'text', bytes: 1 },
        ],
      },
    ],
    ['a length below zero', { parts: [{ role: 'text', bytes: -1 }] }],
    ['a length that is no whole number', { parts: [{ role: 'text', bytes: 1.5 }] }],
    ['text of more than a reply may have', { parts: [{ role: 'text', bytes: 9_000_000 }] }],
  ])('refuses %s', (_, change) => {
    expect(read({ ...createHead(), ...change })).toBeNull()
  })

  it('refuses more people than one reply may be written to, over both fields together', () => {
    const people = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => `p${at + from}@example.com` as Address)
    expect(read(createHead({ to: people(0, 50), cc: people(50, 100) }))).not.toBeNull()
    expect(read(createHead({ to: people(0, 50), cc: people(50, 101) }))).toBeNull()
  })

  it('is not read beyond its limit, and not written either', () => {
    expect(readReplyHead(new Uint8Array(MAX_REPLY_HEAD_BYTES + 1))).toBeNull()
    expect(() => writeReplyHead(createHead({ to: [], cc: [] }))).toThrow(RangeError)
  })

  it('has no length where the magic is another or the length too large', () => {
    const prefix = writeReplyHead(createHead()).slice(0, REPLY_PREFIX_BYTES)
    expect(replyHeadLength(prefix.subarray(1))).toBeNull()
    const other = prefix.slice()
    other[0] = 0
    expect(replyHeadLength(other)).toBeNull()
    prefix.set(u32(MAX_REPLY_HEAD_BYTES + 1), REPLY_MAGIC.length)
    expect(replyHeadLength(prefix)).toBeNull()
  })

  it('never throws for any bytes, and what it takes it would write the same', () => {
    const valid = utf8(JSON.stringify(createHead()))
    fc.assert(
      fc.property(mutated([valid]), bytes => {
        const taken = readReplyHead(bytes)
        if (taken === null) return
        expect(readReplyHead(writeReplyHead(taken).subarray(REPLY_PREFIX_BYTES))).toEqual(taken)
      }),
      fuzzParameters(),
    )
    fc.assert(fc.property(fc.json(), json => read(JSON.parse(json)) === null))
  })
})
