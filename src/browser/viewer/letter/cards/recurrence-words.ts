import { formatDay, formatList, region } from '../../../ui/format.ts'
import { text } from '../../../ui/text.ts'
import type { Recurrence, Weekday } from '../../mail/calendar/calendar.ts'
import { timeWords } from './event-time.ts'
import { formatPhrases } from './format-phrases.ts'

/** `every 2 weeks, on Monday and Wednesday, until 3 May 2027` */
export function recurrenceWords(rule: Recurrence, ownZone: string): string {
  const { every, interval, count, until, partly } = rule
  const parts = [
    text(`cards.every-${every}`, { count: interval }),
    ...onDays(rule),
    ...inMonths(rule),
    ...(count === null ? [] : [text('cards.times', { count })]),
    ...(until === null ? [] : [text('cards.until', { date: untilWords(until, ownZone) })]),
  ]
  const words = formatPhrases(parts)
  return partly ? text('cards.partly', { rule: words }) : words
}

function untilWords(until: NonNullable<Recurrence['until']>, ownZone: string): string {
  return until.ms === null ? timeWords(until, ownZone) : formatDay(until.ms)
}

function onDays({ days, monthDays }: Recurrence): readonly string[] {
  const words = [
    ...days.map(({ day, nth }) => nthWords(dayName(day), nth)),
    ...monthDays.map(monthDayWords),
  ]
  return words.length === 0 ? [] : [text('cards.onDays', { days: formatList(words) })]
}

function inMonths({ months }: Recurrence): readonly string[] {
  const format = new Intl.DateTimeFormat(region(), { month: 'long', timeZone: 'UTC' })
  const names = months.map(month => format.format(Date.UTC(2023, month - 1, 1)))
  return names.length === 0 ? [] : [text('cards.inMonths', { months: formatList(names) })]
}

/** 1 January 2023 was a Sunday. */
function dayName(day: Weekday): string {
  const format = new Intl.DateTimeFormat(region(), { weekday: 'long', timeZone: 'UTC' })
  return format.format(Date.UTC(2023, 0, 1 + day))
}

const nths = ['first', 'second', 'third', 'fourth', 'fifth'] as const

function nthWords(day: string, nth: number): string {
  if (nth === 0) return day
  if (nth === -1) return text('cards.nth-last', { day })
  const name = nths[nth - 1]
  return name === undefined
    ? text('cards.nth-other', { day, nth })
    : text(`cards.nth-${name}`, { day })
}

function monthDayWords(day: number): string {
  if (day === -1) return text('cards.monthDayLast')
  return day < 0 ? text('cards.monthDayFromEnd', { day: -day }) : text('cards.monthDay', { day })
}
