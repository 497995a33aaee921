/** Base64 in the three forms that the envelope uses (RFC 4648 §4 with and without padding, §5). Strict both ways. */

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const NOT_A_DIGIT = 255
const WHITE_SPACE = 254
const PADDING = 61

// Each marked as without effects: a program that only decodes carries no encoder along.
const latin1 = /* @__PURE__ */ new TextDecoder('latin1')
/** Digits are ASCII, which runtimes decode natively as UTF-8 and in script as Latin-1. */
const ascii = /* @__PURE__ */ new TextDecoder()
const standardDigits = /* @__PURE__ */ new TextEncoder().encode(STANDARD)
const urlDigits = /* @__PURE__ */ new TextEncoder().encode(URL_SAFE)
const standardValues = /* @__PURE__ */ valuesOf(STANDARD)
const urlValues = /* @__PURE__ */ valuesOf(URL_SAFE)
const looseValues = /* @__PURE__ */ withSpaces(standardValues)

function valuesOf(alphabet: string): Uint8Array {
  const values = new Uint8Array(256).fill(NOT_A_DIGIT)
  for (let i = 0; i < 64; i++) values[alphabet.charCodeAt(i)] = i
  return values
}

function withSpaces(values: Uint8Array): Uint8Array {
  const loose = values.slice()
  for (const space of [9, 10, 12, 13, 32]) loose[space] = WHITE_SPACE
  return loose
}

/** With padding. */
export function toBase64(bytes: Uint8Array): string {
  const text = toBase64NoPad(bytes)
  return text + '='.repeat((4 - (text.length % 4)) % 4)
}

export function toBase64NoPad(bytes: Uint8Array): string {
  return encode(bytes, standardDigits)
}

export function toBase64Url(bytes: Uint8Array): string {
  return encode(bytes, urlDigits)
}

function encode(bytes: Uint8Array, alphabet: Uint8Array): string {
  const digits = new Uint8Array(Math.ceil((bytes.length * 4) / 3))
  for (let i = 0, at = 0; i < bytes.length; i += 3, at += 4) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    // Writes behind the end are ignored: that is how the last group becomes shorter.
    digits[at] = alphabet[group >> 18] ?? 0
    digits[at + 1] = alphabet[(group >> 12) & 63] ?? 0
    digits[at + 2] = alphabet[(group >> 6) & 63] ?? 0
    digits[at + 3] = alphabet[group & 63] ?? 0
  }
  return ascii.decode(digits)
}

/** Padded, canonical, nothing else; null otherwise. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0) return null
  return decodeText(text.replace(/={1,2}$/, ''), standardValues)
}

/** Unpadded, canonical; null otherwise. The form of age headers. */
export function fromBase64NoPad(text: string): Uint8Array<ArrayBuffer> | null {
  return decodeText(text, standardValues)
}

/** URL alphabet, unpadded, canonical; null otherwise. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  return decodeText(text, urlValues)
}

function decodeText(text: string, values: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const digits = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 255) return null
    digits[i] = code
  }
  return decodeDigits(digits, values)
}

/** @returns null for another character, a length of 4n + 1, or bits left over. */
function decodeDigits(digits: Uint8Array, values: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const rest = digits.length % 4
  if (rest === 1) return null
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4))
  let bad = 0
  let at = 0
  let i = 0
  for (const end = digits.length - rest; i < end; i += 4) {
    const a = values[digits[i] ?? 0] ?? NOT_A_DIGIT
    const b = values[digits[i + 1] ?? 0] ?? NOT_A_DIGIT
    const c = values[digits[i + 2] ?? 0] ?? NOT_A_DIGIT
    const d = values[digits[i + 3] ?? 0] ?? NOT_A_DIGIT
    bad |= a | b | c | d
    bytes[at++] = (a << 2) | (b >> 4)
    bytes[at++] = (b << 4) | (c >> 2)
    bytes[at++] = (c << 6) | d
  }
  if ((bad & 0xc0) !== 0) return null
  return rest === 0 || decodeRest(digits.subarray(i), values, bytes, at) ? bytes : null
}

function decodeRest(
  digits: Uint8Array,
  values: Uint8Array,
  bytes: Uint8Array,
  at: number,
): boolean {
  const [a = 255, b = 255, c] = Array.from(digits, digit => values[digit] ?? NOT_A_DIGIT)
  if (a > 63 || b > 63) return false
  bytes[at] = (a << 2) | (b >> 4)
  if (c === undefined) return (b & 15) === 0
  if (c > 63 || (c & 3) !== 0) return false
  bytes[at + 1] = (b << 4) | (c >> 2)
  return true
}

/** ES2026; browsers have it before this project's language level does. */
interface NativeBase64 {
  readonly BYTES_PER_ELEMENT: number
  fromBase64?(text: string, options: { lastChunkHandling: 'strict' }): Uint8Array<ArrayBuffer>
}

/**
 * Padded base64 with white space anywhere, as bytes of ASCII text; canonical otherwise.
 * Made for the 34 MB of a large envelope: natively where the runtime can.
 * @returns null when it is not base64.
 */
export function fromLooseBase64(text: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const native: NativeBase64 = Uint8Array
  if (native.fromBase64 === undefined) return decodeLoosely(text)
  try {
    return native.fromBase64(latin1.decode(text), { lastChunkHandling: 'strict' })
  } catch {
    return null // not base64: a SyntaxError
  }
}

/** The same in script; one pass and one allocation besides the result. */
export function decodeLoosely(text: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const digits = new Uint8Array(text.length)
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const code = text[i] ?? 0
    digits[length] = code
    length += looseValues[code] === WHITE_SPACE ? 0 : 1
  }
  if (length % 4 !== 0) return null
  if (digits[length - 1] === PADDING) length -= digits[length - 2] === PADDING ? 2 : 1
  return decodeDigits(digits.subarray(0, length), standardValues)
}
