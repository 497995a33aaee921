import { joinBytes } from './join-bytes.ts'

/** Deeper values are not read: real ones need six levels. */
const MAX_LEVELS = 12

const SEQUENCE = 0x30
const OBJECT_IDENTIFIER = 0x06
const OCTET_STRING = 0x04
const PIECES_OF_OCTET_STRING = 0x24
const TAGGED_0 = 0xa0
const CONSTRUCTED = 0x20
const INDEFINITE = 0x80

/** 1.2.840.113549.1.7.2 */
const SIGNED_DATA = '2a864886f70d010702'

/** One value in BER (X.690 §8.1): offsets of its content, and of what follows it. */
interface Value {
  readonly tag: number
  readonly start: number
  readonly end: number
  readonly next: number
}

/**
 * What an S/MIME message signs when it carries it inside (RFC 8551 §3.5.2, RFC 5652 §5.1), so that it can be shown.
 * The signature is not checked. Null when the bytes are no SignedData with content.
 */
export function signedContent(bytes: Uint8Array): Uint8Array | null {
  const [type, wrapped] = childrenOf(bytes, valueAt(bytes, 0, bytes.length), SEQUENCE)
  if (type?.tag !== OBJECT_IDENTIFIER || hexOf(bytes, type) !== SIGNED_DATA) return null
  const [signedData] = childrenOf(bytes, wrapped ?? null, TAGGED_0)
  const content = childrenOf(bytes, signedData ?? null, SEQUENCE)[2]
  const [, explicit] = childrenOf(bytes, content ?? null, SEQUENCE)
  const [octets] = childrenOf(bytes, explicit ?? null, TAGGED_0)
  return octets === undefined ? null : octetsOf(bytes, octets, 0)
}

/** Empty when the value is none, or of another kind. */
function childrenOf(bytes: Uint8Array, value: Value | null, tag: number): readonly Value[] {
  const children: Value[] = []
  if (value?.tag !== tag) return children
  for (let at = value.start; at < value.end;) {
    const child = valueAt(bytes, at, value.end)
    if (child === null) break
    children.push(child)
    at = child.next
  }
  return children
}

/** One piece, or pieces one after the other (X.690 §8.7). */
function octetsOf(bytes: Uint8Array, value: Value, level: number): Uint8Array | null {
  if (value.tag === OCTET_STRING) return bytes.subarray(value.start, value.end)
  if (value.tag !== PIECES_OF_OCTET_STRING || level > MAX_LEVELS) return null
  const pieces = childrenOf(bytes, value, value.tag).map(piece => octetsOf(bytes, piece, level + 1))
  const whole = pieces.filter(piece => piece !== null)
  return whole.length === pieces.length ? joinBytes(whole) : null
}

/** Null when there is no whole value between the offsets. */
function valueAt(bytes: Uint8Array, start: number, end: number, level = 0): Value | null {
  const tag = bytes[start]
  const first = bytes[start + 1]
  if (tag === undefined || first === undefined || start + 2 > end) return null
  if (first === INDEFINITE) return indefiniteValue(bytes, tag, start + 2, end, level)
  const size = first < INDEFINITE ? 0 : first - INDEFINITE
  if (size > 4) return null
  const length = first < INDEFINITE ? first : numberAt(bytes, start + 2, size)
  const content = start + 2 + size
  return content + length > end
    ? null
    : { tag, start: content, end: content + length, next: content + length }
}

/** X.690 §8.1.3.6: ends with two zero bytes where a value could begin. */
function indefiniteValue(
  bytes: Uint8Array,
  tag: number,
  start: number,
  end: number,
  level: number,
): Value | null {
  if ((tag & CONSTRUCTED) === 0 || level > MAX_LEVELS) return null
  for (let at = start; at + 1 < end;) {
    if (bytes[at] === 0 && bytes[at + 1] === 0) return { tag, start, end: at, next: at + 2 }
    const child = valueAt(bytes, at, end, level + 1)
    if (child === null) return null
    at = child.next
  }
  return null
}

function numberAt(bytes: Uint8Array, start: number, size: number): number {
  return bytes.subarray(start, start + size).reduce((number, byte) => number * 256 + byte, 0)
}

function hexOf(bytes: Uint8Array, { start, end }: Value): string {
  const content = bytes.subarray(start, Math.min(end, start + 20))
  return Array.from(content, byte => byte.toString(16).padStart(2, '0')).join('')
}
