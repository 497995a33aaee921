import type { MailOutcome } from './mail-outcome.ts'
import { answerFor, NextHopError } from './next-hop/next-hop-error.ts'
import { SourceError } from './smtp/mail-source.ts'
import { replies } from './smtp/reply.ts'
import type { Reply } from './smtp/reply.ts'

export interface Failure extends Pick<MailOutcome, 'result' | 'reason' | 'fault'> {
  readonly answer: Reply
}

/** What a mail that broke off before a final dot is answered: nothing of it was delivered. Fails closed. */
export function failureOf(error: unknown): Failure {
  if (error instanceof SourceError) {
    const answer = error.code === 'too-large' ? replies.tooLarge : replies.endOfDataLookalike
    return { answer, result: 'refused', reason: error.code }
  }
  if (error instanceof NextHopError)
    return { answer: answerFor(error), result: 'failed', reason: error.code }
  return { answer: replies.failed, result: 'failed', reason: 'fault', fault: error }
}
