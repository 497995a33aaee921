import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CalendarEvent } from '../../../../src/browser/viewer/mail/calendar/calendar.ts'
import { readCalendar } from '../../../../src/browser/viewer/mail/calendar/read-calendar.ts'
import { MAX_ATTENDEES, MAX_EVENTS } from '../../../../src/browser/viewer/mail/limits.ts'
import { utf8 } from './mail-text.ts'

const calendar = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n')
const event = (...lines: readonly string[]): string =>
  calendar('BEGIN:VEVENT', ...lines, 'END:VEVENT')

function only(text: string): CalendarEvent {
  const [one] = readCalendar(utf8(text), null)?.events ?? []
  if (one === undefined) throw new Error('no event')
  return one
}

const ms = (text: string): number => Date.parse(text)

describe('readCalendar (RFC 5545, RFC 5546)', () => {
  it('reads an invitation', () => {
    const found = readCalendar(
      utf8(
        calendar(
          'METHOD:REQUEST',
          'BEGIN:VEVENT',
          'UID:1@example.com',
          'SEQUENCE:3',
          'SUMMARY:Budget\\, again',
          'LOCATION:Room 5\\; upstairs',
          'DESCRIPTION:First line\\nSecond\\\\line',
          'ORGANIZER;CN="Doe, Jane":mailto:jane@example.com',
          'ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=TENTATIVE;CN=Bob:MAILTO:bob@example.com',
          'ATTENDEE:mailto:eve@example.com',
          'DTSTART:20261121T093000Z',
          'DTEND:20261121T100000Z',
          'STATUS:CONFIRMED',
          'URL:https://meet.example/1',
          'END:VEVENT',
        ),
      ),
      null,
    )
    expect(found?.method).toBe('request')
    expect(found?.events).toEqual([
      {
        uid: '1@example.com',
        sequence: 3,
        summary: 'Budget, again',
        location: 'Room 5; upstairs',
        description: 'First line\nSecond\\line',
        url: 'https://meet.example/1',
        status: 'confirmed',
        organiser: {
          name: 'Doe, Jane',
          address: 'jane@example.com',
          role: 'required',
          answer: 'waiting',
        },
        attendees: [
          { name: 'Bob', address: 'bob@example.com', role: 'optional', answer: 'tentative' },
          { name: '', address: 'eve@example.com', role: 'required', answer: 'waiting' },
        ],
        start: {
          local: '2026-11-21T09:30:00',
          allDay: false,
          ms: ms('2026-11-21T09:30Z'),
          zone: 'UTC',
        },
        end: {
          local: '2026-11-21T10:00:00',
          allDay: false,
          ms: ms('2026-11-21T10:00Z'),
          zone: 'UTC',
        },
        recurrence: null,
        extraTimes: [],
        leftOutTimes: [],
        occurrence: null,
      },
    ])
  })

  it('joins folded lines, also within a character', () => {
    const bytes = utf8(event('SUMMARY:caf\u00e9 au lait'))
    const at = bytes.indexOf(0xc3) + 1
    const folded = Uint8Array.from([...bytes.subarray(0, at), 13, 10, 32, ...bytes.subarray(at)])
    expect(readCalendar(folded, null)?.events[0]?.summary).toBe('café au lait')
  })

  it('ends a whole day with its last day, and a day alone with itself', () => {
    const days = only(event('DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227'))
    expect([days.start?.local, days.end?.local, days.end?.allDay]).toEqual([
      '2026-12-24',
      '2026-12-26',
      true,
    ])
    expect(only(event('DTSTART;VALUE=DATE:20261224')).end?.local).toBe('2026-12-24')
  })

  it('leaves a floating time to whoever reads it', () => {
    expect(only(event('DTSTART:20261121T093000')).start).toEqual({
      local: '2026-11-21T09:30:00',
      allDay: false,
      ms: null,
      zone: null,
    })
  })

  it.each([
    ['PT1H30M', '2026-11-21T11:00:00'],
    ['P1DT1H', '2026-11-22T10:30:00'],
    ['P2W', '2026-12-05T09:30:00'],
  ])('works the end out of the duration %s', (duration, end) => {
    expect(only(event('DTSTART:20261121T093000Z', `DURATION:${duration}`)).end?.local).toBe(end)
  })

  it('counts days by the calendar and hours by the clock over a change of offset', () => {
    const start = 'DTSTART;TZID=Europe/Amsterdam:20270327T120000'
    expect(only(event(start, 'DURATION:P1D')).end).toMatchObject({
      local: '2027-03-28T12:00:00',
      ms: ms('2027-03-28T10:00Z'),
    })
    expect(only(event(start, 'DURATION:PT24H')).end).toMatchObject({
      local: '2027-03-28T13:00:00',
      ms: ms('2027-03-28T11:00Z'),
    })
  })

  it('takes a broken value for none, and loses nothing else by it', () => {
    const found = only(
      event(
        'SUMMARY:Kept',
        'DTSTART:20260230T250000',
        'DURATION:forever',
        'RRULE:often',
        'SEQUENCE:x',
      ),
    )
    expect(found).toMatchObject({
      summary: 'Kept',
      start: null,
      end: null,
      recurrence: null,
      sequence: 0,
    })
  })

  it('reads what is not closed', () => {
    expect(only('BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Cut').summary).toBe('Cut')
  })

  it.each([
    ['no calendar', 'hello'],
    ['nothing', ''],
    ['a calendar without events', calendar('BEGIN:VTODO', 'SUMMARY:x', 'END:VTODO')],
  ])('is null for %s', (_what, text) => {
    expect(readCalendar(utf8(text), null)).toBeNull()
  })

  it('shows a text with direction overrides and controls for what it is', () => {
    expect(
      only(event('SUMMARY:a\u202eb', 'ATTENDEE;CN=x\u202ey:mailto:a@b\u0000.example')),
    ).toMatchObject({
      summary: 'a[U+202E]b',
      attendees: [{ name: 'x y', address: 'a@b.example' }],
    })
  })

  it('lists only so many events and attendees', () => {
    const many = Array.from({ length: MAX_EVENTS + 20 }, () => 'BEGIN:VEVENT\r\nEND:VEVENT')
    const found = readCalendar(utf8(calendar(...many)), null)
    expect([found?.events.length, found?.more]).toEqual([MAX_EVENTS, 20])
    const guests = Array.from({ length: 2000 }, (_, i) => `ATTENDEE:mailto:a${i}@example.com`)
    expect(only(event(...guests)).attendees).toHaveLength(MAX_ATTENDEES)
  })
})

