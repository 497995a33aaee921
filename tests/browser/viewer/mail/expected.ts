import { createHash } from 'node:crypto'
import type {
  MailPart,
  ParsedMail,
  ShownMailbox,
} from '../../../../src/browser/viewer/mail/parse-mail.ts'
import { parseMail } from '../../../../src/browser/viewer/mail/parse-mail.ts'

/** An entry of the corpus' EXPECTED.json: what Python's `email` package reads. */
export interface Expected {
  readonly subject?: string | null
  readonly from?: string | null
  readonly to?: string | null
  readonly attachments?: readonly ExpectedFile[]
}

interface ExpectedFile {
  readonly name: string | null
  readonly type: string
  readonly bytes: number
  readonly sha256: string
}

export type Aspect = 'subject' | 'from' | 'to' | 'attachments'

export interface Difference {
  readonly what: Aspect
  readonly ours: readonly string[]
  readonly theirs: readonly string[]
}

/** Blanks, quotes around names and letter case are no difference; everything else is. */
export function differences(mail: ParsedMail, expected: Expected): readonly Difference[] {
  const ours: Record<Aspect, readonly string[]> = {
    subject: [plain(mail.subject)],
    from: [plain(listOf(mail.from))],
    to: [plain(listOf(mail.to))],
    attachments: openedFiles(mail).map(describePart),
  }
  const theirs: Record<Aspect, readonly string[]> = {
    subject: [plain(expected.subject ?? '')],
    from: [plain(expected.from ?? '')],
    to: [plain(expected.to ?? '')],
    attachments: (expected.attachments ?? []).map(describeFile),
  }
  const aspects: readonly Aspect[] = ['subject', 'from', 'to', 'attachments']
  return aspects
    .filter(what => ours[what].join('\n') !== theirs[what].join('\n'))
    .map(what => ({ what, ours: ours[what], theirs: theirs[what] }))
}

/** Python counts the files inside of attached messages, and not the messages. */
function openedFiles(mail: ParsedMail): readonly MailPart[] {
  return mail.attachments.flatMap(part =>
    part.type.startsWith('message/') ? openedFiles(parseMail(part.bytes)) : [part],
  )
}

function describePart(part: MailPart): string {
  return describeFile({
    name: part.givenName,
    type: part.type,
    bytes: part.bytes.length,
    sha256: createHash('sha256').update(part.bytes).digest('hex'),
  })
}

function describeFile({ name, type, bytes, sha256 }: ExpectedFile): string {
  return `${name ?? '(no name)'} · ${type} · ${bytes} bytes · ${sha256}`
}

function listOf(mailboxes: readonly ShownMailbox[]): string {
  return mailboxes
    .map((mailbox, i) => inGroup(mailbox, mailboxes[i - 1], mailboxes[i + 1]))
    .join(', ')
}

/** `Group: a, b;` */
function inGroup(mailbox: ShownMailbox, before?: ShownMailbox, after?: ShownMailbox): string {
  const { name, address, group } = mailbox
  const text = name === '' || address === '' ? name + address : `${name} <${address}>`
  if (group === null) return text
  const start = before?.group === group ? '' : `${group}: `
  return `${start}${address === '' ? '' : text}${after?.group === group ? '' : ';'}`
}

function plain(text: string): string {
  return text.replaceAll('"', '').replaceAll(/\s+/g, ' ').trim().toLowerCase()
}
