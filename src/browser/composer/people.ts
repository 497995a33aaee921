import { parseAddress } from '../../core/address/address.ts'
import { MAX_REPLY_RECIPIENTS, MAX_STRANGERS } from '../../core/reply/limits.ts'
import type { Correspondent } from './draft.ts'

/** The two lines of addresses. */
export type Line = 'to' | 'cc'

/** What counts when somebody is added to an answer; the gateway decides by the same. docs/replies.md §4 */
export interface Circle {
  /** Canonical: may be written to without permission to forward. */
  readonly participants: readonly string[]
  /** Those of them who are of the organisation. */
  readonly inside: readonly string[]
  readonly mayForward: boolean
}

export type Added =
  | { readonly ok: true; readonly person: Correspondent }
  | { readonly ok: false; readonly why: PersonRefusal }
export type PersonRefusal =
  'addressNeeded' | 'addressWrong' | 'alreadyThere' | 'notParticipant' | 'tooManyAdded' | 'tooMany'

/** Whether somebody may be added to those who are there already. */
export function addPerson(
  typed: string,
  there: readonly Correspondent[],
  { participants, mayForward }: Circle,
): Added {
  const words = typed.trim()
  if (words === '') return refused('addressNeeded')
  const { name, address } = nameAndAddress(words)
  const canonical = parseAddress(address)
  if (canonical === null) return refused('addressWrong')
  if (there.some(one => one.address === canonical)) return refused('alreadyThere')
  if (there.length >= MAX_REPLY_RECIPIENTS) return refused('tooMany')
  const isStranger = !participants.includes(canonical)
  const strangers = there.filter(one => !participants.includes(one.address))
  if (isStranger && !mayForward) return refused('notParticipant')
  if (isStranger && strangers.length >= MAX_STRANGERS) return refused('tooManyAdded')
  return { ok: true, person: { address: canonical, name } }
}

/** Participants who can still be added. */
export function absent(
  there: readonly Correspondent[],
  { participants }: Circle,
  own: string,
): readonly string[] {
  return participants.filter(one => one !== own && !there.some(({ address }) => address === one))
}

/** Whether somebody gets an ordinary mail within the organisation: by the domains of the participants who do. */
export function isInside(address: string, { inside }: Pick<Circle, 'inside'>): boolean {
  const domain = domainOf(address)
  return inside.some(one => one === address || domainOf(one) === domain)
}

/** `Bob <bob@example.org>`, as it is copied from elsewhere. */
function nameAndAddress(words: string): { readonly name: string; readonly address: string } {
  const [, name = '', address = words] = /^([^<>]*)<([^<>]+)>$/.exec(words) ?? []
  return { name: name.trim().replaceAll(/^"|"$/g, ''), address: address.trim() }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

function refused(why: PersonRefusal): Added {
  return { ok: false, why }
}
