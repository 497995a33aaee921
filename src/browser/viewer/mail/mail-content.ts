import { chooseAlternative } from './alternatives.ts'
import type { BodySection } from './body-section.ts'
import { decodeCharset, isKnownCharset, oneByte } from './charset.ts'
import type { cryptoOf } from './crypto-kind.ts'
import { joinFlowed } from './flowed.ts'
import { isPkcs7 } from './is-pkcs7.ts'
import { joinBytes } from './join-bytes.ts'
import { MAX_SIGNATURES } from './limits.ts'
import type { MimeNode } from './mime-tree.ts'
import { parseTree } from './mime-tree.ts'
import type { PartFields } from './part-fields.ts'
import { readPartFields } from './part-fields.ts'
import type { signedContent } from './signed-content.ts'
import { decodeTransfer } from './transfer-encoding.ts'
import { findBegin } from './uuencode-begin.ts'
import type { decodeUuencoded, findUuencoded } from './uuencode.ts'
import type { Warnings } from './warning.ts'
import { withLineFeeds } from './with-line-feeds.ts'

/** Readers of what few mails hold: they are loaded when a mail turns out to. */
export interface RareReaders {
  readonly cryptoOf: typeof cryptoOf
  readonly signedContent: typeof signedContent
  readonly decodeUuencoded: typeof decodeUuencoded
  readonly findUuencoded: typeof findUuencoded
}

/** Where they cannot be loaded: what they would read stays a file, or text. */
export const NO_RARE_READERS: RareReaders = {
  cryptoOf: () => ({ signature: 'none', encryption: 'none' }),
  signedContent: () => null,
  decodeUuencoded: () => null,
  findUuencoded: () => [],
}

/** A part that is a file, not yet named. */
export interface FileNode {
  readonly node: MimeNode
  readonly fields: PartFields
  readonly bytes: Uint8Array
}

export interface MailContent {
  readonly sections: readonly BodySection[]
  /** In the order of the mail. */
  readonly files: readonly FileNode[]
  /** An invitation that stands among the alternatives of the text. */
  readonly calendar: FileNode | null
  /** Some of it was inside of an S/MIME signature. */
  readonly signedInside: boolean
}

/**
 * Tells apart what a mail says and what it carries (RFC 2046 §5.1.3 to §5.1.7, RFC 2387).
 * @returns null when a rare reader is needed and `rare` is null
 */
export function readContent(
  bytes: Uint8Array,
  root: MimeNode,
  warnings: Warnings,
  rare: RareReaders | null,
): MailContent | null {
  const reader = new ContentReader(bytes, warnings, rare ?? NO_RARE_READERS)
  const sections = reader.read(root, 'part')
  if (reader.usedRare && rare === null) return null
  return {
    sections: joinPlain(sections.length > 0 ? sections : reader.namedText()),
    files: reader.files,
    calendar: reader.calendar,
    signedInside: reader.signedInside,
  }
}

/** Ten thousand small texts are one text: each section costs the page a run of its sanitiser. */
function joinPlain(sections: readonly BodySection[]): readonly BodySection[] {
  const joined: { html: string | null; texts: (string | null)[] }[] = []
  for (const { html, text } of sections) {
    const last = joined.at(-1)
    if (html === null && last?.html === null) last.texts.push(text)
    else joined.push({ html, texts: [text] })
  }
  return joined.map(({ html, texts }) => ({
    html,
    text: texts[0] === null ? null : texts.join('\n'),
  }))
}

/** What the place of a part makes of it: one of many, a version or root that is text, a resource of HTML. */
type Role = 'part' | 'text' | 'resource'

class ContentReader {
  readonly files: FileNode[] = []
  calendar: FileNode | null = null
  signedInside = false
  usedRare = false
  readonly #bytes: Uint8Array
  readonly #warnings: Warnings
  readonly #rareReaders: RareReaders
  readonly #signatures: number

  /** @param signatures how many S/MIME signatures are around the bytes */
  constructor(bytes: Uint8Array, warnings: Warnings, rare: RareReaders, signatures = 0) {
    this.#bytes = bytes
    this.#warnings = warnings
    this.#rareReaders = rare
    this.#signatures = signatures
  }

