import libmime from 'libmime'
import { headerText, people } from './header-text.ts'
import { decodeText } from './decode-text.ts'
import { decodeBody, splitMail } from './split-mail.ts'
import { fileName, numberNames } from './file-name.ts'
import { MAX_MAIL_IDS } from './limits.ts'
import type { MimeNode } from 'mailsplit'
import type { Person } from './header-text.ts'
import type { MailPart } from './split-mail.ts'
import type { StoredMail } from './stored-mail.ts'

export interface MailFile {
  /** Fit for a file system, and different from the other names of the same mail. */
  readonly name: string
  /** `application/pdf`, as the mail says it. */
  readonly type: string
  /** Without brackets; empty: none. */
  readonly contentId: string
  readonly content: Buffer
}

/** A mail as a mail program shows it. */
export interface ReadMail {
  readonly from: readonly Person[]
  readonly to: readonly Person[]
  readonly cc: readonly Person[]
  /** Where answers go; empty: to the author. */
  readonly replyTo: readonly Person[]
  readonly subject: string
  /** Null: the mail has no plain text. */
  readonly text: string | null
  /** Null: the mail has no HTML. */
  readonly html: string | null
  /** Everything that is not the text itself, pictures inside the HTML included. */
  readonly files: readonly MailFile[]
}

/** Reads a mail. Whatever is malformed in it is left out, never an error: the source shows it. */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const parts = await splitMail(raw)
  const root = parts[0]?.node
  const leaves = parts.filter(({ node }) => node.multipart === false)
  const text = leaves.find(({ node }) => isText(node, 'text/plain'))
  const html = leaves.find(({ node }) => isText(node, 'text/html'))
  const rest = leaves.filter(part => part !== text && part !== html)
  return {
    from: people(field(root, 'From')),
    to: people(field(root, 'To')),
    cc: people(field(root, 'Cc')),
    replyTo: people(field(root, 'Reply-To')),
    subject: headerText(field(root, 'Subject')),
    text: text === undefined ? null : await readText(text),
    html: html === undefined ? null : await readText(html),
    files: numberNames(await Promise.all(rest.map(readFile))),
  }
}

/** What a list and a conversation show of a mail; reads only its header. */
export async function readMailHeader(
  raw: Buffer,
): Promise<
  Pick<ReadMail, 'from' | 'subject'> & Pick<StoredMail, 'messageId' | 'references' | 'sealed'>
> {
  const end = raw.indexOf('\r\n\r\n')
  const [root] = await splitMail(end === -1 ? raw : raw.subarray(0, end + 4))
  const text = (name: string): string => field(root?.node, name)
  return {
    from: people(text('From')),
    subject: headerText(text('Subject')),
    messageId: mailIds(text('Message-ID'))[0] ?? '',
    references: mailIds(`${text('References')} ${text('In-Reply-To')}`),
    sealed: text('X-Zegel') !== '',
  }
}

/** Each once, in their order. RFC 5322 §3.6.4 */
function mailIds(text: string): readonly string[] {
  const ids = text.match(/<[!-;=?-~]{1,900}>/g) ?? []
  return [...new Set(ids)].slice(0, MAX_MAIL_IDS)
}

const field = (node: MimeNode | undefined, name: string): string =>
  node === undefined || node.headers === false ? '' : node.headers.getFirst(name)

const isText = (node: MimeNode, type: string): boolean =>
  node.contentType === type && node.disposition !== 'attachment' && node.filename === false

async function readText(part: MailPart): Promise<string> {
  const text = decodeText(await decodeBody(part), part.node.charset || '')
  return part.node.flowed ? libmime.decodeFlowed(text, part.node.delSp) : text
}

async function readFile(part: MailPart): Promise<MailFile> {
  const { node } = part
  const type = mediaType(node.contentType || '')
  return {
    name: fileName(node.filename || '', type),
    type,
    contentId: field(node, 'Content-ID').replaceAll(/^<|>$/g, ''),
    content: await decodeBody(part),
  }
}

/** RFC 6838 §4.2; anything else could break the header it is written into. */
const mediaType = (text: string): string =>
  /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/.test(text)
    ? text
    : 'application/octet-stream'
