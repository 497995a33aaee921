import { EnvelopeError } from './errors.ts'
import { Holding } from './holding.ts'

/** age's STREAM: chunks of 64 KiB, each with its own tag, the last one marked. https://age-encryption.org/v1 §Payload */
export const CHUNK_BYTES: number = 64 * 1024
export const TAG_BYTES = 16
/** Random bytes between header and first chunk. */
export const NONCE_BYTES = 16

/** Seals one chunk with ChaCha20-Poly1305: `[ciphertext, tag]`; `nonce` is 12 bytes. */
export type SealChunk = (nonce: Uint8Array, chunk: Uint8Array) => readonly [Uint8Array, Uint8Array]
/** Opens one chunk, tag included. Throws when it was altered. */
export type OpenChunk = (nonce: Uint8Array, chunk: Uint8Array) => Uint8Array
/** Takes the pieces of a sealed file in their order. */
export type Emit = (sealed: Uint8Array) => void

/** 11 bytes of counter, most significant first, and the mark of the last chunk. */
export class StreamNonce {
  readonly bytes: Uint8Array = new Uint8Array(12)

  last(): Uint8Array {
    this.bytes[11] = 1
    return this.bytes
  }

  next(): void {
    for (let i = 10; i >= 0; i--) {
      const byte = ((this.bytes[i] ?? 0) + 1) & 255
      this.bytes[i] = byte
      if (byte !== 0) return
    }
  }
}

/** Pieces of at least so many bytes are not copied; small ones are, for each could keep a larger memory alive. */
const BORROWED_BYTES = 16 * 1024

/** Cuts a stream into chunks and seals them; holds at most one chunk. */
export class StreamSealer {
  readonly #seal: SealChunk
  readonly #nonce = new StreamNonce()
  readonly #held = new Holding(CHUNK_BYTES)

  constructor(seal: SealChunk) {
    this.#seal = seal
  }

  /** Hands every chunk that is known not to be the last to `emit`. `plain` may not be changed afterwards. */
  push(plain: Uint8Array, emit: Emit): void {
    let at = 0
    while (at < plain.length) {
      if (this.#held.isFull) {
        this.#emit(this.#held.view(), emit)
        this.#held.clear()
      }
      if (this.#held.length === 0 && plain.length - at > CHUNK_BYTES) {
        this.#emit(plain.subarray(at, at + CHUNK_BYTES), emit)
        at += CHUNK_BYTES
        continue
      }
      if (this.#held.length === 0 && plain.length - at >= BORROWED_BYTES)
        return this.#held.borrow(plain.subarray(at))
      at += this.#held.take(plain, at)
    }
  }

  /** The last chunk; empty only when the whole stream is. */
  finish(): readonly [Uint8Array, Uint8Array] {
    return this.#seal(this.#nonce.last(), this.#held.view())
  }

  #emit(chunk: Uint8Array, emit: Emit): void {
    for (const piece of this.#seal(this.#nonce.bytes, chunk)) emit(piece)
    this.#nonce.next()
  }
}

/** Bytes of plaintext in a payload of `sealedBytes`. @throws {EnvelopeError} `altered-content` */
export function plaintextLength(sealedBytes: number): number {
  const chunks = Math.max(1, Math.ceil(sealedBytes / (CHUNK_BYTES + TAG_BYTES)))
  const length = sealedBytes - chunks * TAG_BYTES
  const lastChunk = length - (chunks - 1) * CHUNK_BYTES
  if (lastChunk < 0 || (lastChunk === 0 && chunks > 1))
    throw new EnvelopeError('altered-content', 'cut off')
  return length
}

/**
 * Opens a whole payload. Returns nothing of it unless every chunk, their order and the end are genuine.
 * @param onProgress is told how many bytes of `payload` are done, after each chunk.
 * @throws {EnvelopeError} `altered-content`
 */
export function openStream(
  payload: Uint8Array,
  open: OpenChunk,
  onProgress?: (done: number, total: number) => void,
): Uint8Array<ArrayBuffer> {
  const plain = new Uint8Array(plaintextLength(payload.length))
  const nonce = new StreamNonce()
  let at = 0
  for (let done = 0; done < payload.length; nonce.next()) {
    const sealed = payload.subarray(done, done + CHUNK_BYTES + TAG_BYTES)
    done += sealed.length
    const chunk = openChunk(open, done === payload.length ? nonce.last() : nonce.bytes, sealed)
    plain.set(chunk, at)
    at += chunk.length
    onProgress?.(done, payload.length)
  }
  return plain
}

function openChunk(open: OpenChunk, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  try {
    return open(nonce, sealed)
  } catch (cause) {
    throw new EnvelopeError('altered-content', undefined, { cause })
  }
}
