import type { Address } from '../../core/address/address.ts'
import { cleanSenderName } from '../../core/address/clean-name.ts'
import type { Mailbox } from '../../core/address/mailboxes.ts'
import type { Policy } from '../../core/policy/policy.ts'
import { parseDuration } from '../config/duration.ts'
import type { Config, OrganisationConfig } from '../config/schema.ts'
import type { MailFacts } from './mail-facts.ts'
import { deriveConversationId, deriveMessageId } from './message-ids.ts'
import type { Mac } from './message-ids.ts'

export interface PolicyRequest {
  readonly facts: MailFacts
  readonly organisation: OrganisationConfig
  readonly sender: Mailbox
  /** Who gets the sealed mail: those of RCPT. */
  readonly recipients: readonly Address[]
  readonly defaults: Config['policy']['default']
  readonly replyRecipient: string
  readonly mac: Mac
  readonly nowMs: number
}

const templateName = 'default'

/** The policy of one mail. Ids are the same on every retry, so that a retry cannot escape a revocation. */
export function makePolicy(request: PolicyRequest): Policy {
  const { organisation, sender, facts, defaults, mac } = request
  const { listed } = facts
  return {
    messageId: deriveMessageId(mac, sender.address, facts.fields),
    organisationId: organisation.id,
    sender: sender.address,
    senderName: cleanSenderName(sender.name, sender.address),
    recipients: request.recipients.map(address => ({ address, listed: listed.has(address) })),
    createdAtMs: request.nowMs,
    expiresAtMs: expiryOf(defaults.expires, request.nowMs),
    permissions: defaults.permissions,
    assurance: defaults.assurance,
    template: templateName,
    locale: organisation.locale,
    conversationId: deriveConversationId(mac, organisation.id, facts.fields),
    replyRecipient: request.replyRecipient,
  }
}

/** Milliseconds since 1970; null: never. */
export function expiryOf(expires: string, nowMs: number): number | null {
  const duration = parseDuration(expires)
  return duration === null || duration === undefined ? null : nowMs + duration
}
