import { isTooSlow } from '../is-too-slow.ts'
import { MAX_DRAINED_BYTES, SOCKET_IDLE_MS } from '../limits.ts'
import { PortalProblem } from '../problem.ts'
import type { PortalContext } from '../route.ts'

/** The body of a posted reply, piece by piece as it is asked for; nothing of it is held. */
export interface ReplyBody {
  /** By `Content-Length`. */
  readonly bytes: number
  /** True when all of it has come. */
  isWhole(): boolean
  /** Null at the end. @throws PortalProblem `too-slow`; when the line breaks */
  next(): Promise<Uint8Array | null>
  /**
   * Reads the rest and throws it away: a browser does not look at an answer while it is sending.
   * @throws PortalProblem `too-slow`, `too-large`; when the line breaks
   */
  discard(): Promise<void>
}

/** Only the time that the browser is waited for counts against it: what passes on may be slow too. */
export function replyBody(context: PortalContext, bytes: number, clock: () => number): ReplyBody {
  const { incoming } = context.env
  const pieces = iteratorOf(incoming ?? context.req.raw.body ?? [])
  let waitedMs = 0
  let come = 0
  const next = async () => {
    incoming?.setTimeout(SOCKET_IDLE_MS)
    const startMs = clock()
    const { done, value } = await pieces.next()
    waitedMs += clock() - startMs
    incoming?.setTimeout(0)
    if (done === true) return null
    come += value.length
    if (isTooSlow(waitedMs, come)) throw new PortalProblem('too-slow', { closeConnection: true })
    // Pieces of a socket are ours alone; the memory of others belongs to whoever called.
    return incoming === undefined ? value.slice() : value
  }
  return {
    bytes,
    isWhole: () => come >= bytes,
    next,
    async discard() {
      if (bytes > MAX_DRAINED_BYTES) throw new PortalProblem('too-large', { closeConnection: true })
      while ((await next()) !== null);
    },
  }
}

function iteratorOf(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncIterator<Uint8Array, unknown> | Iterator<Uint8Array, unknown> {
  return Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body[Symbol.iterator]()
}
