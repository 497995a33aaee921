import type { DescribeAnswer, ProviderView } from '../../../core/api/messages.ts'
import type { Way } from '../last-way.ts'

export type OfferedWay =
  | { readonly kind: 'account'; readonly provider: ProviderView }
  | { readonly kind: 'passkey' }
  | { readonly kind: 'passcode' }

/** Ways that are shown at once; more would hide what to do. */
const shownWays = 4

export interface OrderedWays {
  /** The best one first. */
  readonly shown: readonly OfferedWay[]
  /** One click away. */
  readonly more: readonly OfferedWay[]
}

interface Known {
  /** The way used last on this browser. */
  readonly last: Way | null
  /** Id of a provider that does not answer now. */
  readonly down: string | null
  readonly passkeys: boolean
}

/**
 * The ways in, the best one first: the one used last here, then the portal's order (a Gmail address
 * sees Google first), then the passcode; a provider that is down comes last. A passkey is shown with
 * the first ones where one was used; else it is one of the others.
 */
export function orderWays({ methods }: DescribeAnswer, known: Known): OrderedWays {
  const { last, down } = known
  const accounts = methods.providers.map((provider): OfferedWay => ({ kind: 'account', provider }))
  const all: OfferedWay[] = [
    ...accounts,
    ...(methods.passcode ? [{ kind: 'passcode' } as const] : []),
  ]
  const isDown = (way: OfferedWay): boolean => idOf(way) === down
  const ordered = all.toSorted((a, b) => Number(isDown(a)) - Number(isDown(b)))
  const isLast = (way: OfferedWay): boolean => idOf(way) === last && !isDown(way)
  const ranked = [...ordered.filter(isLast), ...ordered.filter(way => !isLast(way))]
  if (last === 'passkey' && known.passkeys) ranked.unshift({ kind: 'passkey' })
  // The passcode works for everybody: it is always among those that are shown.
  const shown = ranked.filter((way, i) => i < shownWays || way.kind === 'passcode')
  const more = ranked.filter(way => !shown.includes(way))
  if (last !== 'passkey' && known.passkeys) more.push({ kind: 'passkey' })
  return shown.length === 0 ? { shown: more, more: [] } : { shown, more }
}

/** What a way is called in `lastWay` and in outcomes. */
export function idOf(way: OfferedWay): Way {
  return way.kind === 'account' ? way.provider.id : way.kind
}
