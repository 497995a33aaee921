import type { JSX } from 'preact'
import { formatDay, formatList, formatMoment } from '../../ui/format.ts'
import { initialOf } from '../../ui/initial-of.ts'
import { CheckIcon } from '../../ui/icons.tsx'
import { lazyPart } from '../../ui/lazy.tsx'
import { RichText } from '../../ui/rich-text.tsx'
import { addText, text } from '../../ui/text.ts'
import { outside } from '../outside-part.ts'
import { mailboxWords } from './mailbox-words.ts'
import { remarksOn } from './sender-check.ts'
import type { ReleaseAnswer } from '../../../core/api/messages.ts'
import type { ShownMailbox } from '../mail/parse-mail.ts'
import type { Letter } from './letter.ts'

const notice = lazyPart(async () => {
  const [{ SenderNotice }] = await Promise.all([import('./sender-notice.tsx'), addText('outside')])
  return SenderNotice
})

/** Recipients that are named before the rest is folded away. */
const namedRecipients = 3

/** Who wrote, as the organisation vouches for it, or that somebody outside did; then what the message itself says. */
export function SenderLine(props: {
  readonly release: ReleaseAnswer
  readonly organisation: string
  readonly letter: Letter | null
}): JSX.Element {
  const { release, letter } = props
  const { sender, expiresAtMs } = release
  const dateMs = letter?.dateMs ?? release.createdAtMs
  const remarks = letter === null ? null : remarksOn(letter, release)
  return (
    <>
      <div class="who">
        <span class="face" aria-hidden="true">
          {initialOf(sender.name === '' ? sender.address : sender.name)}
        </span>
        <div>
          <p>
            {/* The address is what was verified; the name is what the sender calls themselves. */}
            <b>
              <bdi>{sender.address}</bdi>
            </b>{' '}
            <bdi class="soft">{sender.name}</bdi>
          </p>
          <Vouched release={release} organisation={props.organisation} />
          <p class="soft small">
            <time dateTime={new Date(dateMs).toISOString()}>{formatMoment(dateMs)}</time>
            {expiresAtMs !== null && (
              <>
                {' · '}
                {text('message.until', { date: formatDay(expiresAtMs) })}
              </>
            )}
          </p>
        </div>
        <Recipients release={release} letter={letter} />
      </div>
      {remarks !== null && <notice.Part remarks={remarks} sender={sender.address} />}
    </>
  )
}

function Vouched(props: {
  readonly release: ReleaseAnswer
  readonly organisation: string
}): JSX.Element {
  const { sender, vouchedBy, writer } = props.release
  if (writer !== undefined)
    return (
      <div class="small">
        <outside.Part organisation={props.organisation} address={sender.address} writer={writer} />
      </div>
    )
  return (
    <p class="verified small">
      <CheckIcon />
      <span>
        <RichText
          of="message.vouched"
          with={{ verified: <strong>{text('message.verified')}</strong> }}
          values={{ sender: sender.address, domain: vouchedBy }}
        />
      </span>
    </p>
  )
}

function Recipients(props: {
  readonly release: ReleaseAnswer
  readonly letter: Letter | null
}): JSX.Element {
  const { release, letter } = props
  const lists = [
    { label: text('message.to'), mailboxes: letter?.to ?? [] },
    { label: text('message.cc'), mailboxes: letter?.cc ?? [] },
  ].filter(list => list.mailboxes.length > 0)
  return (
    <dl class="recipients small">
      {lists.map(({ label, mailboxes }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <Mailboxes mailboxes={mailboxes} own={release.recipient} />
          </dd>
        </div>
      ))}
      {lists.length === 0 && (
        <div>
          <dt>{text('message.to')}</dt>
          <dd>
            <bdi>{release.recipient}</bdi>
          </dd>
        </div>
      )}
    </dl>
  )
}

function Mailboxes(props: {
  readonly mailboxes: readonly ShownMailbox[]
  readonly own: string
}): JSX.Element {
  const shown = props.mailboxes.slice(0, namedRecipients)
  const rest = props.mailboxes.slice(namedRecipients)
  return (
    <>
      {formatList(shown.map(mailboxWords))}
      {rest.length > 0 && (
        <details>
          <summary>{text('message.more', { count: rest.length })}</summary>
          {formatList(rest.map(mailboxWords))}
        </details>
      )}
    </>
  )
}
