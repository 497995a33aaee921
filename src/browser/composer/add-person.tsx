import { useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { MAX_REPLY_RECIPIENTS, MAX_STRANGERS } from '../../core/reply/limits.ts'
import { announce } from '../ui/announce.tsx'
import { text } from '../ui/text.ts'
import { PlusIcon } from './composer-icons.tsx'
import { absent, addPerson } from './people.ts'
import type { Composer } from './composer.ts'
import type { Circle, PersonRefusal, Line } from './people.ts'

/** More are not proposed: they can be typed where typing is allowed. */
const maxProposed = 12

interface AddPersonProps {
  readonly composer: Composer
  readonly circle: Circle
  readonly own: string
}

/** Who takes part is proposed; anybody else can be typed where the sender allows forwarding. */
export function AddPerson({ composer, circle, own }: AddPersonProps): JSX.Element {
  const { to, cc } = composer.draft.value
  const proposed = absent([...to, ...cc], circle, own).slice(0, maxProposed)
  return (
    <>
      {proposed.length > 0 && (
        <div class="proposed">
          {proposed.map(address => (
            <button
              type="button"
              key={address}
              aria-label={text('composer.addNamed', { address })}
              onClick={() => add(address, 'to', composer, circle)}
            >
              <PlusIcon />
              <bdi>{address}</bdi>
            </button>
          ))}
        </div>
      )}
      {circle.mayForward ? (
        <TypedPerson composer={composer} circle={circle} own={own} />
      ) : (
        <p class="hint">{text('composer.onlyParticipants')}</p>
      )}
    </>
  )
}

function TypedPerson({ composer, circle }: AddPersonProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null)
  const [wrong, setWrong] = useState<PersonRefusal | null>(null)
  const take = (line: Line, stay = true): void => {
    const { current } = field
    if (current === null) return
    const refusal = add(current.value, line, composer, circle)
    setWrong(refusal)
    if (refusal === null) current.value = ''
    if (stay) current.focus()
  }
  return (
    <div role="group" aria-label={text('composer.add')}>
      <label for="add-person">{text('composer.add')}</label>
      <div class="add">
        <input
          id="add-person"
          ref={field}
          type="email"
          dir="ltr"
          autocomplete="email"
          autocapitalize="off"
          spellcheck={false}
          aria-invalid={wrong !== null}
          aria-describedby="add-person-wrong"
          // Whoever goes on has said all of it, as in every mail program; the buttons beside say to which line.
          onBlur={({ currentTarget: { value, parentElement }, relatedTarget }) => {
            const isBeside = relatedTarget instanceof Node && parentElement?.contains(relatedTarget)
            if (value.trim() !== '' && isBeside !== true) take('to', false)
          }}
          onKeyDown={event => {
            if (event.isComposing || !/^(?:Enter|,|;)$/.test(event.key)) return
            event.preventDefault()
            take('to')
          }}
        />
        {(['to', 'cc'] as const).map(line => (
          <button type="button" key={line} onClick={() => take(line)}>
            <PlusIcon />
            {text(`message.${line}`)}
          </button>
        ))}
      </div>
      <p class="wrong" id="add-person-wrong" role="alert">
        {wrong !== null && refusalWords(wrong)}
      </p>
    </div>
  )
}

function add(
  typed: string,
  line: Line,
  { draft, change }: Composer,
  circle: Circle,
): PersonRefusal | null {
  const { to, cc } = draft.value
  const added = addPerson(typed, [...to, ...cc], circle)
  if (!added.ok) return added.why
  change({ [line]: [...draft.value[line], added.person] })
  announce(text('composer.added', { name: added.person.address }))
  return null
}

function refusalWords(why: PersonRefusal): string {
  switch (why) {
    case 'addressNeeded':
    case 'addressWrong':
      return text(`reader.${why}`)
    case 'alreadyThere':
      return text('composer.alreadyThere')
    case 'notParticipant':
      return text('composer.onlyParticipants')
    case 'tooManyAdded':
      return text('composer.tooManyAdded', { count: MAX_STRANGERS })
    case 'tooMany':
      return text('composer.tooMany', { count: MAX_REPLY_RECIPIENTS })
  }
}
