import { guessCharset, SAMPLE_BYTES } from './guess-charset.ts'

/** Names in use that are not among the labels of https://encoding.spec.whatwg.org/#names-and-labels */
const ALIASES: ReadonlyMap<string, string> = new Map(
  [
    'shift_jis cp932 ms932 windows-932',
    'gbk cp936 ms936 windows-936',
    'euc-kr cp949 ms949 windows-949 uhc x-windows-949 euckr',
    'big5 cp950 ms950 windows-950',
    'euc-jp eucjp',
    'iso-2022-jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-ms cp50220 cp50221',
    'macintosh macroman',
    'windows-1252 ansi latin-1 8859_1',
    'iso-8859-8 iso-8859-8-e',
    'utf-8 utf8mb4 utf-8n utf-8-sig',
    'utf-7 utf7 unicode-1-1-utf-7 csunicode11utf7',
  ].flatMap(line => {
    const [label = '', ...names] = line.split(' ')
    return names.map((name): [string, string] => [name, label])
  }),
)

/** Names that say nothing about bytes above 127. */
const SAYS_NOTHING = new Set([
  '',
  'us-ascii',
  'ascii',
  'x-unknown',
  'unknown',
  'unknown-8bit',
  'x-user-defined',
  'default',
  'none',
])

export interface DecodedText {
  readonly text: string
  /** True when the charset was unknown or not named and bytes above 127 had to be guessed. */
  readonly guessed: boolean
}

/** One character for each byte, another one for each value. */
export const oneByte: TextDecoder = new TextDecoder('windows-1252')
const decoders = new Map<string, TextDecoder | null>()

/**
 * Text of bytes in a charset named by a mail. Never throws: what does not decode becomes U+FFFD.
 * Unknown or unnamed charsets, and UTF-8 that is none, are read as UTF-8 if that fits, else as `fallback`,
 * else as what they look like.
 */
export function decodeCharset(
  bytes: Uint8Array,
  charset: string | null,
  fallback: string | null = null,
): DecodedText {
  const label = normalLabel(charset)
  if (label === 'utf-7') return { text: decodeUtf7(bytes), guessed: false }
  const shifted = SHIFTED.get(label)
  if (shifted !== undefined) return { text: shifted(bytes), guessed: false }
  if (/^utf-?16$/.test(label)) return { text: decodeUtf16(bytes), guessed: false }
  if (saysNothing(label)) return decodeLikely(bytes, fallback)
  const text = decodeAs(label, bytes)
  if (text === null) return decodeLikely(bytes, fallback)
  // Seven bits fit UTF-8 whatever they say, also where a character is cut off.
  if (!text.includes('\ufffd') || bytes.every(byte => byte < 128)) return { text, guessed: false }
  // It does not fit. Without an escape it is not that seven-bit charset at all.
  return decodeLikely(bytes, label === JAPANESE && !bytes.includes(ESCAPE) ? null : label)
}

const JAPANESE = 'iso-2022-jp'
const ESCAPE = 27

/** Whether a charset is named and can be read. */
export function isKnownCharset(charset: string | null): boolean {
  const label = normalLabel(charset)
  return (
    label === 'utf-7' ||
    SHIFTED.has(label) ||
    (!SAYS_NOTHING.has(label) && decoderFor(label) !== null)
  )
}

/** About bytes that are not UTF-8. */
function saysNothing(label: string): boolean {
  return SAYS_NOTHING.has(label) || /^utf-?8$/.test(label)
}

