import { useId } from 'preact/hooks'
import type { JSX } from 'preact'
import type { ReleaseAnswer } from '../../../core/api/messages.ts'
import type { ReplyKind } from '../../../core/reply/reply-head.ts'
import { ForwardIcon, PrintIcon, ReplyAllIcon, ReplyIcon } from '../../ui/icons.tsx'
import { text } from '../../ui/text.ts'
import { usePrinting } from './use-printing.ts'

interface ToolbarProps {
  readonly release: ReleaseAnswer
  readonly onAnswer: (kind: ReplyKind) => void
  readonly onSignOut: () => void
}

/** What can be done with a message. */
export function Toolbar({ release, onAnswer, onSignOut }: ToolbarProps): JSX.Element {
  const why = useId()
  const printing = usePrinting()
  const { reply, permissions } = release
  const answer = (kind: ReplyKind, icon: JSX.Element, label: string): JSX.Element => {
    const isOn = reply !== null && permissions[kind === 'forward' ? kind : 'reply']
    // One that does nothing can be reached and is read out, so that everybody learns why.
    return (
      <button
        type="button"
        aria-disabled={!isOn}
        aria-describedby={isOn ? undefined : why}
        onClick={() => isOn && onAnswer(kind)}
      >
        {icon}
        {label}
      </button>
    )
  }
  return (
    <>
      <div class="bar" role="toolbar" aria-label={text('message.tools')}>
        {answer('reply', <ReplyIcon />, text('message.reply'))}
        {answer('reply-all', <ReplyAllIcon />, text('message.replyAll'))}
        {answer('forward', <ForwardIcon />, text('message.forward'))}
        <button type="button" onClick={printing.start}>
          <PrintIcon />
          {text('message.print')}
        </button>
        <button type="button" class="push" onClick={onSignOut}>
          {text('message.signOut')}
        </button>
      </div>
      <div class="printing" ref={printing.place} />
      <p class="soft small bar-hint" id={why}>
        {hints(release).map(hint => (
          <span class="block" key={hint}>
            {hint}
          </span>
        ))}
      </p>
    </>
  )
}

function hints({ reply: offer, permissions }: ReleaseAnswer): readonly string[] {
  const { reply, forward, print } = permissions
  return [
    text(!reply ? 'message.noReply' : offer === null ? 'message.noAnswers' : 'message.answerHere'),
    ...(forward ? [] : [text('message.noForward')]),
    ...(print ? [] : [text('message.noPrint')]),
  ]
}
