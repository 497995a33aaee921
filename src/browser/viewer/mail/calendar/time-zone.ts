import type { CalendarComponent } from './calendar-component.ts'
import { valueOf } from './calendar-component.ts'
import type { WallMs } from './civil-time.ts'
import { DAY_MS, readWallTime, utc } from './civil-time.ts'
import { numbers, readDays, readRule } from './recurrence.ts'

/** Milliseconds to take from a wall clock to get UTC; null when they are not known. */
export type OffsetAt = (wallMs: WallMs) => number | null

/** From one offset to another, once or every year (RFC 5545 §3.6.5). */
interface Observance {
  readonly startMs: WallMs
  readonly fromMs: number
  readonly toMs: number
  readonly furtherMs: readonly WallMs[]
  /** The last two changes up to a time that a rule makes; it may give one that is too late. */
  readonly changesUpTo: (wallMs: WallMs) => readonly WallMs[]
}

/** Further times of a change that are looked at: each time of the calendar is compared with each of them. */
const MAX_CHANGES = 30
/** Changes of a zone that are looked at: the last ones. */
const MAX_OBSERVANCES = 60

/** The offsets that a VTIMEZONE describes. */
export function offsetsOf(zone: CalendarComponent): OffsetAt {
  const observances = zone.children.slice(-MAX_OBSERVANCES).flatMap(readObservance)
  const [first] = observances.toSorted((a, b) => a.startMs - b.startMs)
  return wallMs => offsetAt(observances, wallMs) ?? first?.fromMs ?? null
}

function readObservance(component: CalendarComponent): readonly Observance[] {
  const start = readWallTime(valueOf(component, 'DTSTART'))
  const fromMs = readOffset(valueOf(component, 'TZOFFSETFROM'))
  const toMs = readOffset(valueOf(component, 'TZOFFSETTO'))
  if (start === null || fromMs === null || toMs === null) return []
  const furtherMs = component.lines
    .filter(line => line.name === 'RDATE')
    .flatMap(line => line.value.split(',', MAX_CHANGES))
    .slice(0, MAX_CHANGES)
    .flatMap(text => readWallTime(text)?.wallMs ?? [])
  const changesUpTo = yearly(start.wallMs, readRule(valueOf(component, 'RRULE')))
  return [{ startMs: start.wallMs, fromMs, toMs, furtherMs, changesUpTo }]
}

/** RFC 5545 §3.3.14 */
function readOffset(text: string): number | null {
  const match = /^([+-]?)(\d{2})(\d{2})(\d{2})?$/.exec(text.trim())
  if (match === null) return null
  const [hours = 0, minutes = 0, seconds = 0] = match
    .slice(2)
    .map(digits => Number((digits as string | undefined) ?? 0))
  return (match[1] === '-' ? -1 : 1) * ((hours * 60 + minutes) * 60 + seconds) * 1000
}

/** The last change before counts; null before the first one. */
function offsetAt(observances: readonly Observance[], wallMs: WallMs): number | null {
  let last: { readonly atMs: number; readonly offsetMs: number } | null = null
  for (const observance of observances) {
    const atMs = lastChange(observance, wallMs)
    if (atMs !== null && (last === null || atMs > last.atMs))
      last = { atMs, offsetMs: observance.toMs }
  }
  return last?.offsetMs ?? null
}

/** A wall time that a change leaves out is read with the offset before it, one that comes twice is the first (§3.3.5). */
function lastChange(observance: Observance, wallMs: WallMs): number | null {
  const shownAt = wallMs - Math.max(0, observance.toMs - observance.fromMs)
  let last: WallMs | null = null
  for (const times of [[observance.startMs], observance.furtherMs, observance.changesUpTo(shownAt)])
    for (const time of times) if (time <= shownAt && (last === null || time > last)) last = time
  return last
}

