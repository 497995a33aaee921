import type { Emit } from './stream.ts'

/** Characters of a base64 line; message.html must pass as 7bit (RFC 5321 §4.5.3.1.6: at most 998). */
const LINE_CHARACTERS = 900
/** Bytes that make one line. */
const LINE_BYTES = (LINE_CHARACTERS / 4) * 3
const CR = 13
const LF = 10
const LINE_END_BYTES = 2
const WRITTEN_LINE = LINE_CHARACTERS + LINE_END_BYTES
/** Writes padded base64 as ASCII to `into` from `at` on; returns how many bytes that took. */
export type WriteBase64 = (bytes: Uint8Array, into: Uint8Array, at: number) => number

/** Base64 in lines of 900 characters, CRLF after each; holds less than one line. */
export class Base64Lines {
  /** Bytes handed out so far. */
  written = 0
  readonly #writeBase64: WriteBase64
  readonly #held = new Uint8Array(LINE_BYTES)
  #length = 0

  constructor(writeBase64: WriteBase64) {
    this.#writeBase64 = writeBase64
  }

  /** Hands out every line that is full now: the one that was begun, then the rest together. */
  push(bytes: Uint8Array, emit: Emit): void {
    const missing = (LINE_BYTES - this.#length) % LINE_BYTES
    if (bytes.length < missing) return this.#hold(bytes)
    this.#hold(bytes.subarray(0, missing))
    if (this.#length > 0) emit(this.finish())
    const end = bytes.length - ((bytes.length - missing) % LINE_BYTES)
    if (end > missing) emit(this.#write(bytes.subarray(missing, end)))
    this.#hold(bytes.subarray(end))
  }

  /** The line that was begun; it may be shorter. */
  finish(): Uint8Array {
    const line = this.#write(this.#held.subarray(0, this.#length))
    this.#length = 0
    return line
  }

  #hold(bytes: Uint8Array): void {
    this.#held.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Writes all digits behind the room that the line ends need, then moves each line to its place. */
  #write(bytes: Uint8Array): Uint8Array {
    const digits = Math.ceil(bytes.length / 3) * 4
    const lines = Math.ceil(digits / LINE_CHARACTERS)
    const text = new Uint8Array(digits + lines * LINE_END_BYTES)
    this.#writeBase64(bytes, text, text.length - digits)
    for (let line = 0; line < lines; line++) {
      const from = text.length - digits + line * LINE_CHARACTERS
      const end = Math.min(from + LINE_CHARACTERS, text.length)
      const at = line * WRITTEN_LINE
      text.copyWithin(at, from, end)
      text[at + end - from] = CR
      text[at + end - from + 1] = LF
    }
    this.written += text.length
    return text
  }
}
