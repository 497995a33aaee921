import { MAX_FIELD_BYTES, MAX_FIELDS_PER_NAME } from './limits.ts'
import type { Warnings } from './warning.ts'

/** The fields that the reader uses, by lower-case name, in order, raw and still folded. */
export type HeaderFields = ReadonlyMap<string, readonly Uint8Array[]>

export interface HeaderBlock {
  readonly fields: HeaderFields
  /** Offset of the first byte after the empty line. */
  readonly bodyStart: number
}

const CR = 13
const LF = 10
const COLON = 58
const SEMICOLON = 59

const KEPT = new Set(
  (
    'from sender reply-to to cc subject date message-id in-reply-to references ' +
    'content-type content-disposition content-transfer-encoding content-id'
  ).split(' '),
)
const OTHER_KNOWN = /^(?:mime-version|received|return-path|x-.*)$/
const MAX_NAME_LENGTH = 100
/** How far a line that is no field is forgiven. Bounds the work for a header of nothing else. */
const LOOK_AHEAD_BYTES = 500

/**
 * Reads a header block (RFC 5322 §2.2) at `start`. A line ends in CRLF, LF or CR; an empty line ends the block.
 * A line that is no field is left out when a well-known field follows it before the empty line;
 * otherwise the empty line was forgotten and the body begins there.
 * @param isDelimiter whether a multipart goes on at an offset, where the block ends too.
 */
export function readHeaderFields(
  bytes: Uint8Array,
  start: number,
  warnings: Warnings,
  isDelimiter: (offset: number) => boolean = () => false,
): HeaderBlock {
  const end = bytes.length
  const block = new Block(warnings)
  let at = startsWith(bytes, start, '\xef\xbb\xbf') ? start + 3 : start // a byte order mark
  if (startsWith(bytes, at, 'From ')) at = nextLine(bytes, at, end) // mbox
  while (at < end && !isDelimiter(at)) {
    if (isLineEnd(bytes[at])) return { fields: block.fields, bodyStart: nextLine(bytes, at, end) }
    const fieldEnd = endOfField(bytes, at, end)
    const name = fieldName(bytes, at, fieldEnd)
    if (name !== null) block.add(name, bytes.subarray(name.valueStart, fieldEnd))
    else if (
      startsWith(bytes, at, '--') || // a multipart whose header ends in a line of blanks, or in none
      (!block.continues(bytes.subarray(at, fieldEnd)) && !fieldFollows(bytes, fieldEnd))
    )
      break
    else warnings.add('malformed-header')
    at = fieldEnd
  }
  return { fields: block.fields, bodyStart: Math.min(at, end) }
}

class Block {
  readonly fields = new Map<string, Uint8Array[]>()
  readonly #warnings: Warnings
  #last: { readonly name: string; readonly value: Uint8Array } | null = null

  constructor(warnings: Warnings) {
    this.#warnings = warnings
  }

  add(name: FieldName, value: Uint8Array): void {
    this.#last = { name: name.text, value }
    if (!KEPT.has(name.text)) return
    if (value.length > MAX_FIELD_BYTES) this.#warnings.add('too-many-fields')
    const values = this.fields.get(name.text) ?? []
    if (values.length >= MAX_FIELDS_PER_NAME) return this.#warnings.add('too-many-fields')
    values.push(value.subarray(0, MAX_FIELD_BYTES))
    this.fields.set(name.text, values)
  }

  /** `Content-Type: a/b;` whose parameters follow in a line that is not folded: the line belongs to the field. */
  continues(line: Uint8Array): boolean {
    const last = this.#last
    if (last === null || !last.name.startsWith('content-')) return false
    const values = this.fields.get(last.name)
    if (values === undefined || lastVisible(last.value) !== SEMICOLON || !line.includes(61))
      return false
    const joined = new Uint8Array(last.value.length + line.length)
    joined.set(last.value)
    joined.set(line, last.value.length)
    values[values.length - 1] = joined.subarray(0, MAX_FIELD_BYTES)
    this.#last = { name: last.name, value: joined }
    return true
  }
}

interface FieldName {
  readonly text: string
  readonly valueStart: number
}

/**
 * RFC 5322 §2.2: printable ASCII without the colon. §4.5: white space may stand before the colon.
 * Names with bytes above 127 are wrong, but nothing else than names.
 */
function fieldName(bytes: Uint8Array, start: number, end: number): FieldName | null {
  let at = start
  while (at < end && isNameByte(bytes[at] ?? 0)) at++
  const nameEnd = at
  while (at < end && isBlank(bytes[at])) at++
  if (nameEnd === start || bytes[at] !== COLON || at >= end) return null
  const name = bytes.subarray(start, Math.min(nameEnd, start + MAX_NAME_LENGTH))
  return { text: String.fromCharCode(...name).toLowerCase(), valueStart: at + 1 }
}

function isNameByte(byte: number): boolean {
  return byte > 32 && byte !== 127 && byte !== COLON
}

/** A well-known field within the next lines, before an empty line and before a delimiter. */
function fieldFollows(bytes: Uint8Array, start: number): boolean {
  const end = Math.min(bytes.length, start + LOOK_AHEAD_BYTES)
  for (let at = start; at < end; at = nextLine(bytes, at, end)) {
    if (isLineEnd(bytes[at]) || startsWith(bytes, at, '--')) return false
    const name = fieldName(bytes, at, end)?.text
    if (name !== undefined && (KEPT.has(name) || OTHER_KNOWN.test(name))) return true
  }
  return false
}

function endOfField(bytes: Uint8Array, start: number, end: number): number {
  let at = nextLine(bytes, start, end)
  while (at < end && isBlank(bytes[at])) at = nextLine(bytes, at, end)
  return at
}

/** Offset of the first byte after the line that contains `start`. */
export function nextLine(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && !isLineEnd(bytes[at])) at++
  return at + (bytes[at] === CR && bytes[at + 1] === LF && at + 1 < end ? 2 : at < end ? 1 : 0)
}

export function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9
}

function lastVisible(bytes: Uint8Array): number | undefined {
  return bytes.findLast(byte => byte > 32)
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  return Array.from(text).every((character, i) => bytes[at + i] === character.charCodeAt(0))
}
