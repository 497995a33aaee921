import { DataDecoder } from './data-decoder.ts'
import { SocketError } from './socket-reader.ts'
import type { SocketReader } from './socket-reader.ts'

export type SourceErrorCode = 'too-large' | 'lookalike' | 'lost' | 'too-slow'

/** Why a mail could not be read to its end. */
export class SourceError extends Error {
  readonly code: SourceErrorCode

  constructor(code: SourceErrorCode, cause?: unknown) {
    super(`mail data: ${code}`, { cause })
    this.name = 'SourceError'
    this.code = code
  }
}

export interface MailSourceLimits {
  readonly maxBytes: number
  readonly pieceMs: number
  readonly totalMs: number
  /** A refused mail is read on until this many bytes. */
  readonly drainBytes: number
}

/** The content of one DATA command, piece by piece, as fast as it is asked for. */
export class MailSource {
  readonly #reader: SocketReader
  readonly #limits: MailSourceLimits
  readonly #decoder = new DataDecoder()
  readonly #untilMs: number
  #bytes = 0
  #ended = false

  constructor(reader: SocketReader, limits: MailSourceLimits) {
    this.#reader = reader
    this.#limits = limits
    this.#untilMs = performance.now() + limits.totalMs
  }

  /** Bytes of content so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** True when nothing more comes from the client: it may have left without an answer. */
  get clientHasEnded(): boolean {
    return this.#reader.hasEnded
  }

  /**
   * The next piece of content, never empty; null after the end of data.
   * @throws {SourceError} at the first sign that the mail must be refused, or when the client is gone
   */
  async next(): Promise<Buffer | null> {
    for (;;) {
      const content = await this.#receive()
      if (content === null) return null
      if (this.#decoder.lookalike) throw new SourceError('lookalike')
      if (this.#bytes > this.#limits.maxBytes) throw new SourceError('too-large')
      if (content.length > 0) return content
    }
  }

  /**
   * Reads a mail that is refused to its end, so that the client gets the answer.
   * @returns why it must be refused whatever the caller thought; null when there is no such reason
   * @throws {SourceError} `lost`, `too-slow`; `too-large` when the end is out of reach
   */
  async drain(): Promise<'too-large' | 'lookalike' | null> {
    while ((await this.#receive()) !== null) {
      if (this.#bytes > this.#limits.drainBytes) throw new SourceError('too-large')
    }
    if (this.#decoder.lookalike) return 'lookalike'
    return this.#bytes > this.#limits.maxBytes ? 'too-large' : null
  }

  async #receive(): Promise<Buffer | null> {
    if (this.#ended) return null
    const piece = await this.#piece()
    const { content, rest } = this.#decoder.push(piece)
    this.#bytes += content.length
    if (rest !== null) {
      this.#ended = true
      if (rest.length > 0) this.#reader.giveBack(rest)
    }
    return content
  }

  async #piece(): Promise<Buffer> {
    const leftMs = this.#untilMs - performance.now()
    if (leftMs <= 0) throw new SourceError('too-slow')
    try {
      const piece = await this.#reader.piece(Math.min(leftMs, this.#limits.pieceMs))
      if (piece !== null) return piece
    } catch (error) {
      if (error instanceof SocketError) throw new SourceError(error.code, error)
      throw error
    }
    throw new SourceError('lost')
  }
}