describe('the time zones of a calendar', () => {
  const newYork = [
    'BEGIN:VTIMEZONE',
    'TZID:Eastern Standard Time',
    'BEGIN:STANDARD',
    'DTSTART:16010101T020000',
    'TZOFFSETFROM:-0400',
    'TZOFFSETTO:-0500',
    'RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11',
    'END:STANDARD',
    'BEGIN:DAYLIGHT',
    'DTSTART:16010101T020000',
    'TZOFFSETFROM:-0500',
    'TZOFFSETTO:-0400',
    'RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3',
    'END:DAYLIGHT',
    'END:VTIMEZONE',
  ]
  const startIn = (zone: readonly string[], name: string, local: string) =>
    only(calendar(...zone, 'BEGIN:VEVENT', `DTSTART;TZID=${name}:${local}`, 'END:VEVENT')).start

  it.each([
    ['20260115T120000', '2026-01-15T17:00Z'],
    ['20260715T120000', '2026-07-15T16:00Z'],
    ['20260308T015959', '2026-03-08T06:59:59Z'],
    ['20260308T030000', '2026-03-08T07:00Z'],
    ['20261101T005959', '2026-11-01T04:59:59Z'],
    ['20261101T020000', '2026-11-01T07:00Z'],
  ])('reads %s by the rules in the file', (local, instant) => {
    expect(startIn(newYork, '"Eastern Standard Time"', local)?.ms).toBe(ms(instant))
  })

  it('takes the first of two, and the offset before for none, as RFC 5545 §3.3.5 says', () => {
    expect(startIn(newYork, 'Eastern Standard Time', '20261101T013000')?.ms).toBe(
      ms('2026-11-01T05:30Z'),
    )
    expect(startIn(newYork, 'Eastern Standard Time', '20260308T023000')?.ms).toBe(
      ms('2026-03-08T07:30Z'),
    )
  })

  it('ends a rule with its UNTIL', () => {
    const zone = [
      'BEGIN:VTIMEZONE',
      'TZID:Z',
      'BEGIN:STANDARD',
      'DTSTART:19961027T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20081026T010000Z',
      'END:STANDARD',
      'BEGIN:DAYLIGHT',
      'DTSTART:19960331T020000',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0200',
      'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20080330T010000Z',
      'END:DAYLIGHT',
      'END:VTIMEZONE',
    ]
    expect(startIn(zone, 'Z', '20080701T120000')?.ms).toBe(ms('2008-07-01T10:00Z'))
    expect(startIn(zone, 'Z', '20260701T120000')?.ms).toBe(ms('2026-07-01T11:00Z'))
  })

  it('knows a zone by its name alone, also behind a prefix', () => {
    const instant = ms('2026-07-01T10:00Z')
    for (const name of ['Europe/Berlin', '/mozilla.org/20050126_1/Europe/Berlin'])
      expect(startIn([], name, '20260701T120000')?.ms).toBe(instant)
  })

  it('says the wall clock and the name of a zone that it does not know', () => {
    expect(startIn([], 'Romance Standard Time', '20260701T120000')).toEqual({
      local: '2026-07-01T12:00:00',
      allDay: false,
      ms: null,
      zone: 'Romance Standard Time',
    })
  })

  it('agrees with the platform for every hour, whatever rules of that zone stand in the file', () => {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'America/New_York',
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    fc.assert(
      fc.property(fc.integer({ min: ms('2008-01-01'), max: ms('2036-01-01') }), instant => {
        const local = format.format(instant).replaceAll(/[-:]/g, '').replace(' ', 'T')
        const read = startIn(newYork, 'Eastern Standard Time', local)?.ms ?? 0
        // An hour that comes twice is the first of both.
        expect([0, 3_600_000]).toContain(Math.floor(instant / 1000) * 1000 - read)
        expect(format.format(read)).toBe(format.format(instant))
      }),
    )
  })
})

