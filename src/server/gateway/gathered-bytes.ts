/** More pieces are put together. Attack: a byte a packet, each with a buffer of its own. */
const maxPieces = 256

/** Bytes that come in pieces and are wanted as one. */
export class GatheredBytes {
  #pieces: Buffer[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  push(piece: Buffer): void {
    if (this.#pieces.length >= maxPieces) this.#pieces = [Buffer.concat(this.#pieces)]
    this.#pieces.push(piece)
    this.#length += piece.length
  }

  /** All of them; copied only when they came in several pieces. */
  joined(): Buffer {
    const [first, ...more] = this.#pieces
    return first !== undefined && more.length === 0 ? first : Buffer.concat(this.#pieces)
  }
}
