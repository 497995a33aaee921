import { oneByte } from './charset.ts'
import { fieldText } from './encoded-words.ts'
import type { HeaderFields } from './header-fields.ts'
import { isLineEnd, nextLine, readHeaderFields } from './header-fields.ts'
import { MAX_DEPTH, MAX_PARTS } from './limits.ts'
import type { ParameterField } from './parameters.ts'
import { parseParameters } from './parameters.ts'
import type { Warnings } from './warning.ts'

/** One entity of a mail (RFC 2045 §2.4). Offsets are into the mail. */
export interface MimeNode {
  readonly fields: HeaderFields
  /** `type/subtype`, lower case. */
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  /** Encoded content from `start` to `end`; for a divided multipart its preamble, parts and epilogue. */
  readonly start: number
  readonly end: number
  readonly children: readonly MimeNode[]
}

interface OpenNode extends MimeNode {
  type: string
  end: number
  readonly children: OpenNode[]
}

interface OpenMultipart {
  readonly node: OpenNode
  readonly boundary: string
}

interface Delimiter {
  /** Of the open multipart that it divides or ends. */
  readonly index: number
  readonly closes: boolean
}

/**
 * Divides a mail into its parts in one pass (RFC 2046 §5.1). An attached message is not opened: its parts
 * are not parts of this mail. A boundary of an outer multipart always ends the inner ones.
 */
export function parseTree(bytes: Uint8Array, warnings: Warnings): MimeNode {
  return new TreeBuilder(bytes, warnings).build()
}

class TreeBuilder {
  readonly #bytes: Uint8Array
  readonly #warnings: Warnings
  readonly #open: OpenMultipart[] = []
  /** Boundaries of the open multiparts; the innermost index comes last. */
  readonly #indexes = new Map<string, number[]>()
  #parts = 0
  /** The leaf that is being read; null in a preamble or epilogue. */
  #current: OpenNode | null = null

  constructor(bytes: Uint8Array, warnings: Warnings) {
    this.#bytes = bytes
    this.#warnings = warnings
  }

  build(): MimeNode {
    const root = this.#readNode(0, 'text/plain')
    let at = this.#enter(root)
    while (this.#open.length > 0 && at < this.#bytes.length) at = this.#readToDelimiter(at)
    if (this.#open.length > 0) this.#endWithoutDelimiter()
    return root
  }

  /** The line end before the missing delimiter is taken to be its own, as it is before any other. */
  #endWithoutDelimiter(): void {
    this.#warnings.add('bad-boundary')
    this.#closeDownTo({ index: 0, closes: true }, beforeLineEnd(this.#bytes, this.#bytes.length))
  }

  #readNode(start: number, defaultType: string): OpenNode {
    const isDelimiter = (at: number) => this.#delimiterAt(at, endOfLine(this.#bytes, at)) !== null
    const { fields, bodyStart } = readHeaderFields(this.#bytes, start, this.#warnings, isDelimiter)
    const { value, parameters } = contentType(fields, defaultType)
    const end = this.#bytes.length
    return { fields, type: value, parameters, start: bodyStart, end, children: [] }
  }

  /** Opens a multipart that has a boundary. @returns where its content starts. */
  #enter(node: OpenNode): number {
    this.#current = node
    if (!node.type.startsWith('multipart/')) return node.start
    const boundary = boundaryOf(node)
    if (boundary === null) this.#warnings.add('bad-boundary')
    else if (this.#open.length >= MAX_DEPTH) {
      this.#warnings.add('too-deep')
      node.type = 'application/octet-stream'
    } else {
      const indexes = this.#indexes.get(boundary) ?? []
      this.#indexes.set(boundary, [...indexes, this.#open.length])
      this.#open.push({ node, boundary })
      this.#current = null
    }
    return node.start
  }

