/** A wall clock, in milliseconds as if it were UTC. */
export type WallMs = number

const DATE_TIME = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/

export interface WallTime {
  readonly wallMs: WallMs
  readonly allDay: boolean
  readonly utc: boolean
}

/** RFC 5545 §3.3.4 and §3.3.5; null when it is neither, or names a day that does not exist. */
export function readWallTime(text: string): WallTime | null {
  const match = DATE_TIME.exec(text.trim())
  if (match === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number)
  const wallMs = utc(year, month - 1, day)
  if (new Date(wallMs).getUTCDate() !== day || month < 1 || month > 12) return null
  if (hour > 23 || minute > 59 || second > 60) return null
  const allDay = match[4] === undefined
  const timeMs = allDay ? 0 : ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000
  return { wallMs: wallMs + timeMs, allDay, utc: match[7] === 'Z' }
}

/** Date.UTC, which takes years below 100 for years of the 20th century. */
export function utc(year: number, month: number, day: number): WallMs {
  const date = new Date(0)
  date.setUTCFullYear(year, month, day)
  return date.getTime()
}

/** `2026-11-21`, or `2026-11-21T09:30:00`. */
export function wallText(wallMs: WallMs, allDay: boolean): string {
  const text = new Date(wallMs).toISOString().replace(/^\+(\d{6})/, '$1')
  return text.slice(0, text.indexOf('T') + (allDay ? 0 : 9))
}

export interface Duration {
  /** Of the calendar: a day may have 23 hours. */
  readonly daysMs: number
  readonly exactMs: number
}

const DURATION =
  /^([+-]?)P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,7})S)?)?$/

/** RFC 5545 §3.3.6; null when it is none. */
export function readDuration(text: string): Duration | null {
  const match = DURATION.exec(text.trim())
  if (match === null) return null
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(2)
    .map(digits => Number((digits as string | undefined) ?? 0))
  const sign = match[1] === '-' ? -1 : 1
  return {
    daysMs: sign * (weeks * 7 + days) * DAY_MS,
    exactMs: sign * ((hours * 60 + minutes) * 60 + seconds) * 1000,
  }
}

export const DAY_MS = 86_400_000
