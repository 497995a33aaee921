import type { Address } from '../../../core/address/address.ts'
import { NextHopError } from '../next-hop/next-hop-error.ts'
import { isPermanent, isSuccess } from '../smtp/reply.ts'
import type { Reply } from '../smtp/reply.ts'
import type { RecipientAnswer } from './reply-half.ts'
import { ReplyRefusal } from './reply-refusal.ts'

/** RFC 1870 §6.1 (1) to (3) */
const TOO_LARGE = 552

/**
 * What the answers to MAIL and RCPT mean for the writer; undefined: everyone was accepted. What the writer can mend,
 * an address that is refused for good, comes before what passes by itself.
 */
export function refusalOfAnswers(
  answers: readonly RecipientAnswer[],
  people: readonly Address[],
): ReplyRefusal | undefined {
  const refused = answers.filter(({ answer }) => !isSuccess(answer))
  const ofMail = refused.find(({ isOurs }) => isOurs)
  if (ofMail !== undefined) return refusalOfMail(ofMail.answer)
  const permanent = refused.filter(({ answer }) => isPermanent(answer))
  if (permanent.length > 0) return recipientRefused(permanent, people)
  return refused.length > 0 ? unavailable() : undefined
}

/** What an answer to DATA or the final dot means for the writer. */
export function refusalAtData(
  answer: Reply,
  refused: readonly Address[],
  people: readonly Address[],
): ReplyRefusal {
  if (answer.code === TOO_LARGE) return new ReplyRefusal('too-large')
  if (!isPermanent(answer)) return unavailable()
  return recipientRefused(
    refused.map(address => ({ address })),
    people,
  )
}

/** A next hop that goes away is no fault of ours, and neither is an end that was asked for. */
export function failureOfReply(error: unknown): unknown {
  const isOver = error instanceof DOMException && error.name === 'AbortError'
  return isOver || error instanceof NextHopError ? unavailable(error) : error
}

/** No recipient's fault: how the next hop is set up, or that it is away. */
function refusalOfMail(answer: Reply): ReplyRefusal {
  return answer.code === TOO_LARGE ? new ReplyRefusal('too-large') : unavailable()
}

/** The writer's own copy has no position. */
function recipientRefused(
  refused: readonly { readonly address: Address }[],
  people: readonly Address[],
): ReplyRefusal {
  const recipients = refused.map(({ address }) => people.indexOf(address)).filter(at => at !== -1)
  return new ReplyRefusal('recipient-refused', { recipients: recipients.toSorted((a, b) => a - b) })
}

function unavailable(cause?: unknown): ReplyRefusal {
  return new ReplyRefusal('replies-unavailable', { reason: 'next-hop', cause })
}
