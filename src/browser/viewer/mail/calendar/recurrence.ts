import type { CalendarTime, Recurrence, Weekday } from './calendar.ts'

const EVERY: ReadonlyMap<string, Recurrence['every']> = new Map([
  ['SECONDLY', 'second'],
  ['MINUTELY', 'minute'],
  ['HOURLY', 'hour'],
  ['DAILY', 'day'],
  ['WEEKLY', 'week'],
  ['MONTHLY', 'month'],
  ['YEARLY', 'year'],
])

/** WKST changes little, and nothing that could be worded. */
const WORDED = new Set(
  'FREQ INTERVAL COUNT UNTIL BYDAY BYMONTHDAY BYMONTH BYSETPOS WKST'.split(' '),
)

const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** A `FREQ=…;BYDAY=…` by name. */
export function readRule(text: string): ReadonlyMap<string, string> {
  const pieces = text.slice(0, MAX_RULE_LENGTH).toUpperCase().split(';')
  return new Map(
    pieces.map(piece => {
      const [name = '', value = ''] = piece.split('=')
      return [name.trim(), value.trim()]
    }),
  )
}

/** Longer rules are none. */
const MAX_RULE_LENGTH = 2000

/**
 * RFC 5545 §3.3.10; null when it is no rule.
 * @param readTime of the UNTIL.
 */
export function readRecurrence(
  text: string,
  readTime: (text: string) => CalendarTime | null,
): Recurrence | null {
  const rule = readRule(text)
  const every = EVERY.get(rule.get('FREQ') ?? '')
  if (every === undefined) return null
  const days = readDays(rule.get('BYDAY') ?? '')
  const position = numbers(rule.get('BYSETPOS'))
  const { days: placed, all } = place(days, position)
  return {
    every,
    interval: positive(rule.get('INTERVAL'))[0] ?? 1,
    count: positive(rule.get('COUNT'))[0] ?? null,
    until: readTime(rule.get('UNTIL') ?? ''),
    days: placed,
    monthDays: numbers(rule.get('BYMONTHDAY')),
    months: positive(rule.get('BYMONTH')).filter(month => month <= 12),
    partly: !all || [...rule.keys()].some(name => name !== '' && !WORDED.has(name)),
  }
}

type Days = Recurrence['days']

/** `BYDAY=TH;BYSETPOS=3` is the third Thursday, as `BYDAY=3TH` is. */
function place(days: Days, positions: readonly number[]): { days: Days; all: boolean } {
  const [nth, ...others] = positions
  if (nth === undefined) return { days, all: true }
  const [day, ...further] = days
  if (day?.nth !== 0 || further.length > 0 || others.length > 0) return { days, all: false }
  return { days: [{ day: day.day, nth }], all: true }
}

export function readDays(text: string): Days {
  return [...text.matchAll(/(?:^|,)\s*([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)\b/g)].map(match => ({
    day: WEEKDAYS.indexOf(match[2] ?? '') as Weekday,
    nth: Number(match[1] ?? 0),
  }))
}

function positive(text: string | undefined): readonly number[] {
  return numbers(text).filter(number => number > 0)
}

/** Whole numbers but zero, at most three digits before a comma or the end. */
export function numbers(text: string | undefined): readonly number[] {
  const found = (text ?? '').split(',').map(piece => /^\s*[+-]?\d{1,6}\s*$/.exec(piece)?.[0] ?? '0')
  return found.map(Number).filter(number => number !== 0)
}
