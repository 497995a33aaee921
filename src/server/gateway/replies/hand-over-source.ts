import { ReplyRefusal } from './reply-refusal.ts'

export interface SourcePace {
  /** Waiting for bytes: so long in all, and longer by what comes at this rate. */
  readonly bodyGraceMs: number
  readonly bodyBytesPerSecond: number
  /** What comes more slowly than this is late while others wait for its place. */
  readonly awaitedBytesPerSecond: number
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
  /** While it is waited for. */
  #receiving: { readonly sinceMs: number; readonly fail: (why: ReplyRefusal) => void } | undefined

  constructor(body: { [Symbol.asyncIterator](): AsyncIterator<Buffer> }, pace: SourcePace) {
    this.#pieces = body[Symbol.asyncIterator]()
    this.#pace = pace
  }

  /** Bytes that have come. */
  get bytes(): number {
    return this.#bytes
  }

  /** How late it is, in milliseconds; never while the gateway itself, or the next hop, is what takes its time. */
  get lateMs(): number {
    if (this.#receiving === undefined) return 0
    const waitedMs = this.#waitedMs + performance.now() - this.#receiving.sinceMs
    return Math.max(0, waitedMs - this.#allowedMs(this.#pace.awaitedBytesPerSecond))
  }

  /** Ends what is waited for: others want the place. */
  breakOff(): void {
    this.#receiving?.fail(new ReplyRefusal('replies-unavailable', { reason: 'places' }))
  }

  /** Exactly so many bytes, in their memory alone. Attack: a head of single bytes, each with a buffer of its own. */
  async take(bytes: number): Promise<Buffer> {
    const taken = Buffer.allocUnsafeSlow(bytes)
    let length = 0
    for await (const piece of this.pieces(bytes)) length += piece.copy(taken, length)
    return taken
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
    const sinceMs = performance.now()
    const patienceMs = this.#allowedMs(this.#pace.bodyBytesPerSecond) - this.#waitedMs
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new ReplyRefusal('too-slow')), Math.max(0, patienceMs))
      this.#receiving = { sinceMs, fail }
    })
    try {
      return await Promise.race([this.#pieces.next(), late])
    } catch (cause) {
      if (cause instanceof ReplyRefusal) throw cause
      throw new ReplyRefusal('bad-request', { reason: 'cut', cause })
    } finally {
      clearTimeout(timer)
      this.#receiving = undefined
      this.#waitedMs += performance.now() - sinceMs
    }
  }

  /** How long what has come may have taken. */
  #allowedMs(bytesPerSecond: number): number {
    return this.#pace.bodyGraceMs + (this.#bytes / bytesPerSecond) * 1000
  }
}
