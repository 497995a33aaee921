import { fromBase64NoPad, toBase64NoPad } from './base64.ts'
import { concat, utf8 } from './bytes.ts'
import { EnvelopeError } from './errors.ts'
import { MAX_HEADER_BYTES, MAX_STANZAS } from './limits.ts'

/** One stanza of an age header: type and further arguments, body. https://age-encryption.org/v1 */
export interface Stanza {
  readonly args: readonly [string, ...string[]]
  readonly body: Uint8Array
}

export interface ParsedHeader {
  readonly stanzas: readonly Stanza[]
  /** The exact text of each stanza, its final line end included. */
  readonly stanzaTexts: readonly string[]
  /** What the MAC covers: everything up to and including `---`. */
  readonly macInput: Uint8Array
  /** 32 bytes. */
  readonly mac: Uint8Array
  /** Bytes of the header, its final line end included. */
  readonly length: number
}

const VERSION_LINE = 'age-encryption.org/v1'
const ANY_VERSION = /^age-encryption\.org\//
const ARGUMENTS = /^-> [\u0021-\u007e]+(?: [\u0021-\u007e]+)*$/
const LINE_FEED = 10
const BODY_COLUMNS = 64
const MAC_BYTES = 32

/** Unpadded base64; the server brings a native one. */
export type EncodeBase64 = (bytes: Uint8Array) => string

/** The exact text of a stanza: arguments line, body in 64 columns, last line shorter than 64. */
export function formatAgeStanza(stanza: Stanza, encode: EncodeBase64 = toBase64NoPad): string {
  const body = encode(stanza.body)
  const lines = [`-> ${stanza.args.join(' ')}`]
  for (let at = 0; at <= body.length; at += BODY_COLUMNS)
    lines.push(body.slice(at, at + BODY_COLUMNS))
  return `${lines.join('\n')}\n`
}

/** @param mac computes the header MAC over what it covers. */
export function formatHeader(
  stanzaTexts: readonly string[],
  mac: (macInput: Uint8Array) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  const macInput = utf8(`${VERSION_LINE}\n${stanzaTexts.join('')}---`)
  return concat(macInput, utf8(` ${toBase64NoPad(mac(macInput))}\n`))
}

/**
 * Reads an age v1 header as strictly as age's specification asks; stanzas of any type.
 * @throws {EnvelopeError} `not-a-message`, `unknown-version`, `damaged-message`, `too-large`
 */
export function parseHeader(bytes: Uint8Array): ParsedHeader {
  const lines = new HeaderLines(bytes)
  checkVersion(lines)
  const stanzas: Stanza[] = []
  const stanzaTexts: string[] = []
  for (;;) {
    const start = lines.at
    const line = lines.next()
    if (line.startsWith('--- ')) {
      const macInput = bytes.slice(0, start + 3)
      return { stanzas, stanzaTexts, macInput, mac: parseMac(line), length: lines.at }
    }
    if (stanzas.length === MAX_STANZAS) throw new EnvelopeError('too-large', 'stanzas')
    stanzas.push({ args: parseArguments(line), body: parseBody(lines) })
    stanzaTexts.push(lines.textSince(start))
  }
}

/**
 * Reads one stanza that is nothing else, as the portal is handed it.
 * @throws {EnvelopeError} `damaged-message`, `too-large`
 */
export function parseAgeStanza(text: string): Stanza {
  const lines = new HeaderLines(utf8(text))
  const stanza = { args: parseArguments(lines.next()), body: parseBody(lines) }
  if (!lines.done()) throw new EnvelopeError('damaged-message', 'more than a stanza')
  return stanza
}

/** Lines of ASCII ended by LF alone. */
class HeaderLines {
  at = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  next(): string {
    const end = this.#bytes.subarray(0, MAX_HEADER_BYTES).indexOf(LINE_FEED, this.at)
    if (end === -1)
      throw this.#bytes.length > MAX_HEADER_BYTES
        ? new EnvelopeError('too-large', 'header')
        : new EnvelopeError('damaged-message', 'the header ends early')
    const line = ascii(this.#bytes.subarray(this.at, end))
    this.at = end + 1
    return line
  }

  textSince(start: number): string {
    return ascii(this.#bytes.subarray(start, this.at))
  }

  done(): boolean {
    return this.at === this.#bytes.length
  }
}

const latin1 = new TextDecoder('latin1')

function ascii(bytes: Uint8Array): string {
  return latin1.decode(bytes)
}

function checkVersion(lines: HeaderLines): void {
  const line = firstLine(lines)
  if (line === VERSION_LINE) return
  if (ANY_VERSION.test(line)) throw new EnvelopeError('unknown-version', 'age')
  throw new EnvelopeError('not-a-message', 'no age file')
}

function firstLine(lines: HeaderLines): string {
  try {
    return lines.next()
  } catch (cause) {
    throw new EnvelopeError('not-a-message', 'no age file', { cause })
  }
}

function parseArguments(line: string): [string, ...string[]] {
  const [type, ...rest] = line.slice(3).split(' ')
  if (!ARGUMENTS.test(line) || type === undefined)
    throw new EnvelopeError('damaged-message', 'stanza')
  return [type, ...rest]
}

function parseBody(lines: HeaderLines): Uint8Array {
  let text = ''
  for (;;) {
    const line = lines.next()
    if (line.length > BODY_COLUMNS) throw new EnvelopeError('damaged-message', 'stanza body')
    text += line
    if (line.length < BODY_COLUMNS) break
  }
  const body = fromBase64NoPad(text)
  if (body === null) throw new EnvelopeError('damaged-message', 'stanza body')
  return body
}

function parseMac(line: string): Uint8Array {
  const mac = fromBase64NoPad(line.slice('--- '.length))
  if (mac?.length !== MAC_BYTES) throw new EnvelopeError('damaged-message', 'header MAC')
  return mac
}