  get #rare(): RareReaders {
    this.usedRare = true
    return this.#rareReaders
  }

  read(node: MimeNode, role: Role): readonly BodySection[] {
    if (node.children.length === 0) return this.#readLeaf(node, role)
    if (node.type === 'multipart/alternative') {
      return chooseAlternative(
        node.children.map(child => ({ node: child, sections: this.read(child, 'text') })),
      )
    }
    const root = node.type === 'multipart/related' ? relatedRoot(node) : null
    return node.children.flatMap(child =>
      this.read(child, root === null ? 'part' : child === root ? 'text' : 'resource'),
    )
  }

  /** Text that has a file name but is no attachment: it is the body when nothing else is. */
  namedText(): readonly BodySection[] {
    const file = this.files.find(isNamedText)
    return file === undefined ? [] : [this.#section(file.node, file.bytes)]
  }

  #readLeaf(node: MimeNode, role: Role): readonly BodySection[] {
    const fields = readPartFields(node)
    const raw = this.#bytes.subarray(node.start, node.end)
    if (node.type.startsWith('multipart/')) return this.#undivided(node, raw)
    const file = { node, fields, bytes: this.#decodeTransfer(raw, fields.encoding) }
    if (node.type === 'text/calendar' || node.type === 'application/ics') this.calendar ??= file
    if (isText(file) && !(role === 'resource' && fields.contentId !== null)) {
      const isWords = fields.encoding === 'base64' && isNoBase64(raw, file.bytes)
      return node.type === 'text/calendar' ? [] : [this.#section(node, isWords ? raw : file.bytes)]
    }
    this.files.push(file)
    if (isPkcs7(node)) return this.#readSigned(file.bytes)
    return role === 'text' && isNamedText(file) ? [this.#section(node, file.bytes)] : []
  }

  #decodeTransfer(raw: Uint8Array, encoding: string): Uint8Array {
    if (UUENCODE.has(encoding)) return this.#rare.decodeUuencoded(raw) ?? raw
    return decodeTransfer(raw, encoding, this.#warnings)
  }

  /** The part that a signature is wrapped around. Its own header fields besides MIME's are not looked at. */
  #readSigned(bytes: Uint8Array): readonly BodySection[] {
    const content = this.#signatures < MAX_SIGNATURES ? this.#rare.signedContent(bytes) : null
    if (content === null) return []
    const inside = new ContentReader(
      content,
      this.#warnings,
      this.#rareReaders,
      this.#signatures + 1,
    )
    const sections = inside.read(parseTree(content, this.#warnings), 'part')
    this.signedInside = true
    for (const file of inside.files) this.files.push(file)
    this.calendar ??= inside.calendar
    return sections
  }

  /** A multipart that nothing divides is shown as it stands, so that nothing is lost. */
  #undivided(node: MimeNode, raw: Uint8Array): readonly BodySection[] {
    const text = this.#decode(raw, node.parameters.get('charset') ?? null)
    return text.trim() === '' ? [] : [{ html: null, text }]
  }

  #section(node: MimeNode, bytes: Uint8Array): BodySection {
    const charset = node.parameters.get('charset') ?? null
    if (node.type === 'text/html') {
      return { html: this.#decode(bytes, charset ?? metaCharset(bytes)), text: null }
    }
    const text = this.#decode(this.#takeUuencoded(bytes), charset)
    const flowed = node.parameters.get('format')?.toLowerCase() === 'flowed'
    const deleteSpace = node.parameters.get('delsp')?.toLowerCase() === 'yes'
    return { html: null, text: flowed ? joinFlowed(text, deleteSpace) : text }
  }

  /** @returns the text around the files. */
  #takeUuencoded(bytes: Uint8Array): Uint8Array {
    const found = findBegin(bytes, 0) < 0 ? [] : this.#rare.findUuencoded(bytes)
    if (found.length === 0) return bytes
    const rest: Uint8Array[] = []
    let at = 0
    for (const { name, bytes: content, start, end } of found) {
      rest.push(bytes.subarray(at, start))
      at = end
      this.files.push({ node: OLD_FILE, fields: { ...OLD_FIELDS, fileName: name }, bytes: content })
    }
    return joinBytes([...rest, bytes.subarray(at)])
  }

  #decode(bytes: Uint8Array, charset: string | null): string {
    const wide = WIDE.test(charset ?? '')
    const { text, guessed } = decodeCharset(wide ? bytes : withLineFeeds(bytes), charset)
    if (guessed || (charset !== null && !isKnownCharset(charset) && !/^us-ascii$/i.test(charset))) {
      this.#warnings.add('unknown-charset')
    }
    return wide ? text.replaceAll(/\r\n?/g, '\n').replaceAll('\0', '') : text
  }
}

/** Names that mailers gave it; no RFC has it. */
const UUENCODE: ReadonlySet<string> = new Set(['x-uuencode', 'x-uue', 'uuencode', 'uue'])

/** Charsets with two bytes for a line end. */
const WIDE = /16|ucs|^(?:cs)?unicode/i

const OLD_FILE: MimeNode = {
  fields: new Map(),
  type: 'application/octet-stream',
  parameters: new Map(),
  start: 0,
  end: 0,
  children: [],
}
const OLD_FIELDS: PartFields = {
  disposition: 'attachment',
  fileName: null,
  contentId: null,
  encoding: '',
}

/** RFC 2046 §4.1.4: text of an unknown kind is shown as plain text. With a name it is a file. */
function isText({ node, fields }: FileNode): boolean {
  return (
    node.type.startsWith('text/') && fields.fileName === null && fields.disposition !== 'attachment'
  )
}

/** Has a file name and is no attachment: both a file and, where a text must stand, that text. */
function isNamedText({ node, fields }: FileNode): boolean {
  return /^text\/(?:plain|html)$/.test(node.type) && fields.disposition !== 'attachment'
}

/** Words that were never put into base64: blanks or points in it, and no text behind it. */
function isNoBase64(raw: Uint8Array, decoded: Uint8Array): boolean {
  const [words, text] = [raw, decoded].map(bytes => oneByte.decode(bytes.subarray(0, 1000)))
  // oxlint-disable-next-line no-control-regex -- controls that no text has
  return /\S[^\w+/=\r\n]/.test(words ?? '') && /[\x01-\x08\x0e-\x1a]/.test(text ?? '')
}

/** RFC 2387 §3.2: the part that `start` names, else the first. */
function relatedRoot(node: MimeNode): MimeNode | null {
  const start = (node.parameters.get('start') ?? '').replace(/^<|>$/g, '')
  const named = node.children.find(
    child => start !== '' && readPartFields(child).contentId === start,
  )
  return named ?? node.children[0] ?? null
}

/** The charset that HTML names itself. https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding */
function metaCharset(bytes: Uint8Array): string | null {
  const head = oneByte.decode(bytes.subarray(0, 1024))
  return /<meta[^>]{0,300}charset\s*=\s*["']?\s*([\w:-]{1,40})/i.exec(head)?.[1] ?? null
}
