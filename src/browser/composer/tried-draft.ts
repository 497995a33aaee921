import type { Address } from '../../core/address/address.ts'
import type { Correspondent, Draft } from './draft.ts'

/** A draft as it was sent last, whatever became of it. */
export interface TriedDraft {
  readonly draft: Draft
  /** Who was refused, and has got nothing of it. */
  readonly refused: ReadonlySet<Address>
}

/**
 * Whether sending it is sending the same once more: nothing of it was changed, or it was changed back, or only people
 * who were refused are left out. Who has got it already does not get it twice then. docs/replies.md §4
 */
export function isSameAnswer(draft: Draft, { draft: tried, refused }: TriedDraft): boolean {
  const idsOf = ({ files }: Draft): readonly string[] => files.map(({ id }) => id)
  return (
    content.every(name => draft[name] === tried[name]) &&
    isSameList(idsOf(draft), idsOf(tried)) &&
    isWithout(refused, draft.to, tried.to) &&
    isWithout(refused, draft.cc, tried.cc)
  )
}

function isWithout(
  refused: ReadonlySet<Address>,
  people: readonly Correspondent[],
  tried: readonly Correspondent[],
): boolean {
  const now = people.map(({ address }) => address)
  const before = tried.map(({ address }) => address)
  return isSameList(
    now,
    before.filter(one => now.includes(one) || !refused.has(one)),
  )
}

const content = [
  'kind',
  'copyToWriter',
  'writerName',
  'subject',
  'format',
  'written',
  'quoted',
] as const satisfies readonly (keyof Draft)[]

function isSameList(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at])
}
