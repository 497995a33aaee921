import type { BodyEncoder } from './body-encoder.ts'

/** RFC 2045 §6.7 (5): 76 characters a line, the last of them a soft line break's `=`. */
const LINE_CHARACTERS = 75
const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32
const EQUALS = 61
const DELETE = 127
const HEX = Buffer.from('0123456789ABCDEF')

/** Bytes that `bytes` bytes become at most: each three, and a soft line break after each 73 of these. */
export function quotedPrintableLength(bytes: number): number {
  return 3 * bytes + 3 * Math.ceil((3 * bytes) / (LINE_CHARACTERS - 2)) + 9
}

/** Text: whatever line ends it has become CRLF (RFC 2045 §6.7 (4)), everything else comes back byte for byte. */
export function quotedPrintableEncoder(): BodyEncoder {
  return new QuotedPrintable()
}

class QuotedPrintable implements BodyEncoder {
  #out = Buffer.alloc(0)
  #at = 0
  #column = 0
  /** CR, or white space, whose next byte decides what becomes of it; 0: none. */
  #held = 0

  push(bytes: Uint8Array): Buffer {
    this.#out = Buffer.alloc(quotedPrintableLength(bytes.length + 1))
    this.#at = 0
    for (const byte of bytes) this.#take(byte)
    return this.#out.subarray(0, this.#at)
  }

  finish(): Buffer {
    this.#out = Buffer.alloc(quotedPrintableLength(1))
    this.#at = 0
    if (this.#held !== 0) this.#encoded(this.#held)
    this.#held = 0
    return this.#out.subarray(0, this.#at)
  }

  #take(byte: number): void {
    const held = this.#held
    this.#held = 0
    if (byte === LF) {
      if (held === SPACE || held === TAB) this.#encoded(held)
      this.#lineEnd()
      return
    }
    if (held === CR) this.#encoded(CR)
    else if (held !== 0 && byte === CR) this.#encoded(held)
    else if (held !== 0) this.#literal(held)
    if (byte === CR || byte === SPACE || byte === TAB) this.#held = byte
    else if (byte > SPACE && byte < DELETE && byte !== EQUALS) this.#literal(byte)
    else this.#encoded(byte)
  }

  #literal(byte: number): void {
    this.#room(1)
    this.#write(byte)
    this.#column += 1
  }

  #encoded(byte: number): void {
    this.#room(3)
    this.#write(EQUALS)
    this.#write(HEX[byte >> 4] ?? 0)
    this.#write(HEX[byte & 15] ?? 0)
    this.#column += 3
  }

  #room(characters: number): void {
    if (this.#column + characters <= LINE_CHARACTERS) return
    this.#write(EQUALS)
    this.#lineEnd()
  }

  #lineEnd(): void {
    this.#write(CR)
    this.#write(LF)
    this.#column = 0
  }

  #write(byte: number): void {
    this.#out[this.#at] = byte
    this.#at += 1
  }
}
