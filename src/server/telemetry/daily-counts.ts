import { Tally } from './tally.ts'
import type { Entry, Labels, Metric } from './tally.ts'

export interface DailyCounts {
  add(day: string, metric: Metric, labels: Labels): void
  /** Writes whole steps; the rest waits in memory until its day is two days past, and is then forgotten. */
  flush(today: string): Promise<void>
}

export interface DailyCountNeeds {
  /** Adds to what is stored of the day. */
  readonly write: (day: string, entry: Entry) => Promise<unknown>
  /** So many are written at once, or none: 1 for what nobody can be told from. */
  readonly stepOf: (metric: Metric, labels: Labels) => number
}

const DAY_MS = 24 * 60 * 60 * 1000

/** Counts by day on their way into the store: each is written once, and what could not be written is kept. */
export function createDailyCounts({ write, stepOf }: DailyCountNeeds): DailyCounts {
  let pending = new Map<string, Tally>()
  const add = (day: string, { metric, labels }: Omit<Entry, 'count'>, count: number): void => {
    pending.set(day, (pending.get(day) ?? new Tally()).add(metric, labels, count))
  }
  /** Keeps what was not written. @throws what writing throws */
  const writeEntry = async (day: string, entry: Entry, isOver: boolean): Promise<void> => {
    const rest = entry.count % stepOf(entry.metric, entry.labels)
    const whole = entry.count - rest
    try {
      if (whole > 0) await write(day, { ...entry, count: whole })
    } catch (error) {
      add(day, entry, whole)
      throw error
    } finally {
      if (rest > 0 && !isOver) add(day, entry, rest)
    }
  }
  return {
    add: (day, metric, labels) => add(day, { metric, labels }, 1),
    async flush(today) {
      const writing = pending
      pending = new Map()
      const failures: unknown[] = []
      for (const [day, tally] of writing) {
        const isOver = Date.parse(today) - Date.parse(day) > DAY_MS
        for (const entry of tally.entries())
          if (failures.length > 0) add(day, entry, entry.count)
          else await writeEntry(day, entry, isOver).catch((error: unknown) => failures.push(error))
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}
