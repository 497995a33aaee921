import type { ComponentChildren, JSX } from 'preact'
import { announce } from '../../../ui/announce.tsx'
import { text } from '../../../ui/text.ts'
import { download } from '../download.ts'
import { ContactCardView } from './contact-card-view.tsx'
import { EventCard } from './event-card.tsx'
import type { Calendar } from '../../mail/calendar/calendar.ts'
import type { PartContent } from '../../mail/part-content.ts'
import type { Attachment, Letter } from '../letter.ts'

type Contacts = Extract<PartContent, { kind: 'contacts' }>

/** More cards are left to their files. */
const maxCards = 5

/** Appointments and contacts that came as files, but for the one that is shown above the text. */
export function AttachedCards({ letter }: { readonly letter: Letter }): JSX.Element {
  const first = fileOfInvitation(letter)
  const cards = letter.attachments.flatMap(attachment => {
    const { content, name } = attachment
    if (content?.kind === 'calendar' && attachment !== first)
      return [<CalendarCards key={name} calendar={content.calendar} attachment={attachment} />]
    if (content?.kind === 'contacts')
      return [<ContactCards key={name} contacts={content} attachment={attachment} />]
    return []
  })
  return <div class="cards">{cards.slice(0, maxCards)}</div>
}

/** The attachment that holds the invitation; the page has one object for both. */
export function fileOfInvitation({ attachments, invitation }: Letter): Attachment | null {
  if (invitation === null) return null
  const same = attachments.find(({ content }) => content === invitation)
  return same ?? attachments.find(({ content }) => content?.kind === 'calendar') ?? null
}

export function CalendarCards(props: {
  readonly calendar: Calendar
  readonly attachment: Attachment | null
}): JSX.Element {
  const { calendar, attachment } = props
  const { events, method, more } = calendar
  const left = more + Math.max(0, events.length - maxCards)
  return (
    <section>
      {events.slice(0, maxCards).map((event, place) => (
        <EventCard key={place} event={event} method={method} />
      ))}
      <Below attachment={attachment} words={text('cards.downloadEvent')}>
        {left > 0 && <span class="block">{text('cards.more', { count: left })}</span>}
        {method === 'request' && <span class="block">{text('cards.answerHere')}</span>}
      </Below>
    </section>
  )
}

function ContactCards(props: {
  readonly contacts: Contacts
  readonly attachment: Attachment
}): JSX.Element {
  const { cards, more } = props.contacts
  const left = more + Math.max(0, cards.length - maxCards)
  return (
    <section>
      {cards.slice(0, maxCards).map((card, place) => (
        <ContactCardView key={place} card={card} />
      ))}
      <Below attachment={props.attachment} words={text('cards.downloadContact')}>
        {left > 0 && <span class="block">{text('cards.moreContacts', { count: left })}</span>}
      </Below>
    </section>
  )
}

function Below(props: {
  readonly attachment: Attachment | null
  readonly words: string
  readonly children: ComponentChildren
}): JSX.Element {
  const { attachment, words, children } = props
  return (
    <>
      <p class="soft small">
        {children}
        {text('cards.notChecked')}
      </p>
      {attachment !== null && (
        <button
          type="button"
          class="quiet small original"
          onClick={() => {
            download(attachment.bytes, attachment.name)
            announce(text('message.downloaded', { name: attachment.name }))
          }}
        >
          {words}
        </button>
      )}
    </>
  )
}
