import { domainOf } from '../../core/address/address.ts'
import type { Address } from '../../core/address/address.ts'
import { cleanSenderName } from '../../core/address/clean-name.ts'
import type { Mailbox } from '../../core/address/mailboxes.ts'
import { EnvelopeError } from '../../core/envelope/errors.ts'
import { recordLength } from '../../core/envelope/record.ts'
import { MAX_INSIDE } from '../../core/policy/parse-policy.ts'
import type { Permissions, Policy } from '../../core/policy/policy.ts'
import { parseDuration } from '../config/duration.ts'
import type { Config, OrganisationConfig } from '../config/schema.ts'
import type { MailFacts } from './mail-facts.ts'
import { deriveConversationId, deriveMessageId } from './message-ids.ts'
import type { Mac } from './message-ids.ts'
import { namesARoute } from './names-a-route.ts'

export interface PolicyRequest {
  readonly facts: MailFacts
  readonly organisation: OrganisationConfig
  readonly sender: Mailbox
  /** Who gets the sealed mail: those of RCPT. */
  readonly recipients: readonly Address[]
  /** Addresses in the mail that stand for others, and for whom. */
  readonly writers?: ReadonlyMap<Address, Address>
  readonly permissions: Permissions
  /** The sealed conversation that the mail answers; null: that of its thread. */
  readonly conversationId: string | null
  readonly defaults: Config['policy']['default']
  readonly replyRecipient: string
  readonly mac: Mac
  readonly nowMs: number
}

const templateName = 'default'

/** The policy of one mail. Ids are the same on every retry, so that a retry cannot escape a revocation. */
export function makePolicy(request: PolicyRequest): Policy {
  const { organisation, sender, facts, defaults, mac } = request
  const listed = listedIn(request)
  const policy: Policy = {
    messageId: deriveMessageId(mac, sender.address, facts.fields),
    organisationId: organisation.id,
    sender: sender.address,
    senderName: cleanSenderName(sender.name, sender.address),
    recipients: request.recipients.map(address => ({ address, listed: listed.has(address) })),
    createdAtMs: request.nowMs,
    expiresAtMs: expiryOf(defaults.expires, request.nowMs),
    permissions: request.permissions,
    assurance: defaults.assurance,
    template: templateName,
    locale: organisation.locale,
    conversationId:
      request.conversationId ?? deriveConversationId(mac, organisation.id, facts.fields),
    replyRecipient: request.replyRecipient,
  }
  return withInside(policy, insideOf(request))
}

/** Who stands in To and Cc, or is stood for. */
function listedIn({ facts, writers }: PolicyRequest): ReadonlySet<Address> {
  const { listed } = facts
  if (writers === undefined || writers.size === 0) return listed
  return new Set([...listed].map(address => writers.get(address) ?? address))
}

/** People of the organisation whom the mail names and who get it unsealed: answers may go to them too. */
function insideOf({ facts, organisation, sender, recipients }: PolicyRequest): readonly Address[] {
  const named = new Set([...facts.listed, ...facts.replyTo])
  const domains = new Set(organisation.domains)
  const inside = [...named].filter(
    address =>
      domains.has(domainOf(address)) && address !== sender.address && !namesARoute(address),
  )
  if (inside.length === 0) return inside
  const sealed = new Set(recipients)
  return inside.filter(address => !sealed.has(address)).slice(0, MAX_INSIDE)
}

/** A record that is full goes without: the message is worth more than answers to all. */
function withInside(policy: Policy, inside: readonly Address[]): Policy {
  if (inside.length === 0) return policy
  const whole = { ...policy, inside }
  try {
    recordLength(whole)
    return whole
  } catch (error) {
    if (error instanceof EnvelopeError && error.code === 'too-large') return policy
    throw error
  }
}

/** Milliseconds since 1970; null: never. */
export function expiryOf(expires: string, nowMs: number): number | null {
  const duration = parseDuration(expires)
  return duration === null || duration === undefined ? null : nowMs + duration
}
