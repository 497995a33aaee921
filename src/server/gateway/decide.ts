import { canonicalDomain, domainOf } from '../../core/address/address.ts'
import type { Address } from '../../core/address/address.ts'
import type { Mailbox } from '../../core/address/mailboxes.ts'
import type { Config, OrganisationConfig } from '../config/schema.ts'
import type { MailFacts } from './mail-facts.ts'
import { compileCondition, compileExemption } from './match-condition.ts'
import type { MatchCondition } from './match-condition.ts'
import type { Membership } from './membership.ts'
import type { Client } from './smtp/transaction.ts'

/** Why a mail is refused with 550 5.7.1, in words for whoever sent it. */
export type RefusalReason =
  'missing-from' | 'several-from' | 'malformed-from' | 'foreign-from' | 'not-allowed-from' | 'rule'

export type Decision =
  | { readonly allowed: false; readonly reason: RefusalReason }
  | {
      readonly allowed: true
      readonly organisation: OrganisationConfig
      readonly sender: Mailbox
      /** `outside`: for recipients outside the organisation; the others get the original. */
      readonly sealed: 'all' | 'outside' | 'none'
    }

export interface Rules {
  readonly organisationOf: (address: Address) => OrganisationConfig | undefined
  readonly membership: Membership
  readonly seal: readonly MatchCondition[]
  readonly pass: readonly MatchCondition[]
  readonly refuse: readonly MatchCondition[]
}

/** @throws {RangeError} for a rule that cannot be understood, and a domain of two organisations */
export function readRules(
  config: Pick<Config, 'organisations' | 'policy'>,
  membership: Membership,
): Rules {
  const byDomain = organisationsByDomain(config.organisations)
  return {
    organisationOf: address => byDomain.get(domainOf(address)),
    membership,
    seal: config.policy.seal.map(compileCondition),
    pass: config.policy.pass.map(compileExemption),
    refuse: config.policy.refuse.map(compileCondition),
  }
}

/**
 * Whether a mail goes on, and for whom it is sealed. Pure.
 * Exactly one From, in the organisation's domains, allowed for whoever submits it. What is not
 * expressly exempted for a named sender who signed in is sealed for everyone outside; a rule that
 * seals beats one that exempts.
 */
export function decide(rules: Rules, facts: MailFacts, client: Client): Decision {
  const { from } = facts
  if (typeof from === 'string') return refusal(`${from}-from`)
  const organisation = rules.organisationOf(from.address)
  if (organisation === undefined) return refusal('foreign-from')
  const claim = { client, facts, organisationId: organisation.id, sender: from.address }
  if (!rules.membership.belongs(claim)) return refusal('not-allowed-from')
  const matched = { facts, sender: from.address, user: client.user }
  const holds = (conditions: readonly MatchCondition[]) =>
    conditions.some(matches => matches(matched))
  if (holds(rules.refuse)) return refusal('rule')
  return { allowed: true, organisation, sender: from, sealed: sealedFor(rules, holds) }
}

function sealedFor(
  rules: Rules,
  holds: (conditions: readonly MatchCondition[]) => boolean,
): 'all' | 'outside' | 'none' {
  if (holds(rules.seal)) return 'all'
  return holds(rules.pass) ? 'none' : 'outside'
}

function refusal(reason: RefusalReason): {
  readonly allowed: false
  readonly reason: RefusalReason
} {
  return { allowed: false, reason }
}

function organisationsByDomain(
  organisations: readonly OrganisationConfig[],
): ReadonlyMap<string, OrganisationConfig> {
  const byDomain = new Map<string, OrganisationConfig>()
  for (const organisation of organisations) {
    for (const text of organisation.domains) {
      const domain = canonicalDomain(text)
      if (domain === null || byDomain.has(domain))
        throw new RangeError(`not a domain of one organisation: ${text}`)
      byDomain.set(domain, organisation)
    }
  }
  return byDomain
}