describe('the repetition of an event', () => {
  it('is never every minus five days, minus three times, in a thirteenth month', () => {
    expect(rule('FREQ=DAILY;INTERVAL=-5;COUNT=-3;BYMONTH=13,-1,999999')).toEqual({
      every: 'day',
      ...plain,
    })
  })

  const rule = (text: string) => only(event('DTSTART:20261121T093000Z', `RRULE:${text}`)).recurrence
  const plain = {
    interval: 1,
    count: null,
    until: null,
    days: [],
    monthDays: [],
    months: [],
    partly: false,
  }

  it.each([
    ['FREQ=DAILY', { every: 'day' }],
    [
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=10;WKST=MO',
      {
        every: 'week',
        interval: 2,
        count: 10,
        days: [
          { day: 1, nth: 0 },
          { day: 3, nth: 0 },
        ],
      },
    ],
    ['FREQ=MONTHLY;BYDAY=-1FR', { every: 'month', days: [{ day: 5, nth: -1 }] }],
    ['FREQ=MONTHLY;BYDAY=TH;BYSETPOS=3', { every: 'month', days: [{ day: 4, nth: 3 }] }],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1', { every: 'month', partly: true }],
    ['FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31', { every: 'year', months: [5], monthDays: [31] }],
    ['FREQ=YEARLY;BYWEEKNO=20', { every: 'year', partly: true }],
  ])('reads %s', (text, expected) => {
    expect(rule(text)).toMatchObject({
      ...plain,
      ...expected,
      days: (expected as { days?: unknown }).days ?? rule(text)?.days,
    })
  })

  it('reads until when', () => {
    expect(rule('FREQ=DAILY;UNTIL=20261224T080000Z')?.until?.ms).toBe(ms('2026-12-24T08:00Z'))
    expect(rule('FREQ=DAILY;UNTIL=20261224')?.until).toMatchObject({
      local: '2026-12-24',
      allDay: true,
    })
  })

  it('reads further and left-out times, and which one is meant', () => {
    const found = only(
      event(
        'DTSTART;TZID=Europe/Amsterdam:20261121T093000',
        'RDATE;TZID=Europe/Amsterdam:20261201T093000,20261202T093000',
        'EXDATE;VALUE=DATE:20261205',
        'RECURRENCE-ID;TZID=Europe/Amsterdam:20261121T093000',
      ),
    )
    expect(found.extraTimes.map(({ local }) => local)).toEqual([
      '2026-12-01T09:30:00',
      '2026-12-02T09:30:00',
    ])
    expect(found.leftOutTimes).toEqual([
      { local: '2026-12-05', allDay: true, ms: null, zone: null },
    ])
    expect(found.occurrence?.ms).toBe(ms('2026-11-21T08:30Z'))
  })
})

describe('what is written is read back', () => {
  it('any text in any field, folded anywhere', () => {
    const escape = (text: string) => text.replaceAll(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n')
    const fold = (line: string, width: number) =>
      line.match(new RegExp(`.{1,${width}}`, 'gsu'))?.join('\r\n ') ?? line
    const words = fc.string({
      unit: fc.constantFrom('a', 'é', '漢', ',', ';', ':', '"', '\\', '\n', ' '),
    })
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 75 }), (text, width) => {
        const file = event(fold(`DESCRIPTION:${escape(text)}`, width))
        expect(only(file).description).toBe(text.trim())
      }),
    )
  })
})
