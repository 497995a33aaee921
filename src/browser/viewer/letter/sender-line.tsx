import type { JSX } from 'preact'
import { formatDay, formatList, formatMoment } from '../../ui/format.ts'
import { initialOf } from '../../ui/initial-of.ts'
import { CheckIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { RichText } from '../../ui/rich-text.tsx'
import { text } from '../../ui/text.ts'
import { outside } from '../outside-part.ts'
import { mailboxWords } from './mailbox-words.ts'
import { checkSender, nameMisleads, othersThan } from './sender-check.ts'
import type { ReleaseAnswer } from '../../../core/api/messages.ts'
import type { ShownMailbox } from '../mail/parse-mail.ts'
import type { Letter } from './letter.ts'
import type { SenderCheck } from './sender-check.ts'

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
      {letter !== null && <SenderNotice letter={letter} release={release} />}
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

function SenderNotice(props: {
  readonly letter: Letter
  readonly release: ReleaseAnswer
}): JSX.Element | null {
  const { letter, release } = props
  const sender = release.sender.address
  // The gateway writes From and Reply-To of what comes from outside: From is an address of its own that stands for the writer.
  const check = checkSender(release.writer === undefined ? letter.from : letter.replyTo, sender)
  const onBehalf = othersThan(sender, letter.sender)
  const replyTo = othersThan(sender, letter.replyTo)
  const misleading =
    check.kind === 'misleads'
      ? check.name
      : nameMisleads(release.sender.name)
        ? release.sender.name
        : ''
  return (
    <>
      <Warning words={checkWords(check, sender)} />
      <Warning
        words={misleading === '' ? '' : text('message.nameMisleads', { name: misleading, sender })}
      />
      <Warning
        words={
          onBehalf === null
            ? ''
            : text('message.senderDiffers', { inner: formatList(onBehalf), sender })
        }
      />
      {replyTo !== null && (
        <Notice>
          <p>{text('message.replyToDiffers', { address: formatList(replyTo) })}</p>
        </Notice>
      )}
    </>
  )
}

function checkWords(check: SenderCheck, sender: string): string {
  switch (check.kind) {
    case 'differs':
      return text('message.fromDiffers', { inner: formatList(check.inner), sender })
    case 'several':
      return text('message.fromSeveral', { inner: formatList(check.inner), sender })
    case 'unreadable':
      return text('message.fromUnreadable', { sender })
    case 'misleads':
    case 'same':
      return ''
  }
}

function Warning({ words }: { readonly words: string }): JSX.Element | null {
  return words === '' ? null : (
    <Notice warn>
      <p>{words}</p>
    </Notice>
  )
}
