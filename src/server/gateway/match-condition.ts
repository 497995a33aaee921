import { RE2JS } from 're2js'
import { canonicalDomain, domainOf, parseAddress } from '../../core/address/address.ts'
import type { Address } from '../../core/address/address.ts'
import type { Config } from '../config/schema.ts'
import type { MailFacts } from './mail-facts.ts'

export type Condition = Config['policy']['seal'][number]

/** What a condition is held against. */
export interface Matched {
  readonly facts: MailFacts
  /** The one address of From. */
  readonly sender: Address
  /** Who signed in. */
  readonly user: string | undefined
}

export type MatchCondition = (matched: Matched) => boolean

/**
 * A rule of zegel.yaml as a function: true when everything that it names holds.
 * Patterns are RE2: their time grows with the text alone (attack: ReDoS by a rule or by a mail).
 * @throws {RangeError} for a rule that cannot be understood
 */
export function compileCondition(condition: Condition): MatchCondition {
  const checks = [
    headerCheck(condition),
    subjectCheck(condition.subjectTag),
    senderCheck(condition.sender),
    userCheck(condition.user),
  ].filter(check => check !== undefined)
  return matched => checks.every(check => check(matched))
}

/**
 * A rule that exempts from sealing: it must name a sender and the user who signs in, so that nothing
 * in a mail alone exempts it. Attack: a header that switches sealing off.
 * @throws {RangeError}
 */
export function compileExemption(condition: Condition): MatchCondition {
  if (condition.sender === undefined || condition.user === undefined)
    throw new RangeError('a rule under policy.pass needs sender and user')
  return compileCondition(condition)
}

function headerCheck({ header, headerMatches }: Condition): MatchCondition | undefined {
  if (header === undefined) {
    if (headerMatches === undefined) return undefined
    throw new RangeError('headerMatches needs header')
  }
  if (headerMatches === undefined) return ({ facts }) => facts.values(header).length > 0
  const pattern = compilePattern(headerMatches)
  return ({ facts }) => facts.values(header).some(value => pattern.matcher(value).find())
}

function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    throw new RangeError(`not a pattern: ${pattern}`, { cause: error })
  }
}

function subjectCheck(tag: string | undefined): MatchCondition | undefined {
  if (tag === undefined) return undefined
  const wanted = tag.toLowerCase()
  return ({ facts }) => facts.subjects.some(subject => subject.toLowerCase().includes(wanted))
}

function senderCheck(text: string | undefined): MatchCondition | undefined {
  if (text === undefined) return undefined
  const isWanted = senderMatcher([text])
  return ({ sender }) => isWanted(sender)
}

function userCheck(user: string | undefined): MatchCondition | undefined {
  return user === undefined ? undefined : matched => matched.user === user
}

/**
 * Addresses and `@domain`s.
 * @throws {RangeError} for a text that is neither
 */
export function senderMatcher(texts: readonly string[]): (sender: Address) => boolean {
  const isDomain = (text: string) => text.startsWith('@')
  const domains = new Set(texts.filter(isDomain).map(wantedDomain))
  const addresses = new Set(texts.filter(text => !isDomain(text)).map(wantedAddress))
  return sender => addresses.has(sender) || domains.has(domainOf(sender))
}

function wantedDomain(text: string): string {
  const domain = canonicalDomain(text.slice(1))
  if (domain === null) throw new RangeError(`not a domain: ${text}`)
  return domain
}

function wantedAddress(text: string): Address {
  const address = parseAddress(text)
  if (address === null) throw new RangeError(`not an address: ${text}`)
  return address
}
