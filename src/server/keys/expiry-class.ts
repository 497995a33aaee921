const DAY_MS = 86_400_000

/** How long a message under a sealing key may live. envelope.md §2 */
export type ExpiryClass = 'month' | 'quarter' | 'year' | 'two-years' | 'never'

const LONGEST_DAYS: Readonly<Record<Exclude<ExpiryClass, 'never'>, number>> = {
  month: 31,
  quarter: 92,
  year: 366,
  'two-years': 731,
}

export const EXPIRY_CLASSES = ['month', 'quarter', 'year', 'two-years', 'never'] as const

/** The shortest class that a message fits into. */
export function expiryClassOf(expiresAtMs: number | null, nowMs: number): ExpiryClass {
  if (expiresAtMs === null) return 'never'
  const lifeMs = expiresAtMs - nowMs
  const fits = EXPIRY_CLASSES.find(name => lifeMs <= (longestMs(name) ?? Infinity))
  return fits ?? 'never'
}

/** Milliseconds; null: no end. */
export function longestMs(name: ExpiryClass): number | null {
  return name === 'never' ? null : LONGEST_DAYS[name] * DAY_MS
}

/** `2026-11`, in UTC; `ahead` months later. */
export function monthOf(atMs: number, ahead = 0): string {
  const at = new Date(atMs)
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + ahead, 1))
    .toISOString()
    .slice(0, 7)
}

/** The first millisecond after the month. */
export function endOfMonthMs(month: string): number {
  const [year, number] = month.split('-').map(Number)
  return Date.UTC(year ?? Number.NaN, number ?? Number.NaN, 1)
}
