import type { Configured } from './log.ts'
import { Tally, dimensionOf } from './tally.ts'
import type { Entry, Metric } from './tally.ts'

/**
 * Adds to an organisation's count of a day; the store's `usage.addOfOrganisation`.
 * False when it may not be written: the count would stand there below `PER_ORGANISATION_FROM`.
 */
export type WriteOrganisationUsage = (
  organisationId: string,
  day: string,
  metric: string,
  count: number,
) => Promise<boolean>

export interface OrganisationCounts {
  add(day: string, organisation: Configured, metric: Metric): void
  /** Writes what may be written; the rest waits in memory until its day is two days past, and is then forgotten. */
  flush(today: string): Promise<void>
}

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * The parts of the installation's sums that may be said of one organisation. They are written after the sum, which
 * holds them already: a crash loses to whom a few belong, never the count.
 */
export function createOrganisationCounts(write: WriteOrganisationUsage): OrganisationCounts {
  const days = new Map<string, Tally>()
  const forget = (today: string): void => {
    for (const day of days.keys())
      if (Date.parse(today) - Date.parse(day) > DAY_MS) days.delete(day)
  }
  return {
    add(day, organisation, metric) {
      const tally = days.get(day) ?? new Tally()
      days.set(day, tally.add(metric, { organisation }, 1))
    },
    async flush(today) {
      for (const [day, tally] of days)
        for (const entry of tally.entries()) await writeEntry(write, day, tally, entry)
      forget(today)
    },
  }
}

async function writeEntry(
  write: WriteOrganisationUsage,
  day: string,
  tally: Tally,
  entry: Entry,
): Promise<void> {
  const { metric, labels, count } = entry
  if (!(await write(dimensionOf(entry), day, metric.name, count))) return
  tally.remove(entry)
  // What was counted while it was written.
  if (entry.count > count) tally.add(metric, labels, entry.count - count)
}
