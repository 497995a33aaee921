import { formatList, region } from '../../../ui/format.ts'
import { text } from '../../../ui/text.ts'
import type { CalendarTime } from '../../mail/calendar/calendar.ts'

const day: Intl.DateTimeFormatOptions = {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
}
const moment: Intl.DateTimeFormatOptions = { ...day, hour: 'numeric', minute: '2-digit' }

/** When something is: for the reader, and for the sender where that differs; empty when it cannot be told. */
export interface EventTimeWords {
  readonly own: string
  readonly sender: { readonly zone: string; readonly time: string } | null
}

/** @param ownZone name of the reader's time zone */
export function eventTimeWords(
  start: CalendarTime,
  end: CalendarTime | null,
  ownZone: string,
): EventTimeWords {
  if (start.allDay)
    return { own: text('cards.allDay', { date: wallClock(start, end, day) }), sender: null }
  const written = wallClock(start, end, moment)
  const { ms, zone } = start
  if (ms === null) return { own: withoutInstant(written, zone), sender: null }
  const options = { ...moment, timeZone: ownZone }
  const own = range(ms, end?.ms ?? null, { ...options, timeZoneName: 'short' })
  const isSame = range(ms, end?.ms ?? null, options) === written
  return { own, sender: isSame || zone === null || zone === 'UTC' ? null : { zone, time: written } }
}

/** One time or day, as part of a sentence. */
export function timeWords(time: CalendarTime, ownZone: string): string {
  if (time.ms === null || time.allDay) return wallClock(time, null, time.allDay ? day : moment)
  return range(time.ms, null, { ...moment, timeZone: ownZone, timeZoneName: 'short' })
}

/** More dates than these say less. */
const namedTimes = 10

export function timeListWords(times: readonly CalendarTime[], ownZone: string): string {
  const named = times.slice(0, namedTimes).map(time => timeWords(time, ownZone))
  const rest = times.length - named.length
  return formatList(rest > 0 ? [...named, text('cards.someMore', { count: rest })] : named)
}

function withoutInstant(time: string, zone: string | null): string {
  return zone === null
    ? text('cards.floating', { time })
    : text('cards.unknownZone', { time, zone })
}

/** As it is written, whatever the zone. */
function wallClock(
  start: CalendarTime,
  end: CalendarTime | null,
  options: Intl.DateTimeFormatOptions,
): string {
  const at = (time: CalendarTime | null): number | null =>
    time === null ? null : readWallClock(time.local)
  const ms = at(start)
  return ms === null ? start.local : range(ms, at(end), { ...options, timeZone: 'UTC' })
}

function readWallClock(local: string): number | null {
  const ms = Date.parse(local.includes('T') ? `${local}Z` : `${local}T00:00:00Z`)
  return Number.isNaN(ms) ? null : ms
}

/** An end before its beginning is none. */
function range(startMs: number, endMs: number | null, options: Intl.DateTimeFormatOptions): string {
  const format = new Intl.DateTimeFormat(region(), options)
  if (endMs === null || endMs <= startMs) return format.format(startMs)
  return format.formatRange(startMs, endMs)
}
