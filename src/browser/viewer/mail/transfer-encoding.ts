import { isLineEnd } from './header-fields.ts'
import type { Warnings } from './warning.ts'

const NOT_A_DIGIT = 64
const EQUALS = 61
const LF = 10
const CR = 13

const VALUES = new Uint8Array(256).fill(NOT_A_DIGIT)
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i

/**
 * The content of a part (RFC 2045 §6), byte for byte.
 * 7bit, 8bit, binary and unknown encodings give a view of the mail itself: nothing is copied or changed.
 */
export function decodeTransfer(
  bytes: Uint8Array,
  encoding: string,
  warnings: Warnings,
): Uint8Array {
  switch (encoding) {
    case 'base64':
      return decodeBase64(bytes, warnings)
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes)
    default:
      return bytes
  }
}

/**
 * RFC 2045 §6.8: other characters are ignored, padding ends the data, missing padding is forgiven.
 * Ordinary lines go four digits at a time.
 */
export function decodeBase64(bytes: Uint8Array, warnings: Warnings): Uint8Array {
  const result = new Uint8Array(Math.ceil(bytes.length / 4) * 3)
  let out = 0
  let at = 0
  for (;;) {
    const quads = copyQuads(bytes, at, result, out)
    at += quads * 4
    out += quads * 3
    if (quads > 0 && isLineEnd(bytes[at])) {
      at += bytes[at + 1] === LF ? 2 : 1
      continue
    }
    const group = readGroup(bytes, at)
    at = group.end
    if (group.digits > 1) result.set(group.bytes.subarray(0, group.digits - 1), out)
    out += Math.max(0, group.digits - 1)
    if (group.digits === 4) continue
    if (group.digits === 1 || hasDigits(bytes.subarray(at))) warnings.add('damaged-part')
    return result.subarray(0, out)
  }
}

/** Decodes as long as four digits follow each other. @returns how many fours. */
function copyQuads(
  bytes: Uint8Array,
  start: number,
  result: Uint8Array,
  resultStart: number,
): number {
  const last = bytes.length - 4
  let out = resultStart
  let at = start
  for (; at <= last; at += 4) {
    const a = VALUES[bytes[at] ?? 0] ?? NOT_A_DIGIT
    const b = VALUES[bytes[at + 1] ?? 0] ?? NOT_A_DIGIT
    const c = VALUES[bytes[at + 2] ?? 0] ?? NOT_A_DIGIT
    const d = VALUES[bytes[at + 3] ?? 0] ?? NOT_A_DIGIT
    if (((a | b | c | d) & NOT_A_DIGIT) !== 0) break
    result[out++] = (a << 2) | (b >> 4)
    result[out++] = (b << 4) | (c >> 2)
    result[out++] = (c << 6) | d
  }
  return (at - start) / 4
}

interface Group {
  /** Fewer than four at the end of the data. */
  readonly digits: number
  readonly bytes: Uint8Array
  readonly end: number
}

/** Four digits with anything in between, up to the padding. */
function readGroup(bytes: Uint8Array, start: number): Group {
  let value = 0
  let digits = 0
  let at = start
  for (; at < bytes.length && digits < 4; at++) {
    const byte = bytes[at] ?? 0
    const digit = VALUES[byte] ?? NOT_A_DIGIT
    if (byte === EQUALS && digits >= 2) break
    if (digit === NOT_A_DIGIT) continue
    value |= digit << (18 - 6 * digits++)
  }
  return { digits, bytes: Uint8Array.of(value >> 16, value >> 8, value), end: at }
}

/** Behind the padding: two programs may read such data in two ways. */
function hasDigits(bytes: Uint8Array): boolean {
  return bytes.some(byte => (VALUES[byte] ?? NOT_A_DIGIT) !== NOT_A_DIGIT)
}

/** RFC 2045 §6.7. A wrong escape stands for itself; blanks at line ends are kept, as they may be meant. */
export function decodeQuotedPrintable(bytes: Uint8Array): Uint8Array {
  const first = bytes.indexOf(EQUALS)
  if (first < 0) return bytes
  const result = new Uint8Array(bytes.length)
  result.set(bytes.subarray(0, first))
  let out = first
  for (let i = first; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    const soft = byte === EQUALS ? endOfSoftBreak(bytes, i + 1) : -1
    const value = byte === EQUALS ? hexPair(bytes[i + 1], bytes[i + 2]) : -1
    if (soft >= 0) i = soft - 1
    else if (value >= 0) {
      result[out++] = value
      i += 2
    } else result[out++] = byte
  }
  return result.subarray(0, out)
}

/** `=`, blanks, line end. @returns the offset behind it, -1 when it is none. */
function endOfSoftBreak(bytes: Uint8Array, start: number): number {
  let at = start
  while (bytes[at] === 32 || bytes[at] === 9) at++
  if (at >= bytes.length || bytes[at] === LF) return Math.min(at + 1, bytes.length)
  if (bytes[at] !== CR) return -1
  return bytes[at + 1] === LF ? at + 2 : at + 1
}

/** @returns -1 when they are no two hexadecimal digits. */
export function hexPair(high: number | undefined, low: number | undefined): number {
  const a = hexValue(high)
  const b = hexValue(low)
  return a < 0 || b < 0 ? -1 : a * 16 + b
}

function hexValue(code: number | undefined): number {
  if (code === undefined) return -1
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}
