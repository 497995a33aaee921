import { mirrorReply, replies } from '../smtp/reply.ts'
import type { Reply } from '../smtp/reply.ts'

export type NextHopErrorCode =
  | 'unreachable'
  | 'lost'
  | 'too-slow'
  | 'tls-not-offered'
  | 'tls-failed'
  | 'sign-in-failed'
  | 'bad-reply'
  | 'refused'

/** The next hop could not be used. `reply` is what it said, if it said something. */
export class NextHopError extends Error {
  readonly code: NextHopErrorCode
  readonly reply: Reply | undefined

  constructor(code: NextHopErrorCode, options: { cause?: unknown; reply?: Reply } = {}) {
    super(`next hop: ${code}`, { cause: options.cause })
    this.name = 'NextHopError'
    this.code = code
    this.reply = options.reply
  }
}

/** The answer for the client: always a 4xx, since nothing was accepted, or nobody knows. */
export function answerFor(error: NextHopError): Reply {
  const { reply } = error
  if (reply !== undefined && reply.code >= 400 && reply.code < 500) return mirrorReply(reply)
  return answers[error.code]
}

const answers: Record<NextHopErrorCode, Reply> = {
  unreachable: replies.nextHopAway,
  refused: replies.nextHopAway,
  lost: replies.nextHopLost,
  'too-slow': replies.nextHopLost,
  'tls-not-offered': replies.nextHopTls,
  'tls-failed': replies.nextHopTls,
  'sign-in-failed': replies.failed,
  'bad-reply': replies.failed,
}
