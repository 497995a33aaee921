/** What a calendar file (iCalendar, RFC 5545) asks or tells (iTIP, RFC 5546). Plain data; all texts are unsafe. */
export interface Calendar {
  /** What the sender wants; null when the file does not say, or says something unknown. */
  readonly method: CalendarMethod | null
  /** At least one, in the order of the file, at most MAX_EVENTS. */
  readonly events: readonly CalendarEvent[]
  /** How many further events were left out. */
  readonly more: number
}

/** RFC 5546 §1.4 */
export type CalendarMethod =
  'publish' | 'request' | 'reply' | 'add' | 'cancel' | 'refresh' | 'counter' | 'declinecounter'

export interface CalendarEvent {
  /** Empty when there is none. */
  readonly uid: string
  /** Rises with each change; 0 when there is none. */
  readonly sequence: number
  /** One line; empty when there is none. */
  readonly summary: string
  /** One line; empty when there is none. */
  readonly location: string
  /** LF line ends; empty when there is none. Plain text, never HTML. */
  readonly description: string
  /** As written: may have any scheme; to be drawn only through the page that shows a link's target. Empty when none. */
  readonly url: string
  readonly status: 'tentative' | 'confirmed' | 'cancelled' | null
  readonly organiser: CalendarPerson | null
  /** At most MAX_ATTENDEES. */
  readonly attendees: readonly CalendarPerson[]
  /** Null when it is not given or cannot be read. */
  readonly start: CalendarTime | null
  /** When it is over, worked out from the duration where that is given instead. An all-day end is the last day itself. */
  readonly end: CalendarTime | null
  readonly recurrence: Recurrence | null
  /** Further times (RDATE) and left-out times (EXDATE) of a series. */
  readonly extraTimes: readonly CalendarTime[]
  readonly leftOutTimes: readonly CalendarTime[]
  /** The one of a series that this is about (RECURRENCE-ID); null when it is about all. */
  readonly occurrence: CalendarTime | null
}

export interface CalendarPerson {
  /** One line, cleaned; empty when there is none. */
  readonly name: string
  /** Of a `mailto:`, else as written; one line, empty when there is none. Not verified. */
  readonly address: string
  readonly role: 'chair' | 'required' | 'optional' | 'informed'
  /** RFC 5545 §3.2.12; what they answered. */
  readonly answer: 'accepted' | 'declined' | 'tentative' | 'delegated' | 'waiting'
}

/** A date, or a date with a time. */
export interface CalendarTime {
  /** The wall clock as written: `2026-11-21`, or `2026-11-21T09:30:00`. */
  readonly local: string
  /** True when `local` has no time. */
  readonly allDay: boolean
  /** Milliseconds since 1970; null for a day, for a floating time (of whoever reads it) and for a zone that is not known. */
  readonly ms: number | null
  /** The zone's name as written, `UTC` for UTC; null for a day and for a floating time. Say it when `ms` is null. */
  readonly zone: string | null
}

/** A rule of repetition (RFC 5545 §3.3.10), as data to be worded. */
export interface Recurrence {
  readonly every: 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'
  /** 1 is each, 2 every second one. */
  readonly interval: number
  /** How often in all; null when not limited so. */
  readonly count: number | null
  /** The last time that can be; null when not limited so. */
  readonly until: CalendarTime | null
  /** `nth` 0 is each such day, 1 the first, -1 the last of the month or year. */
  readonly days: readonly { readonly day: Weekday; readonly nth: number }[]
  /** Days of the month; -1 is the last. */
  readonly monthDays: readonly number[]
  /** 1 is January. */
  readonly months: readonly number[]
  /** True when the rule says more than these fields do: say that the calendar file has the exact rule. */
  readonly partly: boolean
}

/** 0 is Sunday, as in Date. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6