  /** Looks for the next delimiter of an open multipart and reads it. @returns where to go on. */
  #readToDelimiter(from: number): number {
    const bytes = this.#bytes
    const at = findDashes(bytes, from)
    if (at < 0) return bytes.length
    const lineEnd = endOfLine(bytes, at)
    const next = nextLine(bytes, lineEnd, bytes.length)
    const delimiter = this.#delimiterAt(at, lineEnd)
    if (delimiter === null) return next
    this.#closeDownTo(delimiter, beforeLineEnd(bytes, at))
    return delimiter.closes ? next : this.#startPart(next)
  }

  /** A delimiter right after another one starts no part. */
  #startPart(start: number): number {
    const parent = this.#open.at(-1)?.node
    if (parent === undefined || start >= this.#bytes.length) return start
    if (this.#delimiterAt(start, endOfLine(this.#bytes, start)) !== null) return start
    if (++this.#parts > MAX_PARTS) return this.#giveUp(parent, start)
    const node = this.#readNode(
      start,
      parent.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain',
    )
    parent.children.push(node)
    return this.#enter(node)
  }

  /** All that is left becomes one last part, as a file. */
  #giveUp(parent: OpenNode, start: number): number {
    this.#warnings.add('too-many-parts')
    const end = this.#bytes.length
    const type = 'application/octet-stream'
    parent.children.push({
      fields: new Map(),
      type,
      parameters: new Map(),
      start,
      end,
      children: [],
    })
    this.#open.length = 0
    return end
  }

  /** Ends what is open inside the multipart of a delimiter, and that one too when it closes. */
  #closeDownTo({ index, closes }: Delimiter, end: number): void {
    if (this.#current !== null) this.#current.end = Math.max(this.#current.start, end)
    this.#current = null
    if (this.#open.length > index + 1) this.#warnings.add('bad-boundary')
    for (const { node, boundary } of this.#open.splice(closes ? index : index + 1)) {
      node.end = Math.max(node.start, end)
      this.#indexes.get(boundary)?.pop()
    }
  }

  /** The innermost multipart whose delimiter the line is (RFC 2046 §5.1.1); null when there is none. */
  #delimiterAt(at: number, lineEnd: number): Delimiter | null {
    const bytes = this.#bytes
    if (bytes[at] !== DASH || bytes[at + 1] !== DASH) return null
    const end = beforeBlanks(bytes, at + 2, lineEnd)
    if (end === at + 2) return null
    const text = oneByte.decode(bytes.subarray(at + 2, end))
    const divided = this.#indexes.get(text)?.at(-1)
    if (divided !== undefined) return { index: divided, closes: false }
    if (!text.endsWith('--')) return null
    const closed = this.#indexes.get(text.slice(0, -2))?.at(-1)
    return closed === undefined ? null : { index: closed, closes: true }
  }
}

const DASH = 45

function contentType(fields: HeaderFields, defaultType: string): ParameterField {
  const raw = fields.get('content-type')?.[0]
  if (raw === undefined) return { value: defaultType, parameters: new Map() }
  const field = parseParameters(fieldText(raw))
  // RFC 2045 §5.2
  return /^[^/\s]+\/[^/\s]+$/.test(field.value) ? field : { ...field, value: 'text/plain' }
}

/** As the field spells it, byte for byte, whatever its charset; null when there is none. */
function boundaryOf(node: MimeNode): string | null {
  const raw = node.fields.get('content-type')?.[0]
  if (raw === undefined || !node.parameters.has('boundary')) return null
  const unfolded = raw.filter(byte => !isLineEnd(byte))
  const boundary =
    parseParameters(oneByte.decode(unfolded)).parameters.get('boundary')?.trimEnd() ?? ''
  return boundary === '' ? null : boundary
}

/** The next `--` at the start of a line, -1 when there is none. */
function findDashes(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(DASH, from)
  while (at >= 0 && !(bytes[at + 1] === DASH && (at === from || isLineEnd(bytes[at - 1])))) {
    at = bytes.indexOf(DASH, at + 1)
  }
  return at
}

function endOfLine(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && !isLineEnd(bytes[at])) at++
  return at
}

function beforeBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > start && (bytes[at - 1] === 32 || bytes[at - 1] === 9)) at--
  return at
}

/** RFC 2046 §5.1.1: the line end before a delimiter belongs to the delimiter. */
function beforeLineEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at - 1] === 10) return bytes[at - 2] === 13 ? at - 2 : at - 1
  return bytes[at - 1] === 13 ? at - 1 : at
}