/** Every year on the day that the rule names, at the time of day of the first change. Each year is worked out once. */
function yearly(startMs: WallMs, rule: ReadonlyMap<string, string>): Observance['changesUpTo'] {
  if (rule.get('FREQ') !== 'YEARLY') return () => []
  const firstYear = new Date(startMs).getUTCFullYear()
  const untilMs = (readWallTime(rule.get('UNTIL') ?? '')?.wallMs ?? Infinity) + DAY_MS
  const lastYear = firstYear + (numbers(rule.get('COUNT'))[0] ?? Infinity) - 1
  const inYear = changeInYear(startMs, rule)
  const known = new Map<number, WallMs>()
  const changeIn = (year: number): WallMs => {
    const change = known.get(year) ?? inYear(year)
    known.set(year, change)
    return change
  }
  return wallMs => {
    const year = Math.min(new Date(Math.min(wallMs, untilMs)).getUTCFullYear(), lastYear)
    const years = year > firstYear ? [year - 1, year] : [year]
    return years.map(changeIn).filter(time => time >= startMs && time <= untilMs)
  }
}

function changeInYear(
  startMs: WallMs,
  rule: ReadonlyMap<string, string>,
): (year: number) => WallMs {
  const first = new Date(startMs)
  const month = (numbers(rule.get('BYMONTH'))[0] ?? first.getUTCMonth() + 1) - 1
  const monthDays = numbers(rule.get('BYMONTHDAY')).slice(0, 31)
  const day = readDays(rule.get('BYDAY') ?? '')[0]
  const timeMs = startMs - utc(first.getUTCFullYear(), first.getUTCMonth(), first.getUTCDate())
  return year => {
    const date =
      day === undefined
        ? (monthDays[0] ?? first.getUTCDate())
        : dayOfMonth(year, month, day, monthDays)
    return utc(year, month, date) + timeMs
  }
}

/** The nth weekday of a month, from the end when negative; with days of the month the first of these that is one. */
function dayOfMonth(
  year: number,
  month: number,
  { day, nth }: { readonly day: number; readonly nth: number },
  monthDays: readonly number[],
): number {
  const weekday = (date: number) => new Date(utc(year, month, date)).getUTCDay()
  const among = monthDays.find(date => weekday(date) === day)
  if (among !== undefined) return among
  if (nth >= 0) return 1 + ((day - weekday(1) + 7) % 7) + (Math.max(nth, 1) - 1) * 7
  const last = new Date(utc(year, month + 1, 0)).getUTCDate()
  return last - ((weekday(last) - day + 7) % 7) + (nth + 1) * 7
}

/**
 * The offsets of a zone that the platform knows by name, such as `Europe/Amsterdam`, also behind the prefix that some
 * programs put before it (`/mozilla.org/20050126_1/Europe/Berlin`). Null when it knows none of that name.
 */
export function offsetsOfName(name: string): OffsetAt | null {
  const known =
    /^\/?(?:[^/]+\/){0,5}?([A-Za-z_]{2,30}\/[A-Za-z_+-]{2,30}(?:\/[A-Za-z_]{2,30})?)$/.exec(
      name,
    )?.[1]
  if (known === undefined) return null
  try {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: known, ...FIELDS })
    return wallMs => wallMs - instantAt(format, wallMs)
  } catch {
    return null
  }
}

const FIELDS = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const

/** Twice: the offset of the first guess may be that of the other side of a change. */
function instantAt(format: Intl.DateTimeFormat, wallMs: WallMs): number {
  const first = wallMs - offsetOfInstant(format, wallMs)
  return wallMs - offsetOfInstant(format, first)
}

function offsetOfInstant(format: Intl.DateTimeFormat, ms: number): number {
  const fields = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
  const of = (type: Intl.DateTimeFormatPartTypes) => fields.get(type) ?? 0
  const day = utc(of('year'), of('month') - 1, of('day'))
  return day + ((of('hour') * 60 + of('minute')) * 60 + of('second')) * 1000 - ms
}
