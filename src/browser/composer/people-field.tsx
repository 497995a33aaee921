import { useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import { MAX_REPLY_RECIPIENTS } from '../../core/reply/limits.ts'
import { announce } from '../ui/announce.tsx'
import { formatList } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { text } from '../ui/text.ts'
import type { ShownLetter } from '../viewer/show-message.ts'
import { AddPerson } from './add-person.tsx'
import { CloseIcon } from './composer-icons.tsx'
import { isInside } from './people.ts'
import type { Composer } from './composer.ts'
import type { Correspondent } from './draft.ts'
import type { Circle, Line } from './people.ts'

/** To whom it goes: each can be taken away, and is said to be inside or outside. */
export function PeopleField(props: {
  readonly composer: Composer
  readonly shown: ShownLetter
  readonly organisation: string
}): JSX.Element {
  const { composer, shown, organisation } = props
  const circle: Circle = composer
  const { to, cc, kind } = composer.draft.value
  const all = [...to, ...cc]
  const first = useRef<HTMLDivElement>(null)
  const line = (name: Line, people: readonly Correspondent[]): JSX.Element | null =>
    people.length === 0 ? null : (
      <PeopleLine
        label={text(`message.${name}`)}
        people={people}
        notes={people.map(one => placeOf(one, circle, organisation))}
        wrong={wrongOf(composer, name === 'to' ? 0 : to.length)}
        onRemove={place => {
          composer.change({ [name]: people.filter((_, i) => i !== place) })
          announce(text('composer.removed', { name: people[place]?.address ?? '' }))
          first.current?.focus()
        }}
      />
    )
  return (
    <div class="people" ref={first} tabIndex={-1} role="group" aria-label={text('composer.people')}>
      {line('to', to)}
      {line('cc', cc)}
      {all.length === 0 && <p class="hint">{text('composer.nobody')}</p>}
      <AddPerson composer={composer} circle={circle} own={shown.release.recipient} />
      {composer.tooMany && kind === 'reply-all' && (
        <Notice>
          <p>{text('composer.tooMany', { count: MAX_REPLY_RECIPIENTS })}</p>
        </Notice>
      )}
      {composer.leftOut.length > 0 && (
        <Notice>
          <p>{text('composer.leftOut', { people: formatList(composer.leftOut) })}</p>
        </Notice>
      )}
      {all.length > 0 && <p class="hint">{text('composer.whoGetsWhat', { organisation })}</p>}
    </div>
  )
}

function PeopleLine(props: {
  readonly label: string
  readonly people: readonly Correspondent[]
  readonly notes: readonly string[]
  /** Places that the portal or a mail server refused. */
  readonly wrong: ReadonlySet<number>
  readonly onRemove: (place: number) => void
}): JSX.Element {
  const { label, people, notes, wrong, onRemove } = props
  return (
    <div class="line">
      <span class="soft">{label}</span>
      <ul class="chips" aria-label={label}>
        {people.map((one, place) => (
          <li key={one.address} class={wrong.has(place) ? 'chip refused' : 'chip'}>
            <span class="who-it-is">
              {one.name !== '' && <bdi>{one.name}</bdi>} <bdi class="mono">{one.address}</bdi>
              <small>
                {wrong.has(place) ? `${text('composer.refused')} ` : ''}
                {notes[place]}
              </small>
            </span>
            <button
              type="button"
              aria-label={text('composer.remove', { name: one.address })}
              onClick={() => onRemove(place)}
            >
              <CloseIcon />
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function placeOf({ address }: Correspondent, circle: Circle, organisation: string): string {
  return text(isInside(address, circle) ? 'composer.inside' : 'composer.outside', { organisation })
}

/** @param start position of the line's first address in `to` ‖ `cc` */
function wrongOf({ sending }: Composer, start: number): ReadonlySet<number> {
  const now = sending.value
  const positions = now.kind === 'failed' ? (now.refusal.recipients ?? []) : []
  return new Set(positions.map(position => position - start))
}
