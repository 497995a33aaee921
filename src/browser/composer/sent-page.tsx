import { useEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import { announce } from '../ui/announce.tsx'
import { formatList } from '../ui/format.ts'
import { Seal } from '../ui/seal.tsx'
import { text } from '../ui/text.ts'
import type { ShownLetter } from '../viewer/show-message.ts'
import { isInside } from './people.ts'
import type { Draft } from './draft.ts'

/** What happened: who got what, and that nothing of it is left here. */
export function SentPage(props: {
  readonly draft: Draft
  readonly shown: ShownLetter
  readonly organisation: string
  readonly onDone: () => void
}): JSX.Element {
  const { draft, shown, organisation, onDone } = props
  const heading = useRef<HTMLHeadingElement>(null)
  const { release } = shown
  const circle = { inside: release.reply?.inside ?? [] }
  const people = [...draft.to, ...draft.cc].map(({ address }) => address)
  const inside = people.filter(one => isInside(one, circle))
  const outside = people.filter(one => !isInside(one, circle))
  useEffect(() => {
    heading.current?.focus()
    announce(text('composer.sent'))
  }, [])
  return (
    <div class="sent">
      <Seal />
      <h1 ref={heading} tabIndex={-1}>
        {text('composer.sent')}
      </h1>
      {inside.length > 0 && (
        <p>{text('composer.sentInside', { people: formatList(inside), organisation })}</p>
      )}
      {outside.length > 0 && <p>{text('composer.sentOutside', { people: formatList(outside) })}</p>}
      <p class="soft">
        {draft.copyToWriter
          ? text('composer.sentCopy', { address: release.recipient })
          : text('composer.sentNoCopy')}
      </p>
      <button type="button" onClick={onDone}>
        {text('composer.back')}
      </button>
    </div>
  )
}
