import { domainOf } from '../../core/address/address.ts'
import type { Address } from '../../core/address/address.ts'
import type { ReplyOffer } from '../../core/api/messages.ts'
import { mayAnswer } from '../../core/policy/may-answer.ts'
import type { Policy } from '../../core/policy/policy.ts'
import { participantsOf } from '../../core/reply/participants.ts'

/** What a portal takes of an organisation's readers; null: no answers. */
export type OfferReplies = (organisationId: string) => OfferedReplies | null

export interface OfferedReplies {
  /** Of a reply file. */
  readonly maxBytes: number
  /** Of the organisation. */
  readonly domains: readonly string[]
}

/**
 * What an answer of this reader needs; null where none is taken or the policy allows neither answer nor forwarding.
 * Who was in Bcc stands in it for nobody but themselves. docs/replies.md §4
 */
export function replyOffer(
  offered: OfferedReplies | null,
  policy: Policy,
  reader: Address,
): ReplyOffer | null {
  if (offered === null || !mayAnswer(policy)) return null
  const participants = participantsOf(policy, reader)
  return {
    recipient: policy.replyRecipient,
    messageId: policy.messageId,
    conversationId: policy.conversationId,
    maxBytes: offered.maxBytes,
    participants,
    inside: participants.filter(address => offered.domains.includes(domainOf(address))),
  }
}
