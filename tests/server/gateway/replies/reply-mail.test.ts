import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMailboxes } from '../../../../src/core/address/mailboxes.ts'
import { readReplyHead } from '../../../../src/core/reply/reply-head.ts'
import { readHeaderFields } from '../../../../src/server/gateway/header-fields.ts'
import { MailFacts } from '../../../../src/server/gateway/mail-facts.ts'
import { cleanFileName } from '../../../../src/server/gateway/replies/clean-file-name.ts'
import { issuedConversation } from '../../../../src/server/gateway/replies/issued-message-id.ts'
import { writerOf } from '../../../../src/server/gateway/replies/writer-address.ts'
import { locales } from '../../../../src/server/text/text.ts'
import { address, testMac } from '../../../support/sealed-message.ts'
import {
  FIELDS,
  bob,
  bytes,
  expectSendable,
  factsOf,
  filled,
  parse,
  partOf,
  partsOf,
  plainHead,
  replies,
  start,
  write,
} from '../support/written-reply.ts'
import type { Filled } from '../support/written-reply.ts'

describe('the mail of a reply', () => {
  it('comes back from a mail program as it was written, whatever is in it and however it comes', async () => {
    await fc.assert(
      fc.asyncProperty(replies, async reply => {
        const parts = partsOf(reply)
        const mail = write({}, parts, reply.cuts)
        expectSendable(mail)
        expect(mail.equals(write({}, parts))).toBe(true)
        const { attachments } = await parse(mail)
        const files = parts.filter(part => 'type' in part)
        expect(attachments).toHaveLength(files.length)
        for (const [i, part] of files.entries()) {
          const found = attachments[i]
          expect(Buffer.from(found?.content as ArrayBuffer).equals(part.content)).toBe(true)
          expect(found?.filename).toBe(cleanFileName(part.name))
          expect(found?.mimeType).toBe(
            /^(?:multipart|message)\//i.test(part.type) ? 'application/octet-stream' : part.type,
          )
          expect(found?.disposition).toBe(
            part.role === 'inline' && part.type.startsWith('image/') ? 'inline' : 'attachment',
          )
          if (part.role === 'inline') expect(found?.contentId).toBe(`<${part.contentId}>`)
        }
      }),
      { numRuns: 80 },
    )
  })

  it('carries every text as it was, with one line of ours before it', async () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom('.', 'From here', '--', 'a '.repeat(100), '=20', 'tab\t', 'é'.repeat(90)),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), bytes, async (lines, cutBytes) => {
        const letter = lines
          .join('\r\n')
          .replaceAll(/[\p{Cc}\p{Cs}]/gu, each =>
            each === '\r' || each === '\n' || each === '\t' ? each : '·',
          )
        const cuts = [...cutBytes, 9].map(byte => (byte % 40) + 1)
        const mail = write(
          {},
          [filled({ role: 'text' }, letter), filled({ role: 'html' }, `<p>${letter}</p>`)],
          cuts,
        )
        expectSendable(mail)
        const parsed = await parse(mail)
        const normal = (each = '') => each.replaceAll(/\r\n?|\n/g, '\n').trimEnd()
        const [first, empty, ...rest] = normal(parsed.text).split('\n')
        expect(first).toContain('bob@outside.org')
        expect(empty ?? '').toBe('')
        expect(rest.join('\n')).toBe(normal(letter))
        expect(normal(parsed.html)).toContain(`\n${normal(`<p>${letter}</p>`)}</body></html>`)
        expect((parsed.html ?? '').indexOf('bob@outside.org')).toBeLessThan(
          (parsed.html ?? '').indexOf('<p>'),
        )
      }),
      { numRuns: 80 },
    )
  })

  it('has only the levels that it needs', () => {
    const types = (...parts: Filled[]) =>
      [
        ...write({}, parts)
          .toString()
          .matchAll(/^Content-Type: ([^;\r]*)/gm),
      ].map(([, type]) => type)
    const written = filled({ role: 'text' }, 'a')
    const html = filled({ role: 'html' }, '<p>a')
    const picture = filled({ role: 'inline', type: 'image/png', name: 'p', contentId: 'p' }, 'a')
    const file = filled({ role: 'attachment', type: 'application/pdf', name: 'f' }, 'a')
    expect(types(written)).toEqual(['text/plain'])
    expect(types(written, html)).toEqual(['multipart/alternative', 'text/plain', 'text/html'])
    expect(types(written, html, picture, file)).toEqual([
      'multipart/mixed',
      'multipart/related',
      'multipart/alternative',
      'text/plain',
      'text/html',
      'image/png',
      'application/pdf',
    ])
    expect(types(written, picture)).toEqual(['multipart/mixed', 'text/plain', 'image/png'])
  })

  it('has the fields that make a thread, and says who wrote it and how they were verified', async () => {
    const mail = write({ cc: [address('carol@else.org')] })
    const facts = factsOf(mail)
    expect(facts.fields.map(({ name }) => name)).toEqual([
      ...FIELDS.slice(0, 3),
      'Cc',
      ...FIELDS.slice(3),
      'Content-Transfer-Encoding',
    ])
    const [from] = parseMailboxes(facts.first('from')) ?? []
    expect(from?.name).toBe('Bob (bob@outside.org, external)')
    const home = { id: 'example', domains: ['example.com'], replyDomain: '' }
    expect(from && writerOf(testMac, from.address, home)).toBe(bob)
    expect(facts.first('reply-to')).toBe('bob@outside.org')
    expect(facts.first('references')).toBe('<0@example.com> <1@example.com>')
    expect(facts.first('in-reply-to')).toBe('<1@example.com>')
    expect(facts.first('zegel-writer')).toBe(
      'bob@outside.org; method=passcode; assurance=mailbox; time=2026-11-18T11:06:40.000Z; language=nl',
    )
    const answer = new MailFacts(
      readHeaderFields(Buffer.from(`In-Reply-To: ${facts.first('message-id')}\r\n\r\n`)),
    )
    expect(issuedConversation(testMac, 'example', answer)).toBe('C'.repeat(22))
    expect((await parse(mail)).text).toMatch(/^This message comes from outside Example\./)
  })

  it('says in every language who wrote it, at the top of text and HTML', async () => {
    for (const locale of locales) {
      const parts = [filled({ role: 'text' }, 'x'), filled({ role: 'html' }, '<p>x</p>')]
      const { text: written = '', html = '', from } = await parse(write({}, parts, [7], locale))
      expect(written.split('\n')[0]).toContain('bob@outside.org')
      expect(html.indexOf('bob@outside.org')).toBeGreaterThan(0)
      expect(html).toContain(`lang="${locale}"`)
      expect(from?.name).toMatch(/^Bob \(bob@outside\.org, [^)]+\)$/)
    }
  })

  it('keeps the first and the nearest ids of a chain that is too long for a header', () => {
    const references = Array.from({ length: 100 }, (_, i) => `<${i}${'x'.repeat(400)}@example.com>`)
    expect(readReplyHead(Buffer.from(JSON.stringify({ ...plainHead, references })))).not.toBeNull()
    const kept = factsOf(write({ references })).first('references').split(' ')
    expect(kept[0]).toBe(references[0])
    expect(kept.slice(-2)).toEqual([references[99], '<1@example.com>'])
    expect(kept.join(' ').length).toBeLessThan(9000)
  })

  it('says when an address makes its header UTF-8', () => {
    expect(start({}).needsUtf8).toBe(false)
    expect(start({ to: [address('bób@example.com')] }).needsUtf8).toBe(true)
  })

  it('refuses fewer and more bytes than the head says', () => {
    const parts = [partOf(filled({ role: 'text' }, 'Hello'))]
    expect(() => start({ parts }).push(Buffer.from('Hello!'))).toThrow(RangeError)
    const short = start({ parts })
    short.push(Buffer.from('Hell'))
    expect(() => short.finish()).toThrow(RangeError)
    expect(Buffer.concat([...start({}).finish()]).toString()).toContain('outside Example')
  })
})
