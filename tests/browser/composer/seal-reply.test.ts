import { Decrypter, generateHybridIdentity, identityToRecipient } from 'age-encryption'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../src/browser/composer/new-id.ts'
import { buildReply } from '../../../src/browser/composer/sealing/build-reply.ts'
import type { ReplyContent } from '../../../src/browser/composer/sealing/build-reply.ts'
import { sealStream, sealedBytes } from '../../../src/browser/composer/sealing/seal-stream.ts'
import { parseAddress } from '../../../src/core/address/address.ts'
import type { Address } from '../../../src/core/address/address.ts'
import {
  REPLY_PREFIX_BYTES,
  readReplyHead,
  replyHeadLength,
  writeReplyHead,
} from '../../../src/core/reply/reply-head.ts'

let identity: string
let recipient: string
beforeAll(async () => {
  identity = await generateHybridIdentity()
  recipient = await identityToRecipient(identity)
})

const bob = parseAddress('bob@example.org') as Address
const alice = { address: parseAddress('alice@example.com') as Address, name: 'Alice' }

const content = (changes: Partial<ReplyContent['draft']> = {}): ReplyContent => ({
  draft: {
    kind: 'reply',
    submissionId: newId(),
    to: [alice],
    cc: [],
    copyToWriter: true,
    writerName: 'Bob',
    subject: 'Re: Offer',
    format: 'html',
    written: '',
    quoted: true,
    files: [],
    ...changes,
  },
  offer: { messageId: newId(), conversationId: newId() },
  writer: bob,
  thread: { inReplyTo: '<a@x>', references: ['<a@x>'] },
  locale: 'en',
  quote: { html: '<p>old</p>', text: 'old', pictures: [] },
  quoteHead: ['On 1 May, Alice wrote:'],
  written: { html: '<p>new</p>', text: 'new' },
})

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer())

/** What the gateway reads: by age-encryption, then by the same code. */
async function opened(sealed: Uint8Array) {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const plain = await decrypter.decrypt(sealed)
  const length = replyHeadLength(plain.subarray(0, REPLY_PREFIX_BYTES)) ?? -1
  const head = readReplyHead(plain.subarray(REPLY_PREFIX_BYTES, REPLY_PREFIX_BYTES + length))
  let at = REPLY_PREFIX_BYTES + length
  const parts = (head?.parts ?? []).map(part => plain.subarray(at, (at += part.bytes)))
  return { head, parts, rest: plain.length - at }
}

async function seal(
  head: Uint8Array<ArrayBuffer>,
  parts: readonly Blob[],
  onProgress: (done: number) => void = () => undefined,
) {
  const stream = await sealStream({ recipient, head, parts }, onProgress)
  return bytesOf(await new Response(stream).blob())
}

