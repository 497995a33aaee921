import { MAX_RTF_BYTES } from '../limits.ts'
import { ByteReader } from './byte-reader.ts'

const COMPRESSED = 0x75465a4c
const UNCOMPRESSED = 0x414c454d
const WINDOW = 4096

/** MS-OXRTFCP §2.1.2.1: what the window holds at the start. */
const DICTIONARY =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor ' +
  'MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n' +
  '\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx'

/** The RTF of a message (MS-OXRTFCP); null when it is none or would be too large. What is cut off ends earlier. */
export function decompressRtf(bytes: Uint8Array): Uint8Array | null {
  const reader = new ByteReader(bytes)
  reader.u32() // how long the rest is
  const rawSize = reader.u32()
  const kind = reader.u32()
  reader.u32() // checksum, see readAttributes
  if (rawSize === null || rawSize > MAX_RTF_BYTES) return null
  if (kind === UNCOMPRESSED) return reader.take(Math.min(rawSize, reader.left))
  return kind === COMPRESSED ? new Window(rawSize).run(bytes.subarray(16)) : null
}

/** MS-OXRTFCP §3.1.1: what was written last can be named again. */
class Window {
  readonly #window = new Uint8Array(WINDOW)
  readonly #output: Uint8Array
  #at = DICTIONARY.length
  #out = 0

  constructor(rawSize: number) {
    this.#output = new Uint8Array(rawSize)
    for (let i = 0; i < DICTIONARY.length; i++) this.#window[i] = DICTIONARY.charCodeAt(i)
  }

  run(input: Uint8Array): Uint8Array {
    let from = 0
    while (from < input.length && this.#out < this.#output.length) {
      const control = input[from++] ?? 0
      for (let bit = 0; bit < 8 && from < input.length; bit++) {
        if ((control & (1 << bit)) === 0) this.#write(input[from++] ?? 0)
        else {
          const pair = ((input[from] ?? 0) << 8) | (input[from + 1] ?? 0)
          from += 2
          if (from > input.length || pair >> 4 === this.#at) return this.#done()
          this.#copy(pair >> 4, (pair & 15) + 2)
        }
      }
    }
    return this.#done()
  }

  #copy(start: number, length: number): void {
    for (let i = 0; i < length; i++) this.#write(this.#window[(start + i) % WINDOW] ?? 0)
  }

  #write(byte: number): void {
    this.#window[this.#at] = byte
    this.#at = (this.#at + 1) % WINDOW
    if (this.#out < this.#output.length) this.#output[this.#out++] = byte
  }

  #done(): Uint8Array {
    return this.#output.subarray(0, this.#out)
  }
}
