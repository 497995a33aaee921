import { useEffect } from 'preact/hooks'
import type { JSX } from 'preact'
import { announce } from '../../ui/announce.tsx'
import { lazyPart } from '../../ui/lazy.tsx'
import { Seal } from '../../ui/seal.tsx'
import { addText, text } from '../../ui/text.ts'
import { useHeadingFocus } from '../../ui/use-heading-focus.ts'
import { useInsidePath } from './inside-path.ts'
import { LetterContent } from './letter-content.tsx'
import { SenderLine } from './sender-line.tsx'
import { titleOf } from './title-of.ts'
import { Toolbar } from './toolbar.tsx'
import type { Reader } from '../reader.ts'
import type { ShownLetter } from '../show-message.ts'

const offer = lazyPart(async () => {
  const [{ PasskeyOffer }] = await Promise.all([
    import('../../passkeys/passkey-offer.tsx'),
    addText('ways'),
  ])
  return PasskeyOffer
})

/** Says nothing for most of a session. */
const session = lazyPart(async () => {
  const [{ SessionNotice }] = await Promise.all([
    import('./session-notice.tsx'),
    addText('troubles'),
  ])
  return SessionNotice
})

const attached = lazyPart(async () => {
  const [{ AttachedMessage }] = await Promise.all([
    import('./attached-message.tsx'),
    addText('attached'),
  ])
  return AttachedMessage
})

const unreadable = lazyPart(async () => {
  const [{ UnreadableLetter }] = await Promise.all([
    import('./unreadable-letter.tsx'),
    addText('attached'),
  ])
  return UnreadableLetter
})
const answering = lazyPart(async () => (await import('../../composer/answering.tsx')).Answering)

/** Characters; a longer subject is set in smaller letters, so that the message stays in sight. */
const longSubject = 80

interface MessagePageProps {
  readonly reader: Reader
  readonly shown: ShownLetter
}

/** The letter, or a message that is attached to it. */
export function MessagePage({ reader, shown }: MessagePageProps): JSX.Element {
  const { release, letter } = shown
  const organisation = reader.description.value?.organisation.name ?? ''
  const { path, answer, open, write } = useInsidePath(`${release.createdAtMs} ${shown.mail.size}`)
  const writing = answer !== null && release.reply !== null
  const inside = letter !== null && path.length > 0
  return (
    <>
      {!writing && (
        <Toolbar
          release={release}
          onAnswer={write}
          onSignOut={() => void reader.close('signed-out')}
        />
      )}
      <session.Part reader={reader} />
      {release.reply !== null && (
        <answering.Part reader={reader} shown={shown} kind={answer} onContinue={write} />
      )}
      {/* Kept while an attached message or an answer is open: Back finds it as it was left. */}
      <article class="sheet letter" hidden={inside || writing}>
        <OuterLetter
          shown={shown}
          organisation={organisation}
          isShown={!inside && !writing}
          onOpen={open}
        />
      </article>
      {inside && (
        <article class="sheet letter">
          <attached.Part outer={letter} path={path} onOpen={open} sender={release.sender.address} />
        </article>
      )}
      <aside class="after" aria-label={text('message.associations')} hidden={writing}>
        <offer.Part address={release.recipient} organisation={organisation} />
        <a class="small" href="/associations">
          {text('message.associations')}
        </a>
      </aside>
    </>
  )
}

function OuterLetter(props: {
  readonly shown: ShownLetter
  readonly organisation: string
  readonly isShown: boolean
  readonly onOpen: (attachment: number) => void
}): JSX.Element {
  const { release, letter, mail, why } = props.shown
  const subject = letter === null ? text('message.cannotDisplay') : titleOf(letter)
  const heading = useHeadingFocus()
  useEffect(() => {
    if (!props.isShown) return
    announce(text('message.shown'))
  }, [subject, props.isShown])
  return (
    <>
      <div class="headline">
        <h1 ref={heading} tabIndex={-1} class={subject.length > longSubject ? 'long' : ''}>
          <bdi>{subject}</bdi>
        </h1>
        <Seal opened />
      </div>
      <SenderLine release={release} organisation={props.organisation} letter={letter} />
      {letter === null ? (
        <unreadable.Part mail={mail} why={why} />
      ) : (
        <LetterContent letter={letter} mail={mail} subject={subject} onOpen={props.onOpen} />
      )}
    </>
  )
}
