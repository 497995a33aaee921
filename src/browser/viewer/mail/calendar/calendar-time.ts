import type { ContentLine } from '../content-lines.ts'
import { MAX_LISTED_TIMES } from '../limits.ts'
import { shownLine } from '../shown-text.ts'
import type { CalendarComponent } from './calendar-component.ts'
import { valueOf } from './calendar-component.ts'
import type { CalendarTime } from './calendar.ts'
import type { Duration, WallMs } from './civil-time.ts'
import { DAY_MS, readWallTime, wallText } from './civil-time.ts'
import type { OffsetAt } from './time-zone.ts'
import { offsetsOf, offsetsOfName } from './time-zone.ts'

/** Zones whose offsets are kept: each of the platform's own costs a formatter. */
const MAX_ZONES = 50

/** Reads the times of one calendar, whose own zones come before those of the platform (RFC 5545 §3.2.19). */
export class CalendarTimes {
  readonly #offsets = new Map<string, OffsetAt | null>()

  constructor(calendar: CalendarComponent) {
    for (const zone of calendar.children
      .filter(({ name }) => name === 'VTIMEZONE')
      .slice(0, MAX_ZONES)) {
      this.#offsets.set(valueOf(zone, 'TZID').trim(), offsetsOf(zone))
    }
  }

  /** Null when there is no line, or its value is no time. */
  read(line: ContentLine | null): CalendarTime | null {
    return line === null
      ? null
      : this.readText(line.value, line.parameters.get('TZID')?.[0] ?? null)
  }

  /** Of lines that hold several, separated by commas; a period counts as its start. */
  list(lines: readonly ContentLine[]): readonly CalendarTime[] {
    const times: CalendarTime[] = []
    for (const { value, parameters } of lines.slice(0, MAX_LISTED_TIMES)) {
      for (const text of value.split(',', MAX_LISTED_TIMES)) {
        const time = this.readText(text.replace(/\/.*$/s, ''), parameters.get('TZID')?.[0] ?? null)
        if (time !== null && times.length < MAX_LISTED_TIMES) times.push(time)
      }
    }
    return times
  }

  readText(text: string, zone: string | null): CalendarTime | null {
    const wall = readWallTime(text)
    if (wall === null) return null
    if (wall.allDay) return day(wall.wallMs)
    return wall.utc ? this.#at(wall.wallMs, 'UTC') : this.#at(wall.wallMs, zone)
  }

  /** Days by the calendar, hours by the clock (RFC 5545 §3.3.6). */
  after(time: CalendarTime, { daysMs, exactMs }: Duration): CalendarTime {
    const start = wallMsOf(time)
    if (time.allDay) return day(start + daysMs + Math.floor(exactMs / DAY_MS) * DAY_MS)
    const atDay = this.#at(start + daysMs, time.zone)
    const plain = this.#at(start + daysMs + exactMs, time.zone)
    if (atDay.ms === null || plain.ms === null) return plain
    return this.#at(start + daysMs + exactMs + (atDay.ms + exactMs - plain.ms), time.zone)
  }

  #at(wallMs: WallMs, zone: string | null): CalendarTime {
    const offset =
      zone === 'UTC' ? 0 : zone === null ? null : (this.#offsetsOf(zone)?.(wallMs) ?? null)
    return {
      local: wallText(wallMs, false),
      allDay: false,
      ms: offset === null ? null : wallMs - offset,
      zone: zone === null ? null : shownLine(zone),
    }
  }

  #offsetsOf(zone: string): OffsetAt | null {
    const known = this.#offsets.get(zone)
    if (known !== undefined || this.#offsets.size >= 2 * MAX_ZONES) return known ?? null
    const offsets = offsetsOfName(zone)
    this.#offsets.set(zone, offsets)
    return offsets
  }
}

/** The last day of a time that ends before a day begins (RFC 5545 §3.6.1). */
export function lastDay(end: CalendarTime, start: CalendarTime | null): CalendarTime {
  const wallMs = wallMsOf(end)
  return start !== null && wallMs - DAY_MS < wallMsOf(start) ? start : day(wallMs - DAY_MS)
}

function day(wallMs: WallMs): CalendarTime {
  return { local: wallText(wallMs, true), allDay: true, ms: null, zone: null }
}

function wallMsOf({ local }: CalendarTime): WallMs {
  return readWallTime(local.replaceAll(/[-:]/g, ''))?.wallMs ?? 0
}
