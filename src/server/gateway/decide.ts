import { canonicalDomain, domainOf } from '../../core/address/address.ts'
import type { Address } from '../../core/address/address.ts'
import type { Mailbox } from '../../core/address/mailboxes.ts'
import type { Permissions } from '../../core/policy/policy.ts'
import type { Config, OrganisationConfig } from '../config/schema.ts'
import { compilePermissions } from './compile-permissions.ts'
import type { MailFacts } from './mail-facts.ts'
import { compileCondition, compileExemption } from './match-condition.ts'
import type { MatchCondition, Matched } from './match-condition.ts'
import type { Membership } from './membership.ts'
import type { Mac } from './message-ids.ts'
import { aliasResolver } from './replies/alias-target.ts'
import type { ResolveAlias } from './replies/alias-target.ts'
import { issuedConversation } from './replies/issued-message-id.ts'
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
      /** The sealed conversation that the mail answers; null: none that this gateway knows. */
      readonly conversationId: string | null
      readonly permissions: Permissions
    }

/** A mail as it came in. */
export interface Incoming {
  readonly facts: MailFacts
  readonly client: Client
  /** True when it goes to an address that stands for somebody outside. */
  readonly writesToAlias: boolean
}

/** A rule that exempts from sealing. */
interface Exemption {
  readonly matches: MatchCondition
  /** Holds in a sealed conversation too. */
  readonly answers: boolean
}

export interface Rules {
  readonly organisationOf: (address: Address) => OrganisationConfig | undefined
  readonly membership: Membership
  readonly seal: readonly MatchCondition[]
  readonly pass: readonly Exemption[]
  readonly refuse: readonly MatchCondition[]
  readonly permissionsOf: (matched: Matched) => Permissions
  readonly aliasOf: ResolveAlias
  /** Under the gateway's key: knows the Message-IDs that it issued. */
  readonly mac: Mac
}

/** @throws {RangeError} for a rule that cannot be understood, and a domain of two organisations */
export function readRules(
  config: Pick<Config, 'organisations' | 'policy'>,
  membership: Membership,
  mac: Mac,
): Rules {
  const byDomain = organisationsByDomain(config.organisations)
  return {
    organisationOf: address => byDomain.get(domainOf(address)),
    membership,
    seal: config.policy.seal.map(compileCondition),
    pass: config.policy.pass.map(rule => ({
      matches: compileExemption(rule),
      answers: rule.answers === true,
    })),
    refuse: config.policy.refuse.map(compileCondition),
    permissionsOf: compilePermissions(config.policy),
    aliasOf: aliasResolver(config.organisations, mac),
    mac,
  }
}

/**
 * Whether a mail goes on, and for whom it is sealed. Pure.
 * Exactly one From, in the organisation's domains, allowed for whoever submits it. What is not
 * expressly exempted for a named sender who signed in is sealed for everyone outside; a rule that
 * seals beats one that exempts. What answers a sealed conversation stays sealed, unless the rule that
 * exempts says so of answers too. docs/replies.md §7
 */
export function decide(rules: Rules, { facts, client, writesToAlias }: Incoming): Decision {
  const { from } = facts
  if (typeof from === 'string') return refusal(`${from}-from`)
  const organisation = rules.organisationOf(from.address)
  if (organisation === undefined) return refusal('foreign-from')
  const claim = { client, facts, organisationId: organisation.id, sender: from.address }
  if (!rules.membership.belongs(claim)) return refusal('not-allowed-from')
  const matched = { facts, sender: from.address, user: client.user }
  if (rules.refuse.some(matches => matches(matched))) return refusal('rule')
  const conversationId = issuedConversation(rules.mac, organisation.id, facts)
  const isAnswer = writesToAlias || conversationId !== null
  return {
    allowed: true,
    organisation,
    sender: from,
    sealed: sealedFor(rules, matched, isAnswer),
    conversationId,
    permissions: rules.permissionsOf(matched),
  }
}

function sealedFor(rules: Rules, matched: Matched, isAnswer: boolean): 'all' | 'outside' | 'none' {
  if (rules.seal.some(matches => matches(matched))) return 'all'
  const isExempt = rules.pass.some(
    ({ matches, answers }) => (answers || !isAnswer) && matches(matched),
  )
  return isExempt ? 'none' : 'outside'
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