describe('a sealed reply', () => {
  it('opens with the gateway’s key to exactly its head and parts, whatever was drafted', async () => {
    const file = fc.record({
      name: fc.string({ minLength: 1, maxLength: 40 }),
      bytes: fc.uint8Array({ maxLength: 3000 }),
      isPicture: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { maxLength: 5 }),
        fc.string(),
        fc.boolean(),
        async (files, words, isRich) => {
          const draft = files.map(({ name, bytes, isPicture }, at) => ({
            id: `${at}`,
            name,
            type: 'image/png',
            bytes: new Blob([Uint8Array.from(bytes)]),
            contentId: isPicture ? `${at}@picture` : null,
            isOriginal: false,
          }))
          const html = isRich ? `<p>${words.replaceAll('<', '&lt;')}</p>` : null
          const reply = { ...content({ files: draft }), written: { html, text: words } }
          const { head, parts } = buildReply(reply)
          const sealed = await seal(writeReplyHead(head), parts)
          const found = await opened(sealed)
          expect(found.head).toEqual(head)
          expect(found.rest).toBe(0)
          expect(found.parts).toEqual(await Promise.all(parts.map(bytesOf)))
          const carried = head.parts.filter(
            ({ role }) => role === 'inline' || role === 'attachment',
          )
          expect(carried).toHaveLength(draft.filter(one => isRich || one.contentId === null).length)
        },
      ),
      { numRuns: 15 },
    )
  })

  it('tells how far it is and is no longer than said before', async () => {
    const { head, parts } = buildReply(content())
    const large = [...parts, new Blob([new Uint8Array(700_000)])]
    const told: number[] = []
    const plain = writeReplyHead(head)
    const sealed = await seal(plain, large, done => void told.push(done))
    const total = large.reduce((sum, { size }) => sum + size, plain.length)
    expect(told.at(-1)).toBe(total)
    expect(told.length).toBeGreaterThan(3)
    expect(sealed.length).toBeLessThanOrEqual(sealedBytes(total))
    expect(sealedBytes(total) - sealed.length).toBeLessThan(1024)
  })

  it('shares no 16-byte block with the same reply sealed again', async () => {
    const { head, parts } = buildReply(content())
    const blocks = (bytes: Uint8Array) =>
      new Set(
        Array.from({ length: bytes.length - 16 }, (_, at) =>
          Buffer.from(bytes.subarray(at, at + 16)).toString('hex'),
        ),
      )
    const [first, second] = [
      await seal(writeReplyHead(head), parts),
      await seal(writeReplyHead(head), parts),
    ]
    const shared = blocks(first.subarray(100)).intersection(blocks(second.subarray(100)))
    expect(shared.size).toBe(0)
  })

  it('fails for a part that cannot be read', async () => {
    const broken = Object.assign(new Blob(['x']), {
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }),
    })
    await expect(seal(new Uint8Array(1), [broken])).rejects.toThrow()
  })
})

const textOf = async (changes: Partial<ReplyContent>) => {
  const { parts } = buildReply({ ...content(), ...changes })
  return (await parts[0]?.text()) ?? ''
}

describe('parts of a reply', () => {
  it('quote below the text, in both forms', async () => {
    const { head, parts } = buildReply(content())
    expect(head.parts.map(({ role }) => role)).toEqual(['text', 'html'])
    expect(await parts[0]?.text()).toBe('new\n\nOn 1 May, Alice wrote:\n> old\n')
    const html = (await parts[1]?.text()) ?? ''
    expect(html).toMatch(
      /<p>new<\/p>.*On 1 May, Alice wrote:.*<blockquote type="cite"[^>]*><p>old<\/p><\/blockquote>/s,
    )
  })

  it('put a forwarded letter below its header fields, unquoted', async () => {
    const { draft } = content({ kind: 'forward' })
    const changes = { draft, quoteHead: ['---', 'Subject: <b>'] }
    expect(await textOf(changes)).toBe('new\n\n---\nSubject: <b>\n\nold\n')
    const html = (await buildReply({ ...content(), ...changes }).parts[1]?.text()) ?? ''
    expect(html).toContain('Subject: &lt;b&gt;')
    expect(html).not.toContain('<blockquote')
  })

  it('leave the original out where it is not wanted', async () => {
    expect(await textOf({ quote: null, quoteHead: [] })).toBe('new\n')
  })

  it('carry pictures of the quote only where they are shown', () => {
    const picture = { contentId: 'a@picture', type: 'image/jpeg', bytes: new Blob(['x']) }
    const quote = { html: '<img src="cid:a@picture">', text: '', pictures: [picture] }
    const rich = buildReply({ ...content(), quote }).head.parts.at(-1)
    expect(rich).toEqual({
      role: 'inline',
      type: 'image/jpeg',
      name: 'picture-1.jpg',
      contentId: 'a@picture',
      bytes: 1,
    })
    const plain = buildReply({ ...content(), quote, written: { html: null, text: 'new' } })
    expect(plain.head.parts.map(({ role }) => role)).toEqual(['text'])
  })

  it('leave a picture of a text that became plain behind, as its question says', () => {
    const file = {
      id: '1',
      name: 'a.png',
      type: 'image/png',
      bytes: new Blob(['x']),
      contentId: 'a@picture',
      isOriginal: false,
    }
    const { head } = buildReply({
      ...content({ files: [file] }),
      written: { html: null, text: 'new' },
    })
    expect(head.parts.map(({ role }) => role)).toEqual(['text'])
  })
})
