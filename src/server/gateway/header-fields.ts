/** One field of a mail's header block. RFC 5322 §2.2 */
export interface HeaderField {
  /** As written; empty for a line that is no field (such as an mbox `From ` line). */
  readonly name: string
  /** The field as it came, line ends included. */
  readonly raw: Uint8Array
  /** The body unfolded (RFC 5322 §2.2.3), white space around it removed; UTF-8, or Latin-1 when it is none. */
  readonly value: string
}

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const latin1 = new TextDecoder('latin1')

/**
 * Where the body begins: the index behind the first empty line. -1 when `bytes` hold none yet.
 * Lines may end in CRLF or LF.
 */
export function findHeaderEnd(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length;) {
    const lineFeed = bytes.indexOf(LINE_FEED, at)
    if (lineFeed === -1) return -1
    const length = lineFeed - at
    if (length === 0 || (length === 1 && bytes[at] === CARRIAGE_RETURN)) return lineFeed + 1
    at = lineFeed + 1
  }
  return -1
}

/** The fields of a header block, in order. Takes any bytes. */
export function readHeaderFields(block: Uint8Array): readonly HeaderField[] {
  const fields: HeaderField[] = []
  for (let start = 0; start < block.length;) {
    const end = fieldEnd(block, start)
    const raw = block.subarray(start, end)
    if (isEmptyLine(raw)) break
    fields.push(readField(raw))
    start = end
  }
  return fields
}

/** The one field of this name; null when there is none, `ambiguous` when there are several. */
export function singleField(
  fields: readonly HeaderField[],
  name: string,
): HeaderField | null | 'ambiguous' {
  const found = fieldsNamed(fields, name)
  return found.length > 1 ? 'ambiguous' : (found[0] ?? null)
}

export function fieldsNamed(fields: readonly HeaderField[], name: string): readonly HeaderField[] {
  const wanted = name.toLowerCase()
  return fields.filter(field => field.name.toLowerCase() === wanted)
}

/** The header block without the fields of these names; everything else byte for byte. Removes Bcc. envelope.md §5 */
export function removeFields(block: Uint8Array, names: readonly string[]): Uint8Array {
  if (names.length === 0) return block
  const unwanted = new Set(names.map(name => name.toLowerCase()))
  const fields = readHeaderFields(block)
  const kept = fields.filter(field => !unwanted.has(field.name.toLowerCase()))
  if (kept.length === fields.length) return block
  const length = fields.reduce((sum, field) => sum + field.raw.length, 0)
  return Buffer.concat([...kept.map(field => field.raw), block.subarray(length)])
}

/** Index behind the field that begins at `start`: up to the first line that is no continuation. */
function fieldEnd(block: Uint8Array, start: number): number {
  for (let at = start; ;) {
    const lineFeed = block.indexOf(LINE_FEED, at)
    if (lineFeed === -1) return block.length
    at = lineFeed + 1
    const next = block[at]
    if (next !== 32 && next !== 9) return at
    if (isEmptyLine(block.subarray(start, at))) return at
  }
}

function isEmptyLine(raw: Uint8Array): boolean {
  return raw[0] === LINE_FEED || (raw[0] === CARRIAGE_RETURN && raw[1] === LINE_FEED)
}

const FIELD = /^([\u0021-\u0039\u003b-\u007e]+)[ \t]*:([^]*)$/

function readField(raw: Uint8Array): HeaderField {
  const [, name, body] = FIELD.exec(decode(raw)) ?? []
  if (name === undefined || body === undefined) return { name: '', raw, value: '' }
  return { name, raw, value: body.replaceAll(/\r?\n(?=[ \t])/g, '').trim() }
}

function decode(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return latin1.decode(bytes)
  }
}
