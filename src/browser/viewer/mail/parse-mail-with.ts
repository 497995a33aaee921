import type { ShownMailbox } from './addresses.ts'
import { readMailboxes } from './addresses.ts'
import { contentIdsIn, toMailPart, toMailParts } from './attachments.ts'
import { isKnownCharset } from './charset.ts'
import type { Crypto } from './crypto-kind.ts'
import { decodeWords, fieldText } from './encoded-words.ts'
import type { BodySection } from './body-section.ts'
import { NO_RARE_READERS, readContent } from './mail-content.ts'
import type { MailContent, RareReaders } from './mail-content.ts'
import { parseMailDate } from './mail-date.ts'
import type { MailPart } from './mail-part.ts'
import type { MimeNode } from './mime-tree.ts'
import { parseTree } from './mime-tree.ts'
import { hasHiddenCharacters, shownLine } from './shown-text.ts'
import type { WarningCode } from './warning.ts'
import { Warnings } from './warning.ts'

export type { BodySection } from './body-section.ts'
export type { CryptoKind } from './crypto-kind.ts'
export type { MailPart } from './mail-part.ts'
export type { ShownMailbox } from './addresses.ts'
export type { WarningCode } from './warning.ts'

/** A mail as a page shows it. Plain data: it can be posted from a worker. */
export interface ParsedMail extends Crypto {
  /** One line, nothing invisible; empty when there is none. */
  readonly subject: string
  readonly from: readonly ShownMailbox[]
  readonly sender: readonly ShownMailbox[]
  readonly to: readonly ShownMailbox[]
  readonly cc: readonly ShownMailbox[]
  readonly replyTo: readonly ShownMailbox[]
  /** As written, and in milliseconds since 1970, null when it cannot be read. */
  readonly date: { readonly text: string; readonly ms: number | null }
  /** With brackets, as replies need them; empty when there are none. */
  readonly messageId: string
  readonly references: string
  readonly body: MailBody
  /** Parts that the HTML can refer to by `cid:`, by content id. They are among the attachments too. */
  readonly inline: ReadonlyMap<string, MailPart>
  /** Every file, in the order of the mail, attached messages unopened. */
  readonly attachments: readonly MailPart[]
  /** An invitation (RFC 5545); among the attachments only when it is attached too. */
  readonly calendar: MailPart | null
  readonly warnings: readonly WarningCode[]
}

export interface MailBody {
  /** Unsafe, to be looked at and not to be shown: all that is HTML, without what is only text. Null when the mail has only text. */
  readonly html: string | null
  /** With LF line ends, format=flowed joined. Null when the mail has only HTML. */
  readonly text: string | null
  /** Piece by piece, as it is shown: an unclosed tag of one piece cannot swallow the next. */
  readonly sections: readonly BodySection[]
}

/**
 * Reads a mail (RFC 5322, RFC 2045 to 2049) for showing. Never throws, whatever the bytes; time and memory are
 * linear in their number. Undecoded parts are views of `bytes`, which must not be changed afterwards.
 * @param rare readers of what few mails hold
 * @returns null when the mail holds such a thing and `rare` is null
 */
export function parseMailWith(bytes: Uint8Array, rare: RareReaders | null): ParsedMail | null {
  const warnings = new Warnings()
  const root = parseTree(bytes, warnings)
  const content = readContent(bytes, root, warnings, rare)
  if (content === null || (rare === null && mayBeSecured(root, content))) return null
  const { cryptoOf } = rare ?? NO_RARE_READERS
  return toParsed(root, content, cryptoOf(root, content), warnings)
}

/** Whether something in it speaks of signing or encrypting: cryptoOf knows. */
function mayBeSecured(root: MimeNode, { sections }: MailContent): boolean {
  return (
    namesCrypto(root) ||
    sections.some(({ html, text }) => [html, text].some(one => one?.includes('-----BEGIN PGP ')))
  )
}

function namesCrypto({ type, parameters, children }: MimeNode): boolean {
  const named = `${type} ${parameters.get('name') ?? ''}`
  return /sign|crypt|p7|pgp/i.test(named) || children.some(namesCrypto)
}

