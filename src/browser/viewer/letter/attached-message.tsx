import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { announce } from '../../ui/announce.tsx'
import { formatList, formatMoment } from '../../ui/format.ts'
import { BackIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { text } from '../../ui/text.ts'
import { useHeadingFocus } from '../../ui/use-heading-focus.ts'
import { Working } from '../../ui/working.tsx'
import { MAX_MESSAGE_DEPTH } from '../mail/limits.ts'
import { LetterContent } from './letter-content.tsx'
import { mailboxWords } from './mailbox-words.ts'
import { Original } from './original.tsx'
import { openInside } from './open-inside.ts'
import { titleOf } from './title-of.ts'
import type { InsidePath } from './inside-path.ts'
import type { Letter } from './letter.ts'
import type { OpenedInside } from './open-inside.ts'

interface AttachedMessageProps {
  readonly outer: Letter
  readonly path: InsidePath
  readonly onOpen: (attachment: number) => void
  /** The one address that somebody vouches for. */
  readonly sender: string
}

/** A message that came within another: shown like a letter, and never as if anybody vouched for it. */
export function AttachedMessage(props: AttachedMessageProps): JSX.Element {
  const { outer, path } = props
  const [opened, setOpened] = useState<OpenedInside | null>(null)
  const key = path.join('.')
  useEffect(() => {
    let isWanted = true
    const read = async (): Promise<void> => {
      const found = await openInside(outer, path)
      if (isWanted) setOpened(found)
    }
    setOpened(null)
    void read()
    return () => {
      isWanted = false
    }
  }, [outer, key])
  return (
    <>
      <button type="button" class="back" onClick={() => history.back()}>
        <BackIcon />
        {text(path.length === 1 ? 'attached.back' : 'attached.backOne')}
      </button>
      {opened === null ? (
        <Working what={text('attached.opening')} />
      ) : (
        <Opened key={key} opened={opened} {...props} />
      )}
    </>
  )
}

function Opened(props: AttachedMessageProps & { readonly opened: OpenedInside }): JSX.Element {
  const { letter, mail } = props.opened
  const subject = letter === null ? text('message.cannotDisplay') : titleOf(letter)
  const heading = useHeadingFocus()
  useEffect(() => {
    announce(subject)
  }, [subject])
  return (
    <>
      <p class="soft small eyebrow">{text('attached.messageHeading')}</p>
      <h1 ref={heading} tabIndex={-1}>
        <bdi>{subject}</bdi>
      </h1>
      {letter !== null && <Header letter={letter} />}
      <Notice warn>
        <p>{text('attached.notVerified', { sender: props.sender })}</p>
      </Notice>
      {letter === null ? (
        <>
          <p>{text('attached.cannotOpen')}</p>
          {mail.size > 0 && <Original mail={mail} name="message.eml" primary />}
        </>
      ) : (
        <LetterContent
          letter={letter}
          mail={mail}
          subject={subject}
          onOpen={props.path.length < MAX_MESSAGE_DEPTH ? props.onOpen : null}
        />
      )}
    </>
  )
}

/** What the message says of itself, as text: no face, no mark. */
function Header({ letter }: { readonly letter: Letter }): JSX.Element {
  const lines = [
    { label: text('attached.from'), value: formatList(letter.from.map(mailboxWords)) },
    { label: text('message.to'), value: formatList(letter.to.map(mailboxWords)) },
    { label: text('message.cc'), value: formatList(letter.cc.map(mailboxWords)) },
    {
      label: text('attached.date'),
      value: letter.dateMs === null ? '' : formatMoment(letter.dateMs),
    },
  ].filter(({ value }) => value !== '')
  return (
    <dl class="recipients small unverified">
      {lines.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
