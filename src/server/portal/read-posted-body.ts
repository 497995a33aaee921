import type { BodyBudget, Reservation } from './body-budget.ts'
import { freeChunk } from './free-chunk.ts'
import { isTooSlow } from './is-too-slow.ts'
import { BODY_GROWTH, FIRST_BODY_BYTES, MAX_DRAINED_BYTES } from './limits.ts'

/** A body in memory, in a buffer of its own, and the memory set aside for it. */
export interface PostedBody {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Frees the memory at once, without waiting for the collector; the bytes are gone then. */
  release(): void
}

export type PostedRead =
  | { readonly ok: true; readonly body: PostedBody }
  /** All of it has been read and thrown away; the line can be used again. */
  | { readonly ok: false; readonly code: 'too-large' | 'busy' }
  /** The rest is still coming and must be cut off. */
  | { readonly ok: false; readonly code: 'too-slow' | 'endless' }

export interface PostedBodySource {
  readonly chunks: AsyncIterable<Uint8Array>
  /** `Content-Length`; null when the body comes in chunks. */
  readonly length: number | null
  readonly network: string
  /** True for chunks that a socket made for us alone: their memory is freed as soon as they are read. */
  readonly ownsChunks: boolean
}

interface Reading {
  readonly source: PostedBodySource
  readonly maxBytes: number
  readonly startedMs: number
  readonly clock: () => number
}

/**
 * Reads a whole body into memory, within the budget. Nobody is answered before their body has been
 * read: a browser does not look at an answer while it is sending. protocol.md §2
 * @throws when the line breaks
 */
export async function readPostedBody(
  source: PostedBodySource,
  budget: BodyBudget,
  maxBytes: number,
  clock: () => number,
): Promise<PostedRead> {
  const reading = { source, maxBytes, startedMs: clock(), clock }
  if (source.length !== null && source.length > maxBytes) return drain(reading, 'too-large')
  const reservation = budget.reserve(0, source.network)
  if (reservation === null) return drain(reading, 'busy')
  return fill(reading, reservation)
}

/** Puts the chunks into one buffer that grows as they come; it is freed at once when they do not come to their end. */
async function fill(reading: Reading, reservation: Reservation): Promise<PostedRead> {
  const { source, maxBytes } = reading
  const buffer = growingBuffer(source.length ?? maxBytes, reservation)
  try {
    const code = await pour(reading, buffer)
    if (code === null) return { ok: true, body: ownedBody(buffer.take(), reservation) }
    buffer.drop()
    return { ok: false, code }
  } catch (error) {
    buffer.drop()
    throw error
  }
}

/** Null when all of it is in the buffer. */
async function pour(
  reading: Reading,
  buffer: GrowingBuffer,
): Promise<Extract<PostedRead, { ok: false }>['code'] | null> {
  const { source } = reading
  let length = 0
  let failed: 'too-large' | 'busy' | null = null
  for await (const chunk of source.chunks) {
    failed ??= buffer.add(chunk)
    length += chunk.length
    if (source.ownsChunks) freeChunk(chunk)
    const cut = mustCut(reading, length)
    if (cut !== null) return cut
  }
  return failed
}

interface GrowingBuffer {
  /** Why the body cannot be taken, from when on nothing is held for it; null while it can. */
  add(chunk: Uint8Array): 'too-large' | 'busy' | null
  /** What was added. */
  take(): ArrayBuffer
  /** Frees it; more than once is as once. */
  drop(): void
}

/** Attack: lines that announce much and send little would use the budget up. */
function growingBuffer(maxBytes: number, reservation: Reservation): GrowingBuffer {
  let bytes = new ArrayBuffer(0)
  let length = 0
  const drop = () => {
    if (!bytes.detached) bytes.transfer(0)
    reservation.release()
  }
  const refuse = (why: 'too-large' | 'busy') => {
    drop()
    return why
  }
  return {
    add(chunk) {
      const end = length + chunk.length
      if (end > maxBytes) return refuse('too-large')
      if (end > bytes.byteLength) {
        const wanted = Math.max(end, FIRST_BODY_BYTES, bytes.byteLength * BODY_GROWTH)
        const capacity = Math.min(wanted, maxBytes)
        if (!reservation.grow(capacity - bytes.byteLength)) return refuse('busy')
        bytes = bytes.transfer(capacity)
      }
      new Uint8Array(bytes).set(chunk, length)
      length = end
      return null
    },
    take() {
      reservation.grow(length - bytes.byteLength)
      return bytes.byteLength === length ? bytes : bytes.transfer(length)
    },
    drop,
  }
}

async function drain(reading: Reading, code: 'too-large' | 'busy'): Promise<PostedRead> {
  let length = 0
  for await (const chunk of reading.source.chunks) {
    length += chunk.length
    if (reading.source.ownsChunks) freeChunk(chunk)
    const cut = mustCut(reading, length)
    if (cut !== null) return { ok: false, code: cut }
  }
  return { ok: false, code }
}

function mustCut(reading: Reading, length: number): 'too-slow' | 'endless' | null {
  if (length > MAX_DRAINED_BYTES) return 'endless'
  return isTooSlow(reading.clock() - reading.startedMs, length) ? 'too-slow' : null
}

function ownedBody(buffer: ArrayBuffer, reservation: Reservation): PostedBody {
  return {
    bytes: new Uint8Array(buffer),
    release() {
      if (!buffer.detached) buffer.transfer(0)
      reservation.release()
    },
  }
}
