import { MAX_TAG_ATTRIBUTES } from './limits.ts'

/** A start tag of an HTML file, as positions in its bytes. */
export interface Tag {
  /** Lower case. */
  readonly name: string
  /** Lower-case names; the first of two counts (HTML §13.2.5.33). Values are raw: no entity is resolved. */
  readonly attributes: ReadonlyMap<string, Uint8Array>
}

const LESS = 0x3c
const GREATER = 0x3e
const EQUALS = 0x3d
const SLASH = 0x2f
const QUOTES = new Set([0x22, 0x27])
const COMMENT_START = [0x21, 0x2d, 0x2d]
const LONGEST_NAME = 64

/**
 * The start tags of an HTML file in ASCII bytes, in one pass that never goes back: an attribute value
 * of 34 MB costs one search for its quotation mark, and a mark that is missing ends the search.
 */
export function* startTags(html: Uint8Array): Generator<Tag> {
  let at = html.indexOf(LESS)
  while (at !== -1) {
    if (startsWith(html, at + 1, COMMENT_START)) {
      at = endOfComment(html, at + 4)
    } else if (isLetter(html[at + 1])) {
      const scan = new TagScan(html, at + 1)
      const tag = scan.read()
      if (tag === null) return
      yield tag
      at = scan.at
    } else at += 1
    at = at === -1 ? -1 : html.indexOf(LESS, at)
  }
}

function startsWith(bytes: Uint8Array, at: number, part: readonly number[]): boolean {
  return part.every((byte, i) => bytes[at + i] === byte)
}

function endOfComment(html: Uint8Array, from: number): number {
  for (let at = html.indexOf(GREATER, from); at !== -1; at = html.indexOf(GREATER, at + 1))
    if (html[at - 1] === 0x2d && html[at - 2] === 0x2d) return at + 1
  return -1
}

function isLetter(byte: number | undefined): boolean {
  const lower = (byte ?? 0) | 32
  return lower >= 0x61 && lower <= 0x7a
}

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13 && byte !== 11)
}

class TagScan {
  at: number
  readonly #html: Uint8Array

  constructor(html: Uint8Array, at: number) {
    this.#html = html
    this.at = at
  }

  /** Null when the file ends before the tag does. */
  read(): Tag | null {
    const name = this.#name(byte => isSpace(byte) || byte === GREATER || byte === SLASH)
    const attributes = new Map<string, Uint8Array>()
    for (;;) {
      this.#skip(byte => isSpace(byte) || byte === SLASH)
      if (this.at >= this.#html.length) return null
      if (this.#html[this.at] === GREATER) {
        this.at += 1
        return { name, attributes }
      }
      if (!this.#attribute(attributes)) return null
    }
  }

  #attribute(attributes: Map<string, Uint8Array>): boolean {
    const name = this.#name(
      byte => isSpace(byte) || byte === GREATER || byte === SLASH || byte === EQUALS,
    )
    this.#skip(isSpace)
    let value: Uint8Array | null = new Uint8Array(0)
    if (this.#html[this.at] === EQUALS) {
      this.at += 1
      this.#skip(isSpace)
      value = this.#value()
    }
    if (value === null) return false
    if (!attributes.has(name) && attributes.size < MAX_TAG_ATTRIBUTES) attributes.set(name, value)
    return true
  }

  #value(): Uint8Array | null {
    const quote = this.#html[this.at]
    if (quote === undefined) return null
    const quoted = QUOTES.has(quote)
    const start = this.at + (quoted ? 1 : 0)
    if (quoted) this.at = this.#html.indexOf(quote, start)
    else this.#skip(byte => !isSpace(byte) && byte !== GREATER)
    if (this.at === -1) return null
    const value = this.#html.subarray(start, this.at)
    this.at += quoted ? 1 : 0
    return value
  }

  #name(ends: (byte: number | undefined) => boolean): string {
    const start = this.at
    this.at += 1
    this.#skip(byte => !ends(byte))
    const bytes = this.#html.subarray(start, Math.min(this.at, start + LONGEST_NAME))
    return String.fromCharCode(...bytes).toLowerCase()
  }

  #skip(more: (byte: number | undefined) => boolean): void {
    while (this.at < this.#html.length && more(this.#html[this.at])) this.at += 1
  }
}
