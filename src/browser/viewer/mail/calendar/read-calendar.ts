import { cleanName } from '../../../../core/address/clean-name.ts'
import type { ContentLine } from '../content-lines.ts'
import { readContentLines, unescapeText } from '../content-lines.ts'
import { MAX_ATTENDEES, MAX_EVENTS, MAX_NOTE_LENGTH, MAX_SMALL_FILE_BYTES } from '../limits.ts'
import { shownLine } from '../shown-text.ts'
import type { CalendarComponent } from './calendar-component.ts'
import { lineOf, readComponents, valueOf } from './calendar-component.ts'
import { CalendarTimes, lastDay } from './calendar-time.ts'
import type {
  Calendar,
  CalendarEvent,
  CalendarMethod,
  CalendarPerson,
  CalendarTime,
  Recurrence,
} from './calendar.ts'
import { readDuration } from './civil-time.ts'
import { readRecurrence } from './recurrence.ts'

const METHODS: ReadonlySet<string> = new Set(
  'publish request reply add cancel refresh counter declinecounter'.split(' '),
)

/**
 * Reads a calendar file (RFC 5545, and what is alike of its forerunner vCalendar). Never throws; work is linear in the bytes.
 * Null when it has no event, or is larger than what is shown.
 */
export function readCalendar(bytes: Uint8Array, charset: string | null): Calendar | null {
  if (bytes.length > MAX_SMALL_FILE_BYTES) return null
  const root = readComponents(readContentLines(bytes, charset))
  const calendars = root.children.filter(({ name }) => name === 'VCALENDAR')
  const found = calendars.flatMap(calendar => {
    const times = new CalendarTimes(calendar)
    return calendar.children
      .filter(({ name }) => name === 'VEVENT')
      .map(event => ({ event, times }))
  })
  if (found.length === 0) return null
  const method =
    calendars.map(calendar => valueOf(calendar, 'METHOD').trim().toLowerCase())[0] ?? ''
  return {
    method: METHODS.has(method) ? (method as CalendarMethod) : null,
    events: found.slice(0, MAX_EVENTS).map(({ event, times }) => readEvent(event, times)),
    more: Math.max(0, found.length - MAX_EVENTS),
  }
}

/** RFC 5545 §3.6.1 */
function readEvent(event: CalendarComponent, times: CalendarTimes): CalendarEvent {
  const start = times.read(lineOf(event, 'DTSTART'))
  const all = (name: string) => event.lines.filter(line => line.name === name)
  const organiser = lineOf(event, 'ORGANIZER')
  return {
    uid: shownLine(valueOf(event, 'UID')),
    sequence: Number(/^\d{1,9}$/.exec(valueOf(event, 'SEQUENCE').trim())?.[0] ?? 0),
    summary: lineText(event, 'SUMMARY'),
    location: lineText(event, 'LOCATION'),
    description: unescapeText(valueOf(event, 'DESCRIPTION')).slice(0, MAX_NOTE_LENGTH).trim(),
    url: shownLine(valueOf(event, 'URL')),
    status: readStatus(valueOf(event, 'STATUS')),
    organiser: organiser === null ? null : readPerson(organiser),
    attendees: all('ATTENDEE').slice(0, MAX_ATTENDEES).map(readPerson),
    start,
    end: readEnd(event, start, times),
    recurrence: readRules(event, times),
    extraTimes: times.list(all('RDATE')),
    leftOutTimes: times.list(all('EXDATE')),
    occurrence: times.read(lineOf(event, 'RECURRENCE-ID')),
  }
}

function lineText(event: CalendarComponent, name: string): string {
  return shownLine(unescapeText(valueOf(event, name)))
}

function readStatus(value: string): CalendarEvent['status'] {
  const status = value.trim().toLowerCase()
  return status === 'tentative' || status === 'confirmed' || status === 'cancelled' ? status : null
}

function readEnd(
  event: CalendarComponent,
  start: CalendarTime | null,
  times: CalendarTimes,
): CalendarTime | null {
  const written = times.read(lineOf(event, 'DTEND'))
  const duration = readDuration(valueOf(event, 'DURATION'))
  const end = written ?? (start === null || duration === null ? null : times.after(start, duration))
  if (end === null) return start?.allDay === true ? start : null
  return end.allDay ? lastDay(end, start) : end
}

/** Of several rules the first is worded, and that it is not all. */
function readRules(event: CalendarComponent, times: CalendarTimes): Recurrence | null {
  const [line, ...others] = event.lines.filter(({ name }) => name === 'RRULE')
  if (line === undefined) return null
  const zone = lineOf(event, 'DTSTART')?.parameters.get('TZID')?.[0] ?? null
  const rule = readRecurrence(line.value, text => times.readText(text, zone))
  const partly = others.length > 0 || lineOf(event, 'EXRULE') !== null
  return rule === null ? null : { ...rule, partly: rule.partly || partly }
}

const ROLES: ReadonlyMap<string, CalendarPerson['role']> = new Map([
  ['CHAIR', 'chair'],
  ['OPT-PARTICIPANT', 'optional'],
  ['NON-PARTICIPANT', 'informed'],
])

const ANSWERS: ReadonlyMap<string, CalendarPerson['answer']> = new Map([
  ['ACCEPTED', 'accepted'],
  ['DECLINED', 'declined'],
  ['TENTATIVE', 'tentative'],
  ['DELEGATED', 'delegated'],
])

/** RFC 5545 §3.8.4.1 */
function readPerson({ value, parameters }: ContentLine): CalendarPerson {
  const first = (name: string) => parameters.get(name)?.[0] ?? ''
  return {
    name: cleanName(first('CN')),
    address: shownLine(value.replace(/^\s*mailto:/i, '')).slice(0, MAX_ADDRESS_LENGTH),
    role: ROLES.get(first('ROLE').toUpperCase()) ?? 'required',
    answer: ANSWERS.get(first('PARTSTAT').toUpperCase()) ?? 'waiting',
  }
}

/** RFC 5321 §4.5.3.1: longer ones are no addresses. */
const MAX_ADDRESS_LENGTH = 320
