import type { Address } from '../../../core/address/address.ts'
import { cleanSenderName } from '../../../core/address/clean-name.ts'
import type { Policy, PolicyRecipient } from '../../../core/policy/policy.ts'
import { participantsOf } from '../../../core/reply/participants.ts'
import type { ReplyHead } from '../../../core/reply/reply-head.ts'
import type { Config } from '../../config/schema.ts'
import { readHeaderFields } from '../header-fields.ts'
import { deriveMessageId } from '../message-ids.ts'
import type { Mac } from '../message-ids.ts'
import { expiryOf } from '../message-policy.ts'
import type { AnsweredMessage } from './answered-message.ts'
import type { VerifiedWriter } from './reply-mail.ts'

export interface ReplyPolicyRequest {
  readonly answered: AnsweredMessage
  readonly head: ReplyHead
  readonly writer: VerifiedWriter
  /** The address that stands for the writer: the sender of the mail. */
  readonly alias: Address
  /** Header block of the mail: its Message-ID is the same on every retry. */
  readonly header: Uint8Array
  readonly inside: readonly Address[]
  readonly outside: readonly PolicyRecipient[]
  readonly replyRecipient: string
  readonly expiresAtMs: number | null
  readonly mac: Mac
  readonly nowMs: number
}

/** The policy of what is sealed for people outside: what the answered message allowed holds on. docs/replies.md §4 */
export function replyPolicy(request: ReplyPolicyRequest): Policy {
  const { answered, head, writer, alias, inside, outside } = request
  const { policy, organisation } = answered
  return {
    messageId: deriveMessageId(request.mac, alias, readHeaderFields(request.header)),
    organisationId: organisation.id,
    sender: alias,
    senderName: cleanSenderName(head.writerName, writer.address),
    recipients: outside,
    createdAtMs: request.nowMs,
    expiresAtMs: request.expiresAtMs,
    permissions: policy.permissions,
    assurance: policy.assurance,
    template: policy.template,
    locale: organisation.locale,
    conversationId: policy.conversationId,
    replyRecipient: request.replyRecipient,
    writer: { address: writer.address, method: writer.method, assurance: writer.assurance },
    ...(inside.length > 0 ? { inside } : {}),
  }
}

/** One that forwards, or goes to somebody new whatever it calls itself, does not outlive the message that it answers. */
export function replyExpiry(
  defaults: Config['policy']['default'],
  { kind, to, cc, writer }: Pick<ReplyHead, 'kind' | 'to' | 'cc' | 'writer'>,
  { policy, expiresAtMs }: Pick<AnsweredMessage, 'policy' | 'expiresAtMs'>,
  nowMs: number,
): number | null {
  const usual = expiryOf(defaults.expires, nowMs)
  const participants = new Set(participantsOf(policy, writer))
  const forwards = kind === 'forward' || [...to, ...cc].some(address => !participants.has(address))
  if (!forwards || expiresAtMs === null) return usual
  return usual === null ? expiresAtMs : Math.min(usual, expiresAtMs)
}

/** Who gets the mail outside: those it names, and the writer as one it does not name. */
export function outsideRecipients(
  people: readonly Address[],
  { copyToWriter, writer }: Pick<ReplyHead, 'copyToWriter' | 'writer'>,
  namesWriter: boolean,
): readonly PolicyRecipient[] {
  const listed = people.map(address => ({ address, listed: true }))
  return copyToWriter && !namesWriter ? [...listed, { address: writer, listed: false }] : listed
}
