import { domainOf } from '../../../core/address/address.ts'
import type { SealedRecord } from '../../../core/envelope/record.ts'
import { effectiveExpiry, evaluate } from '../../../core/policy/evaluate.ts'
import type { Override, Policy } from '../../../core/policy/policy.ts'
import { replyDomainsOf } from '../../config/reply-domain.ts'
import type { OrganisationConfig } from '../../config/schema.ts'
import type { VerifiedHandOver } from './read-hand-over.ts'
import { ReplyRefusal } from './reply-refusal.ts'

/** The message that is answered, which its writer may open now. */
export interface AnsweredMessage {
  readonly policy: Policy
  readonly organisation: OrganisationConfig
  /** When it ends for the writer; null: never. */
  readonly expiresAtMs: number | null
}

export interface AnsweredMessageNeeds {
  readonly organisations: readonly OrganisationConfig[]
  /** The record that this gateway signed for the organisation; undefined for any other bytes. */
  readonly readRecord: (
    organisationId: string,
    padded: Uint8Array,
  ) => Promise<SealedRecord | undefined>
  /** What was decided after sealing. */
  readonly overridesOf: (policy: Policy) => Promise<readonly Override[]>
  readonly clock: () => number
}

/**
 * Reads the record by the gateway's own keys and judges anew whether the writer may open the message: the portal is
 * believed who the writer is, and nothing else. docs/replies.md §4
 * @throws {ReplyRefusal} `bad-envelope`, and what a release is refused with
 */
export async function readAnsweredMessage(
  needs: AnsweredMessageNeeds,
  { head, writer, record: padded }: VerifiedHandOver,
): Promise<AnsweredMessage> {
  const organisation = needs.organisations.find(({ id }) => id === head.organisationId)
  if (organisation === undefined) throw new ReplyRefusal('bad-envelope', { reason: 'organisation' })
  const record = await needs.readRecord(organisation.id, padded)
  if (record === undefined || !isSentBy(organisation, record.policy))
    throw new ReplyRefusal('bad-envelope', { reason: 'record' })
  const { policy } = record
  const overrides = await needs.overridesOf(policy)
  const proof = { organisationId: organisation.id, ...writer }
  const verdict = evaluate(policy, [proof], overrides, needs.clock())
  if (!verdict.allowed) throw new ReplyRefusal(verdict.code)
  const expiresAtMs = effectiveExpiry(policy, overrides, writer.address)
  return { policy, organisation, expiresAtMs }
}

/** The sender is of the organisation, or an address that stands for whoever wrote the message in its portal. */
function isSentBy(organisation: OrganisationConfig, { sender, writer }: Policy): boolean {
  const domain = domainOf(sender)
  return (writer === undefined ? organisation.domains : replyDomainsOf(organisation)).includes(
    domain,
  )
}
