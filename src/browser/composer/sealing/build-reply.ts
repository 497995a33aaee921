import { escapeHtml } from '../../../core/envelope/escape-html.ts'
import { parseAddress } from '../../../core/address/address.ts'
import { MAX_WRITER_NAME_CHARACTERS } from '../../../core/reply/limits.ts'
import type { ReplyHead, ReplyPart } from '../../../core/reply/reply-head.ts'
import type { ReplyOffer } from '../../../core/api/messages.ts'
import type { ThreadIds } from '../addressing/thread-ids.ts'
import type { Draft } from '../draft.ts'
import { quoteText } from '../quote/quote-text.ts'
import type { Quote } from '../quote/quote-letter.ts'

export interface ReplyContent {
  readonly draft: Draft
  readonly offer: Pick<ReplyOffer, 'messageId' | 'conversationId'>
  /** The address that the session has proven. */
  readonly writer: string
  readonly thread: ThreadIds
  readonly locale: string
  /** Null when the original does not go along. */
  readonly quote: Quote | null
  /** Above the quote, a line each. */
  readonly quoteHead: readonly string[]
  /** Of what is written: harmless HTML and its text; plain text alone when `html` is null. */
  readonly written: { readonly html: string | null; readonly text: string }
}

/** What is sealed: the head says what the parts are, one after the other. docs/replies.md §1 */
export interface BuiltReply {
  readonly head: ReplyHead
  readonly parts: readonly Blob[]
}

/** @throws {RangeError} when the writer's address is none */
export function buildReply(content: ReplyContent): BuiltReply {
  const parts = partsOf(content)
  return {
    head: headOf(
      content,
      parts.map(({ part }) => part),
    ),
    parts: parts.map(({ bytes }) => bytes),
  }
}

function headOf(content: ReplyContent, parts: readonly ReplyPart[]): ReplyHead {
  const { draft, offer, thread, locale } = content
  const writer = parseAddress(content.writer)
  if (writer === null) throw new RangeError('no address of a writer')
  return {
    version: 1,
    kind: draft.kind,
    submissionId: draft.submissionId,
    messageId: offer.messageId,
    conversationId: offer.conversationId,
    writer,
    writerName: draft.writerName.slice(0, MAX_WRITER_NAME_CHARACTERS),
    to: draft.to.map(({ address }) => address),
    cc: draft.cc.map(({ address }) => address),
    copyToWriter: draft.copyToWriter,
    subject: draft.subject,
    inReplyTo: thread.inReplyTo,
    references: thread.references,
    locale,
    parts,
  }
}

interface BuiltPart {
  readonly part: ReplyPart
  readonly bytes: Blob
}

function partsOf(content: ReplyContent): readonly BuiltPart[] {
  const { draft, quote, written } = content
  const html = written.html === null ? null : new Blob([htmlOf(content, written.html)])
  const text = new Blob([textOf(content)])
  // Plain text shows no picture: its own and those of the quote stay behind.
  const isRich = html !== null
  const quoted = isRich ? (quote?.pictures ?? []) : []
  return [
    { part: { role: 'text', bytes: text.size }, bytes: text },
    ...(html === null ? [] : [{ part: { role: 'html', bytes: html.size } as const, bytes: html }]),
    ...draft.files.flatMap(({ contentId, name, type, bytes }) =>
      isRich && contentId !== null ? [inlinePart({ contentId, name, type, bytes })] : [],
    ),
    ...quoted.map(({ contentId, type, bytes }, at) =>
      inlinePart({ contentId, name: `picture-${at + 1}.${endingOf(type)}`, type, bytes }),
    ),
    ...draft.files.flatMap(({ contentId, name, type, bytes }): BuiltPart[] =>
      contentId !== null
        ? []
        : [{ part: { role: 'attachment', name, type, bytes: bytes.size }, bytes }],
    ),
  ]
}

function inlinePart(picture: {
  readonly contentId: string
  readonly name: string
  readonly type: string
  readonly bytes: Blob
}): BuiltPart {
  const { contentId, name, type, bytes } = picture
  return { part: { role: 'inline', type, name, contentId, bytes: bytes.size }, bytes }
}

function endingOf(type: string): string {
  return type.slice(type.indexOf('/') + 1).replace('jpeg', 'jpg')
}

/** The text of an answer, quote below; LF line ends. */
function textOf({ written, quote, quoteHead, draft }: ReplyContent): string {
  if (quote === null) return `${written.text.trimEnd()}\n`
  const quoted = draft.kind === 'forward' ? `\n${quote.text}` : quoteText(quote.text)
  return `${written.text.trimEnd()}\n\n${quoteHead.join('\n')}\n${quoted.trimEnd()}\n`
}

/** What is quoted stays in its place, whatever its styles say: nothing of it may lie over the answer. */
const inPlace = 'contain:layout paint;overflow-x:auto'
const asQuote = `margin:.5rem 0;padding-inline-start:.9rem;border-inline-start:3px solid #d5cfc6;${inPlace}`

/** What stands in a page's body; joined of pieces that are each harmless and whole, none of them changed. */
function htmlOf(content: ReplyContent, written: string): string {
  const { locale } = content
  return `<div lang="${escapeHtml(locale)}" dir="auto">${written}</div>${quotedHtml(content)}\n`
}

function quotedHtml({ draft, quote, quoteHead }: ReplyContent): string {
  if (quote === null) return ''
  const head = `<p dir="auto">${quoteHead.map(escapeHtml).join('<br>')}</p>`
  const body = quote.html ?? `<div style="white-space:pre-wrap">${escapeHtml(quote.text)}</div>`
  return draft.kind === 'forward'
    ? `${head}<div style="${inPlace}">${body}</div>`
    : `${head}<blockquote type="cite" style="${asQuote}">${body}</blockquote>`
}