function normalLabel(charset: string | null): string {
  // RFC 2231 §5: a language may follow. Quotes and brackets are slips of senders.
  const label = (charset ?? '')
    .replace(/\*.*$/s, '')
    .replaceAll(/["'<>;\s]/g, '')
    .toLowerCase()
  return ALIASES.get(label) ?? label.replace(/^(?:cp|win(?:dows)?)[-_]?(\d{4})$/, 'windows-$1')
}

function decodeLikely(bytes: Uint8Array, fallback: string | null): DecodedText {
  const utf8 = decodeUtf8(bytes)
  if (utf8 !== null) return { text: utf8, guessed: false }
  const named = normalLabel(fallback)
  const label = isMostlyUtf8(bytes) ? 'utf-8' : saysNothing(named) ? guessCharset(bytes) : named
  return { text: decodeAs(label, bytes) ?? oneByte.decode(bytes), guessed: true }
}

/** Null when the platform does not know the label. */
function decodeAs(label: string, bytes: Uint8Array): string | null {
  const isStateful = label === JAPANESE && bytes.includes(ESCAPE)
  return decoderFor(label)?.decode(isStateful ? withoutIdleEscapes(bytes) : bytes) ?? null
}

/** An escape sequence that another one follows says nothing; the platform writes U+FFFD for it. Mailers end each word with one. */
function withoutIdleEscapes(bytes: Uint8Array): Uint8Array {
  const isIdle = (at: number) => bytes[at] === ESCAPE && bytes[at + 3] === ESCAPE
  return bytes.filter((_, at) => !isIdle(at) && !isIdle(at - 1) && !isIdle(at - 2))
}

/** UTF-8 in which some bytes were lost. */
function isMostlyUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, SAMPLE_BYTES))
  const bad = text.split('\ufffd').length - 1
  return (text.match(/[^\0-\u007f\ufffd]/gu)?.length ?? 0) >= Math.max(1, bad)
}

/** Null when the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return null
  }
}
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/** Null when the platform does not know the label. Decoders are kept: a header can name the same one 10,000 times. */
function decoderFor(label: string): TextDecoder | null {
  const known = decoders.get(label)
  if (known !== undefined) return known
  const decoder = makeDecoder(label)
  if (decoders.size < 100) decoders.set(label, decoder)
  return decoder
}

function makeDecoder(label: string): TextDecoder | null {
  try {
    return new TextDecoder(label)
  } catch {
    return null
  }
}

/** RFC 2781 §4.3: by the byte order mark, else big endian; senders forget both, so the zero bytes decide. */
function decodeUtf16(bytes: Uint8Array): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  const sample = bytes.subarray(0, 200)
  const zeros = (odd: number) => sample.filter((byte, i) => byte === 0 && i % 2 === odd).length
  return new TextDecoder(zeros(1) > zeros(0) ? 'utf-16le' : 'utf-16be').decode(bytes)
}

/** Charsets of 7-bit mail that the platform has given up: between two marks, characters of an 8-bit one without their high bits. */
const SHIFTED: ReadonlyMap<string, (bytes: Uint8Array) => string> = new Map([
  // oxlint-disable-next-line no-control-regex -- its marks are controls
  ['iso-2022-kr', bytes => unshift(bytes, /\u001b\$\)C|\u000e([^\u000f]*)\u000f?/g, 'euc-kr')], // RFC 1557
  ['hz-gb-2312', bytes => unshift(bytes, /~\{((?:[!-}][!-~])*)(?:~\}|$)|~\n|~(?=~)/gm, 'gbk')], // RFC 1843
])

function unshift(bytes: Uint8Array, shift: RegExp, charset: string): string {
  const ascii = oneByte.decode(bytes)
  const decoder = new TextDecoder(charset)
  return ascii.replaceAll(shift, (_mark, low?: string) =>
    decoder.decode(Uint8Array.from(low ?? '', character => character.charCodeAt(0) | 0x80)),
  )
}

/** RFC 2152. What is read here is sanitised like any other text: the old attack was to hide markup from a filter. */
function decodeUtf7(bytes: Uint8Array): string {
  const ascii = oneByte.decode(bytes)
  return ascii.replaceAll(/\+([A-Za-z0-9/+]*)-?/g, (_match, digits: string) => {
    return digits === '' ? '+' : utf16OfBase64(digits)
  })
}

function utf16OfBase64(digits: string): string {
  const binary = atob(digits.slice(0, digits.length - (digits.length % 4 === 1 ? 1 : 0)))
  let text = ''
  for (let i = 0; i + 1 < binary.length; i += 2) {
    text += String.fromCharCode((binary.charCodeAt(i) << 8) | binary.charCodeAt(i + 1))
  }
  return text
}