function toParsed(
  root: MimeNode,
  content: MailContent,
  crypto: Crypto,
  warnings: Warnings,
): ParsedMail {
  const { sections, files, calendar } = content
  const body = toBody(sections)
  const attachments = toMailParts(files, contentIdsIn(body.html ?? ''), warnings)
  const attached = files.findIndex(file => file === calendar)
  const header = readHeader(root, warnings)
  if (!sections.some(isVisible)) warnings.add('no-body')
  return {
    ...header,
    body,
    inline: byContentId(attachments),
    attachments,
    calendar:
      attachments[attached] ??
      (calendar === null ? null : toMailPart(calendar, 0, new Set(), warnings)),
    ...crypto,
    warnings: warnings.list(),
  }
}

type Header = Pick<
  ParsedMail,
  'subject' | 'from' | 'sender' | 'to' | 'cc' | 'replyTo' | 'date' | 'messageId' | 'references'
>

/** RFC 5322 §3.6 */
function readHeader(root: MimeNode, warnings: Warnings): Header {
  const fallback = charsetOf(root)
  const texts = (name: string) => (root.fields.get(name) ?? []).map(raw => fieldText(raw, fallback))
  const mailboxes = (name: string) => texts(name).flatMap(readMailboxes)
  const subject = decodeWords(texts('subject')[0] ?? '').trim()
  const date = texts('date')[0] ?? ''
  const from = mailboxes('from')
  warnAboutSender(texts('from'), from, warnings)
  warnAboutRepeats(root, warnings)
  if (hasHiddenCharacters(subject)) warnings.add('hidden-text')
  return {
    subject: shownLine(subject),
    from,
    sender: mailboxes('sender'),
    to: mailboxes('to'),
    cc: mailboxes('cc'),
    replyTo: mailboxes('reply-to'),
    date: { text: shownLine(date), ms: parseMailDate(date) },
    messageId: shownLine(texts('message-id')[0] ?? ''),
    references: shownLine(texts('references')[0] ?? texts('in-reply-to')[0] ?? ''),
  }
}

/** Of the mail, else of the first of its texts. */
function charsetOf(node: MimeNode): string | null {
  const own = node.parameters.get('charset') ?? null
  const [first] = node.children
  return first === undefined || isKnownCharset(own) ? own : charsetOf(first)
}

function warnAboutSender(
  fields: readonly string[],
  from: readonly ShownMailbox[],
  warnings: Warnings,
): void {
  if (fields.length > 1 || from.length > 1) warnings.add('several-from')
  if (from.some(mailbox => mailbox.ambiguous)) warnings.add('ambiguous-sender')
  if (fields.some(field => hasHiddenCharacters(decodeWords(field)))) warnings.add('hidden-text')
}

/** RFC 5322 §3.6: these may occur once. */
const ONCE = ['subject', 'date', 'sender', 'reply-to', 'to', 'cc', 'message-id', 'content-type']

function warnAboutRepeats(root: MimeNode, warnings: Warnings): void {
  if (ONCE.some(name => (root.fields.get(name)?.length ?? 0) > 1)) warnings.add('repeated-field')
}

function isVisible({ html, text }: BodySection): boolean {
  return `${html ?? ''}${text ?? ''}`.trim() !== ''
}

function toBody(sections: readonly BodySection[]): MailBody {
  const rich = sections.flatMap(({ html }) => html ?? [])
  const texts = sections.map(({ text }) => text)
  return {
    html: rich.length === 0 ? null : rich.join('\n'),
    text: sections.length === 0 || texts.includes(null) ? null : texts.join('\n'),
    sections,
  }
}

/** The first part of an id: a later one cannot replace it. */
function byContentId(parts: readonly MailPart[]): ReadonlyMap<string, MailPart> {
  const map = new Map<string, MailPart>()
  for (const part of parts) {
    if (part.contentId !== null && !map.has(part.contentId)) map.set(part.contentId, part)
  }
  return map
}
