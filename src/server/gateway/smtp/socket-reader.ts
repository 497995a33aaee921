import type { Socket } from 'node:net'

/** The other side has gone, or what it had to do took too long. */
export class SocketError extends Error {
  readonly code: 'lost' | 'too-slow'

  constructor(code: 'lost' | 'too-slow', cause?: unknown) {
    super(code === 'lost' ? 'the connection was lost' : 'the other side was too slow', { cause })
    this.name = 'SocketError'
    this.code = code
  }
}

const LF = 0x0a
const nothing = Buffer.alloc(0)

/**
 * Reads a socket on demand. While nobody reads, nothing more than the socket's own buffer is taken
 * from the network: that is the gateway's backpressure.
 */
export class SocketReader {
  readonly #socket: Socket
  #held: Buffer = nothing
  #ended = false
  #failure: unknown
  #wake: (() => void) | undefined
  readonly #onReadable = () => this.#wake?.()
  readonly #onEnd = () => {
    this.#ended = true
    this.#wake?.()
  }
  readonly #onFailure = (failure: unknown) => {
    this.#failure ??= failure
    this.#onEnd()
  }

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('readable', this.#onReadable)
    socket.on('end', this.#onEnd)
    socket.on('close', this.#onEnd)
    socket.on('error', this.#onFailure)
  }

  /** Bytes that were received and not yet read by anyone here. */
  get heldBytes(): number {
    return this.#held.length
  }

  /** True when something can be read without waiting. */
  get hasMore(): boolean {
    return this.#held.length > 0 || this.#socket.readableLength > 0
  }

  /** True when the other side sends nothing more, by its own word or because the connection is gone. */
  get hasEnded(): boolean {
    return this.#ended
  }

  /** Lets go of the socket, so that TLS can take it. */
  detach(): void {
    this.#socket.off('readable', this.#onReadable)
    this.#socket.off('end', this.#onEnd)
    this.#socket.off('close', this.#onEnd)
    this.#socket.off('error', this.#onFailure)
  }

  /** Puts bytes back in front of what comes. */
  giveBack(bytes: Buffer): void {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([bytes, this.#held])
  }

  /**
   * The next bytes, whatever came; null at the end.
   * @throws {SocketError} after `limitMs`, or when the connection breaks
   */
  async piece(limitMs: number): Promise<Buffer | null> {
    if (this.#held.length > 0) {
      const held = this.#held
      this.#held = nothing
      return held
    }
    return this.#receive(limitMs)
  }

  /**
   * One line with its line end; `too-long` as soon as it is longer than `maxBytes`; null at the end.
   * `limitMs` counts for the whole line.
   * @throws {SocketError}
   */
  async line(limitMs: number, maxBytes: number): Promise<Buffer | 'too-long' | null> {
    const at = this.#held.indexOf(LF)
    if (at !== -1) return this.#takeLine(at, maxBytes)
    const untilMs = performance.now() + limitMs
    while (this.#held.length <= maxBytes) {
      const piece = await this.#receive(untilMs - performance.now())
      if (piece === null) return null
      const from = this.#held.length
      this.#held = from === 0 ? piece : Buffer.concat([this.#held, piece])
      const end = this.#held.indexOf(LF, from)
      if (end !== -1) return this.#takeLine(end, maxBytes)
    }
    return 'too-long'
  }

  #takeLine(at: number, maxBytes: number): Buffer | 'too-long' {
    if (at >= maxBytes) return 'too-long'
    const line = this.#held.subarray(0, at + 1)
    this.#held = this.#held.subarray(at + 1)
    return line
  }

  async #receive(limitMs: number): Promise<Buffer | null> {
    for (;;) {
      const piece = this.#socket.read() as Buffer | null
      if (piece !== null) return piece
      if (this.#failure !== undefined) throw new SocketError('lost', this.#failure)
      // The end may have come before this reader took the socket.
      if (this.#ended || this.#socket.readableEnded || this.#socket.destroyed) return null
      await this.#wait(limitMs)
    }
  }

  #wait(limitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => {
          this.#wake = undefined
          reject(new SocketError('too-slow'))
        },
        Math.max(0, limitMs),
      )
      this.#wake = () => {
        clearTimeout(timer)
        this.#wake = undefined
        resolve()
      }
    })
  }
}
