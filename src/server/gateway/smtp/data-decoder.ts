/** Where the last byte stood. A line begins after CR LF alone; RFC 5321 §2.3.8 */
const inLine = 0
const afterCr = 1
const lineStart = 2
const afterBareLf = 3
const dot = 4
const dotCr = 5
const bareDot = 6
const ended = 7

const CR = 0x0d
const LF = 0x0a
const DOT = 0x2e
const lfDot = Buffer.from('\n.')
const crDot = Buffer.from('\r.')

/** What a piece of DATA came to. */
export interface DecodedPiece {
  /** Content with the transparency dots taken away. */
  readonly content: Buffer
  /** Bytes after the end of data; null while it has not come. */
  readonly rest: Buffer | null
}

/**
 * Takes the transparency of DATA away and finds its end (RFC 5321 §4.5.2), for any cutting into pieces.
 * The end is CR LF . CR LF and nothing else. A dot between other line breaks, which a laxer server
 * could read as the end, sets `lookalike`: the mail must be refused (SMTP smuggling).
 * Cost: native search where no line begins with a dot, else one pass over the bytes of the piece.
 */
export class DataDecoder {
  #state = lineStart
  #lookalike = false

  get lookalike(): boolean {
    return this.#lookalike
  }

  push(piece: Buffer): DecodedPiece {
    const plain = this.#plainLength(piece)
    const before = plain === piece.length ? piece : piece.subarray(0, plain)
    this.#state = stateAfter(before, this.#state)
    if (plain === piece.length) return { content: piece, rest: null }
    const { content, rest } = this.#decode(piece.subarray(plain))
    if (plain === 0) return { content, rest }
    return { content: content.length === 0 ? before : Buffer.concat([before, content]), rest }
  }

  /** How many bytes come before the first dot that stands at the beginning of a line. */
  #plainLength(piece: Buffer): number {
    if (this.#state >= dot) return 0
    const first = piece.indexOf(DOT)
    if (first === -1) return piece.length
    if (first === 0 && this.#state !== inLine) return 0
    const afterLf = piece.indexOf(lfDot)
    const afterCr = piece.indexOf(crDot)
    if (afterLf === -1 && afterCr === -1) return piece.length
    return 1 + (afterLf === -1 || (afterCr !== -1 && afterCr < afterLf) ? afterCr : afterLf)
  }

  // One loop for all states: it runs for every byte, and a call per byte would cost ten times as much.
  #decode(piece: Buffer): DecodedPiece {
    // A held back CR is the one byte that can come out without having come in with this piece.
    const content = Buffer.allocUnsafe(piece.length + 1)
    let length = 0
    let state = this.#state
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at] ?? 0
      if (state === dotCr) {
        if (byte === LF) {
          this.#state = ended
          return { content: content.subarray(0, length), rest: piece.subarray(at + 1) }
        }
        this.#lookalike = true
        content[length++] = CR
        state = afterCr
      } else if (state === dot) {
        if (byte === CR) {
          state = dotCr
          continue
        }
        if (byte === LF) this.#lookalike = true
        state = inLine
      } else if (byte === DOT && state === lineStart) {
        state = dot
        continue
      } else if (state === bareDot && (byte === CR || byte === LF)) {
        this.#lookalike = true
      }
      content[length++] = byte
      state = next(state, byte)
    }
    this.#state = state
    return { content: content.subarray(0, length), rest: null }
  }
}

function next(state: number, byte: number): number {
  if (byte === CR) return afterCr
  if (byte === LF) return state === afterCr ? lineStart : afterBareLf
  if (byte === DOT && (state === afterCr || state === afterBareLf)) return bareDot
  return inLine
}

function stateAfter(piece: Buffer, before: number): number {
  const length = piece.length
  if (length === 0) return before
  const previous = length > 1 ? (piece[length - 2] === CR ? afterCr : inLine) : before
  return next(previous, piece[length - 1] ?? 0)
}
