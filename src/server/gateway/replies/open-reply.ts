import { parseHeader } from '../../../core/envelope/age-header.ts'
import { concat } from '../../../core/envelope/bytes.ts'
import { EnvelopeError } from '../../../core/envelope/errors.ts'
import { NONCE_BYTES, plaintextLength } from '../../../core/envelope/stream.ts'
import { StreamOpener } from '../../../core/envelope/stream-opener.ts'
import {
  readReplyHead,
  replyHeadLength,
  REPLY_PREFIX_BYTES,
} from '../../../core/reply/reply-head.ts'
import type { ReplyHead } from '../../../core/reply/reply-head.ts'
import { chunkOpener, hkdfSha256 } from '../../crypto/native-primitives.ts'
import { unwrapFileKey } from '../../crypto/unwrap-file-key.ts'
import { ReplyRefusal } from './reply-refusal.ts'
import type { RefusalReason } from './reply-refusal.ts'

/** A reply file whose head is read. */
export interface OpenedReply {
  readonly head: ReplyHead
  /**
   * The parts' bytes, each chunk checked before it is handed out; ends only when the file has ended as it must.
   * @throws {ReplyRefusal} `bad-reply` at the first byte that is not genuine
   */
  readonly parts: AsyncIterable<Uint8Array>
}

export interface ReplyFile {
  /** The file, cut anywhere. */
  readonly pieces: AsyncIterable<Uint8Array>
  readonly bytes: number
  /** `AGE-SECRET-KEY-PQ-1…` */
  readonly identity: string
  readonly ageHeaderBytes: number
}

/**
 * Opens a reply file as it comes, in the memory of a chunk or two. docs/replies.md §1
 * @throws {ReplyRefusal} `bad-reply`
 */
export async function openReply(file: ReplyFile): Promise<OpenedReply> {
  const sealed = new Gathered(file.pieces)
  const { key, payloadBytes } = await readAgeHeader(file, sealed)
  const plain = new Gathered(openedChunks(sealed.rest(), key))
  const head = await readHead(plain, lengthOf(payloadBytes))
  return { head, parts: plain.rest() }
}

/** The payload's key and length. */
async function readAgeHeader(
  { bytes, identity, ageHeaderBytes }: ReplyFile,
  sealed: Gathered,
): Promise<{ key: Uint8Array; payloadBytes: number }> {
  const length = await sealed.until(headerLength, ageHeaderBytes)
  if (length === undefined) throw bad('age-header')
  const header = sealed.take(length)
  const fileKey = await fileKeyOf(header, identity)
  if (!(await sealed.hold(NONCE_BYTES))) throw bad('cut')
  const nonce = sealed.take(NONCE_BYTES)
  return {
    key: hkdfSha256(fileKey, nonce, 'payload', 32),
    payloadBytes: bytes - length - NONCE_BYTES,
  }
}

/** Bytes up to the end of the line that holds the MAC; undefined when it is not there yet. */
function headerLength(held: Uint8Array): number | undefined {
  const text = Buffer.from(held.buffer, held.byteOffset, held.length)
  const last = text.indexOf('\n--- ')
  const end = last === -1 ? -1 : text.indexOf('\n', last + 1)
  return end === -1 ? undefined : end + 1
}

/** Attack: stanzas that make the gateway work. A reply has one, for the reply key. */
async function fileKeyOf(header: Uint8Array, identity: string): Promise<Uint8Array> {
  try {
    return await unwrapFileKey(parseHeader(header), identity)
  } catch (cause) {
    if (cause instanceof EnvelopeError) throw bad('age-header', cause)
    throw cause
  }
}

function lengthOf(payloadBytes: number): number {
  try {
    return plaintextLength(payloadBytes)
  } catch (cause) {
    throw bad('length', cause)
  }
}

async function* openedChunks(
  sealed: AsyncIterable<Uint8Array>,
  key: Uint8Array,
): AsyncGenerator<Uint8Array, undefined> {
  const opener = new StreamOpener(chunkOpener(key))
  let chunks: Uint8Array[] = []
  const emit = (chunk: Uint8Array): void => void chunks.push(chunk)
  try {
    for await (const piece of sealed) {
      opener.push(piece, emit)
      yield* chunks
      chunks = []
    }
    opener.finish(emit)
  } catch (cause) {
    if (cause instanceof EnvelopeError) throw bad('altered', cause)
    throw cause
  }
  yield* chunks
}

/** Its parts must be as long as it says, which the file's length tells before they come. */
async function readHead(plain: Gathered, plainBytes: number): Promise<ReplyHead> {
  if (!(await plain.hold(REPLY_PREFIX_BYTES))) throw bad('head')
  const length = replyHeadLength(plain.take(REPLY_PREFIX_BYTES))
  if (length === null || !(await plain.hold(length))) throw bad('head')
  const head = readReplyHead(plain.take(length))
  if (head === null) throw bad('head')
  const partBytes = head.parts.reduce((sum, part) => sum + part.bytes, 0)
  if (REPLY_PREFIX_BYTES + length + partBytes !== plainBytes) throw bad('length')
  return head
}

function bad(reason: RefusalReason, cause?: unknown): ReplyRefusal {
  return new ReplyRefusal('bad-reply', { reason, cause })
}

/** Pieces of which the beginning is looked at whole, and the rest as it comes. */
class Gathered {
  readonly #pieces: AsyncIterator<Uint8Array>
  #held: Uint8Array = new Uint8Array(0)

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]()
  }

  /** What `find` finds in what is held, with more until it finds something; undefined after `maxBytes`, or the end. */
  async until<T>(
    find: (held: Uint8Array) => T | undefined,
    maxBytes: number,
  ): Promise<T | undefined> {
    for (;;) {
      const found = find(this.#held.subarray(0, maxBytes))
      if (found !== undefined || this.#held.length >= maxBytes) return found
      if (!(await this.#more())) return undefined
    }
  }

  /** Has at least so many bytes; false when there are fewer. */
  async hold(bytes: number): Promise<boolean> {
    while (this.#held.length < bytes) if (!(await this.#more())) return false
    return true
  }

  /** So many of the bytes that are held. */
  take(bytes: number): Uint8Array {
    const taken = this.#held.slice(0, bytes)
    this.#held = this.#held.subarray(bytes)
    return taken
  }

  /** Everything that was not taken, once. */
  async *rest(): AsyncGenerator<Uint8Array, undefined> {
    if (this.#held.length > 0) yield this.#held
    this.#held = new Uint8Array(0)
    for (let next = await this.#pieces.next(); next.done !== true; next = await this.#pieces.next())
      yield next.value
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#pieces.next()
    if (done === true) return false
    this.#held = this.#held.length === 0 ? value : concat(this.#held, value)
    return true
  }
}
