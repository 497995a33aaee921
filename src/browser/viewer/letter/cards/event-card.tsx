import type { JSX } from 'preact'
import { formatList } from '../../../ui/format.ts'
import { text } from '../../../ui/text.ts'
import { CardRows } from './card-rows.tsx'
import { eventTimeWords, timeListWords, timeWords } from './event-time.ts'
import { LeaveLink } from './leave-link.tsx'
import { recurrenceWords } from './recurrence-words.ts'
import type { Calendar, CalendarEvent, CalendarPerson } from '../../mail/calendar/calendar.ts'

type Method = Calendar['method']

interface EventCardProps {
  readonly event: CalendarEvent
  readonly method: Method
}

/** An appointment as its file describes it. Nothing here answers it: an answer could not be sent. */
export function EventCard({ event, method }: EventCardProps): JSX.Element {
  const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const state = stateWords(event, method)
  return (
    <div class={isCancelled(event, method) ? 'card cancelled' : 'card'}>
      <p class="soft small eyebrow">{state}</p>
      <h2>
        <bdi>{event.summary === '' ? text('cards.event') : event.summary}</bdi>
      </h2>
      <CardRows
        rows={[
          ...whenRows(event, ownZone),
          { label: text('cards.repeats'), value: seriesWords(event, ownZone) },
          { label: text('cards.where'), value: event.location },
          { label: text('cards.organiser'), value: personWords(event.organiser) },
          { label: text('cards.attendees'), value: <People people={event.attendees} /> },
          {
            label: text('cards.link'),
            value: event.url === '' ? null : <LeaveLink href={event.url} />,
          },
        ].filter(({ label }) => label !== text('cards.attendees') || event.attendees.length > 0)}
      />
      {event.occurrence !== null && (
        <p class="small">
          {text('cards.occurrence', { time: timeWords(event.occurrence, ownZone) })}
        </p>
      )}
      <Description of={event.description} />
    </div>
  )
}

function Description({ of }: { readonly of: string }): JSX.Element | null {
  if (of.trim() === '') return null
  return (
    <details>
      <summary>{text('cards.details')}</summary>
      <p class="as-written" dir="auto">
        {of}
      </p>
    </details>
  )
}

function isCancelled({ status }: CalendarEvent, method: Method): boolean {
  return method === 'cancel' || status === 'cancelled'
}

function stateWords(event: CalendarEvent, method: Method): string {
  const kind = isCancelled(event, method)
    ? text('cards.method-cancel')
    : method === 'request' && event.sequence > 0
      ? text('cards.updated')
      : text(`cards.method-${method ?? 'publish'}`)
  return event.status === 'tentative' ? `${kind} · ${text('cards.tentative')}` : kind
}

function whenRows(
  { start, end }: CalendarEvent,
  ownZone: string,
): readonly { label: string; value: string }[] {
  if (start === null) return []
  const { own, sender } = eventTimeWords(start, end, ownZone)
  const theirs =
    sender === null
      ? []
      : [{ label: text('cards.theirTime', { zone: sender.zone }), value: sender.time }]
  return [{ label: text('cards.when'), value: own }, ...theirs]
}

function seriesWords(event: CalendarEvent, ownZone: string): string {
  const { recurrence, extraTimes, leftOutTimes } = event
  const dates = (times: CalendarEvent['extraTimes']): { dates: string } => ({
    dates: timeListWords(times, ownZone),
  })
  return [
    recurrence === null ? '' : recurrenceWords(recurrence, ownZone),
    extraTimes.length === 0 ? '' : text('cards.extra', dates(extraTimes)),
    leftOutTimes.length === 0 ? '' : text('cards.leftOut', dates(leftOutTimes)),
  ]
    .filter(words => words !== '')
    .join('. ')
}

function personWords(person: CalendarPerson | null): string {
  if (person === null) return ''
  const { name, address, role, answer } = person
  const who = name === '' ? address : address === '' ? name : `${name} <${address}>`
  const remarks = [
    ...(role === 'optional' ? [text('cards.optional')] : []),
    ...(answer === 'waiting' ? [] : [text(`cards.answer-${answer}`)]),
  ]
  return `\u2068${who}\u2069${remarks.length === 0 ? '' : ` (${formatList(remarks)})`}`
}

/** People that are named before the rest is folded away. */
const namedPeople = 5

function People({ people }: { readonly people: readonly CalendarPerson[] }): JSX.Element {
  const rest = people.slice(namedPeople)
  return (
    <>
      {formatList(people.slice(0, namedPeople).map(personWords))}
      {rest.length > 0 && (
        <details>
          <summary>{text('cards.someMore', { count: rest.length })}</summary>
          {formatList(rest.map(personWords))}
        </details>
      )}
    </>
  )
}
