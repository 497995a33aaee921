import { nearestName } from './nearest-name.ts'
import type { Config } from './schema.ts'
import type { PathPart } from './walk-schema.ts'

/** One thing that is wrong in a configuration, and what to write instead. */
export interface Finding {
  readonly path: readonly PathPart[]
  readonly message: string
}

interface Placed {
  readonly value: string
  readonly path: readonly PathPart[]
}

/** A finding for each value that stands there a second time. */
export function repeated(items: readonly Placed[], what: string): readonly Finding[] {
  const seen = new Set<string>()
  return items.flatMap(({ value, path }) => {
    if (!seen.has(value)) {
      seen.add(value)
      return []
    }
    return [{ path, message: `${value} ${what}` }]
  })
}

export function checkOrganisationId(
  { organisations }: Config,
  id: string,
  path: readonly PathPart[],
): readonly Finding[] {
  const ids = organisations.map(organisation => organisation.id)
  return ids.includes(id) ? [] : [{ path, message: unknownName(id, 'organisation', ids) }]
}

export function unknownName(name: string, what: string, known: readonly string[]): string {
  const near = nearestName(name, known)
  if (near !== undefined) return `no ${what} is called ${name}: did you mean ${near}?`
  const choice = known.length > 0 ? `: write one of ${known.join(', ')}` : ': there is none yet'
  return `no ${what} is called ${name}${choice}`
}
