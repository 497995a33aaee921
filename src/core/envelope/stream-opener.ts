import { EnvelopeError } from './errors.ts'
import { Holding } from './holding.ts'
import { CHUNK_BYTES, StreamNonce, TAG_BYTES } from './stream.ts'
import type { Emit, OpenChunk } from './stream.ts'

/**
 * Opens a payload while it comes in, cut anywhere; holds at most one chunk. What it hands out is genuine and
 * in its place, but not known to be all before `finish`: whoever passes it on must be able to take it back.
 * https://age-encryption.org/v1 §Payload
 */
export class StreamOpener {
  readonly #open: OpenChunk
  readonly #nonce = new StreamNonce()
  readonly #held = new Holding(CHUNK_BYTES + TAG_BYTES)
  #opened = 0

  constructor(open: OpenChunk) {
    this.#open = open
  }

  /** Hands out every chunk that is known not to be the last. @throws {EnvelopeError} `altered-content` */
  push(sealed: Uint8Array, emit: Emit): void {
    for (let at = 0; at < sealed.length; at += this.#held.take(sealed, at)) {
      if (!this.#held.isFull) continue
      emit(this.#chunk(this.#nonce.bytes))
      this.#nonce.next()
      this.#held.clear()
      this.#opened++
    }
  }

  /** The last chunk, once. @throws {EnvelopeError} `altered-content`, also when anything is cut off */
  finish(emit: Emit): void {
    const chunk = this.#chunk(this.#nonce.last())
    if (chunk.length === 0 && this.#opened > 0)
      throw new EnvelopeError('altered-content', 'an empty last chunk')
    if (chunk.length > 0) emit(chunk)
  }

  #chunk(nonce: Uint8Array): Uint8Array {
    if (this.#held.length < TAG_BYTES) throw new EnvelopeError('altered-content', 'cut off')
    try {
      return this.#open(nonce, this.#held.view())
    } catch (cause) {
      throw new EnvelopeError('altered-content', undefined, { cause })
    }
  }
}
