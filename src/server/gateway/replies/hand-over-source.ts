import { ReplyRefusal } from './reply-refusal.ts'

export interface SourcePace {
  /** Waiting for bytes: so long in all, and longer by what comes at this rate. */
  readonly bodyGraceMs: number
  readonly bodyBytesPerSecond: number
}

/**
 * The body of a hand-over, as fast as it is asked for; holds one piece.
 * Its methods throw {@link ReplyRefusal}: `bad-request` at an early end, `too-slow`.
 */
export class HandOverSource {
  readonly #pieces: AsyncIterator<Buffer>
  readonly #pace: SourcePace
  #held: Buffer = Buffer.alloc(0)
  #waitedMs = 0
  #bytes = 0

  constructor(body: { [Symbol.asyncIterator](): AsyncIterator<Buffer> }, pace: SourcePace) {
    this.#pieces = body[Symbol.asyncIterator]()
    this.#pace = pace
  }

  /** Bytes that have come. */
  get bytes(): number {
    return this.#bytes
  }

  /** Exactly so many bytes. */
  async take(bytes: number): Promise<Buffer> {
    const taken: Buffer[] = []
    for await (const piece of this.pieces(bytes)) taken.push(piece)
    return Buffer.concat(taken)
  }

  /** Exactly so many bytes in all, as they come. */
  async *pieces(bytes: number): AsyncGenerator<Buffer, undefined> {
    for (let left = bytes; left > 0;) {
      const piece = await this.#next()
      if (piece === null) throw new ReplyRefusal('bad-request', { reason: 'cut' })
      this.#held = piece.subarray(left)
      left -= Math.min(left, piece.length)
      yield piece.subarray(0, piece.length - this.#held.length)
    }
  }

  /** Nothing more may come. */
  async end(): Promise<void> {
    if ((await this.#next()) !== null) throw new ReplyRefusal('bad-request', { reason: 'surplus' })
  }

  /** Never empty; null at the end. */
  async #next(): Promise<Buffer | null> {
    const held = this.#held
    this.#held = Buffer.alloc(0)
    if (held.length > 0) return held
    for (;;) {
      const { done, value } = await this.#receive()
      if (done === true) return null
      this.#bytes += value.length
      if (value.length > 0) return value
    }
  }

  async #receive(): Promise<IteratorResult<Buffer, unknown>> {
    const startMs = performance.now()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new ReplyRefusal('too-slow')),
        Math.max(0, this.#patienceMs()),
      )
    })
    try {
      return await Promise.race([this.#pieces.next(), late])
    } catch (cause) {
      if (cause instanceof ReplyRefusal) throw cause
      throw new ReplyRefusal('bad-request', { reason: 'cut', cause })
    } finally {
      clearTimeout(timer)
      this.#waitedMs += performance.now() - startMs
    }
  }

  #patienceMs(): number {
    const { bodyGraceMs, bodyBytesPerSecond } = this.#pace
    return bodyGraceMs + (this.#bytes / bodyBytesPerSecond) * 1000 - this.#waitedMs
  }
}
