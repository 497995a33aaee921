/** A piece of RTF (RTF 1.9.1, "Contents of an RTF File"). */
export type RtfToken =
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  /** `\word`, with its number; null when it has none. A symbol such as `\~` is a word of one character. */
  | { readonly kind: 'word'; readonly word: string; readonly number: number | null }
  /** One byte of text in the current charset. */
  | { readonly kind: 'byte'; readonly byte: number }

const BACKSLASH = 92
const OPEN = 123
const CLOSE = 125
const QUOTE = 39
const MAX_WORD_LENGTH = 32

/** Gives the tokens of an RTF text one after the other; a line end is nothing. */
export function* rtfTokens(bytes: Uint8Array): Generator<RtfToken, void> {
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0
    if (byte === BACKSLASH) {
      const { token, next } = readControl(bytes, at + 1)
      at = next
      yield token
      continue
    }
    at++
    if (byte === OPEN) yield { kind: 'open' }
    else if (byte === CLOSE) yield { kind: 'close' }
    else if (byte !== 13 && byte !== 10 && byte !== 0) yield { kind: 'byte', byte }
  }
}

interface Control {
  readonly token: RtfToken
  readonly next: number
}

function readControl(bytes: Uint8Array, start: number): Control {
  const first = bytes[start] ?? 0
  if (first === QUOTE) return readHex(bytes, start + 1)
  if (first === BACKSLASH || first === OPEN || first === CLOSE) {
    return { token: { kind: 'byte', byte: first }, next: start + 1 }
  }
  if (!isLetter(first)) {
    // A backslash before a line end is a paragraph.
    const word = first === 13 || first === 10 ? 'par' : String.fromCharCode(first)
    return { token: { kind: 'word', word, number: null }, next: start + 1 }
  }
  return readWord(bytes, start)
}

function readHex(bytes: Uint8Array, start: number): Control {
  const digits = String.fromCharCode(bytes[start] ?? 0, bytes[start + 1] ?? 0)
  if (!/^[\da-f]{2}$/i.test(digits)) return { token: { kind: 'byte', byte: QUOTE }, next: start }
  return { token: { kind: 'byte', byte: Number.parseInt(digits, 16) }, next: start + 2 }
}

function readWord(bytes: Uint8Array, start: number): Control {
  let at = start
  while (isLetter(bytes[at] ?? 0)) at++
  const word = String.fromCharCode(...bytes.subarray(start, Math.min(at, start + MAX_WORD_LENGTH)))
  const negative = bytes[at] === 45 && isDigit(bytes[at + 1] ?? 0)
  if (negative) at++
  const digits = at
  let value = 0
  for (; isDigit(bytes[at] ?? 0); at++)
    value = Math.min(value * 10 + (bytes[at] ?? 48) - 48, 2 ** 31)
  const number = at === digits ? null : negative ? -value : value
  const next = bytes[at] === 32 ? at + 1 : at
  // What follows `\bin` is not text (RTF 1.9.1, "Pictures").
  return {
    token: { kind: 'word', word, number },
    next: word === 'bin' ? next + Math.max(0, number ?? 0) : next,
  }
}

function isLetter(byte: number): boolean {
  return (byte | 32) >= 97 && (byte | 32) <= 122
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57
}
