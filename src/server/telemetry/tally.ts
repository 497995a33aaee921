export type Labels = Readonly<Record<string, string>>

export interface Metric {
  readonly name: string
  readonly help: string
}

export interface Entry {
  readonly metric: Metric
  readonly labels: Labels
  count: number
}

/** Attack: a code list that grows without end would fill the memory; more kinds than this are not counted. */
const MAX_ENTRIES = 2_000

/** Sums by metric and labels. */
export class Tally {
  readonly #entries = new Map<string, Entry>()

  add(metric: Metric, labels: Labels, count: number): this {
    const key = keyOf(metric, labels)
    const entry = this.#entries.get(key)
    if (entry) entry.count += count
    else if (this.#entries.size < MAX_ENTRIES) this.#entries.set(key, { metric, labels, count })
    return this
  }

  entries(): readonly Entry[] {
    return [...this.#entries.values()]
  }
}

const keyOf = ({ name }: Metric, labels: Labels): string => JSON.stringify([name, labels])

/** How the labels stand in a row: `firefox/phone`. */
export const dimensionOf = ({ labels }: Entry): string => Object.values(labels).join('/')
