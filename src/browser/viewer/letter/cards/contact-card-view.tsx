import { useEffect, useMemo } from 'preact/hooks'
import type { JSX } from 'preact'
import { formatList } from '../../../ui/format.ts'
import { text } from '../../../ui/text.ts'
import { CardRows } from './card-rows.tsx'
import { LeaveLink } from './leave-link.tsx'
import type { ContactCard, ContactEntry } from '../../mail/contacts/contact-card.ts'

/** A contact as its file describes it. */
export function ContactCardView({ card }: { readonly card: ContactCard }): JSX.Element {
  const job = [card.title, card.organisation].filter(words => words !== '').join(', ')
  return (
    <div class="card contact">
      <Photo photo={card.photo} />
      <p class="soft small eyebrow">{text('cards.contact')}</p>
      <h2>
        <bdi>{card.name}</bdi>
      </h2>
      {job !== '' && (
        <p class="soft">
          <bdi>{job}</bdi>
        </p>
      )}
      <CardRows
        rows={[
          { label: text('cards.phone'), value: entries(card.phones, value => `tel:${value}`) },
          { label: text('cards.mail'), value: entries(card.mails, value => `mailto:${value}`) },
          { label: text('cards.address'), value: entries(card.addresses, () => '') },
          { label: text('cards.web'), value: entries(card.urls, value => value) },
          { label: text('cards.birthday'), value: card.birthday },
          {
            label: text('cards.note'),
            value: card.note === '' ? null : <span class="as-written">{card.note}</span>,
          },
        ]}
      />
    </div>
  )
}

/** More of a kind than these are left to the file. */
const maxEntries = 10

function entries(
  list: readonly ContactEntry[],
  hrefOf: (value: string) => string,
): JSX.Element[] | null {
  if (list.length === 0) return null
  return list.slice(0, maxEntries).map(({ value, kinds }) => {
    const words = formatList(kinds.map(kind => text(`cards.kind-${kind}`)))
    return (
      <span class="line" key={value}>
        <LeaveLink href={hrefOf(value)} shown={value} />
        {words !== '' && <span class="soft"> ({words})</span>}
      </span>
    )
  })
}

/** Pictures that draw and do nothing else. */
const photoTypes: ReadonlySet<string> = new Set([
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
])
const maxPhotoBytes = 2_000_000

function Photo({ photo }: Pick<ContactCard, 'photo'>): JSX.Element | null {
  const address = useMemo(() => {
    if (photo === null || !photoTypes.has(photo.type) || photo.bytes.length > maxPhotoBytes)
      return null
    return URL.createObjectURL(new Blob([Uint8Array.from(photo.bytes)], { type: photo.type }))
  }, [photo])
  useEffect(() => () => (address === null ? undefined : URL.revokeObjectURL(address)), [address])
  return address === null ? null : <img class="photo" src={address} alt="" />
}
