import { useId } from 'preact/hooks'
import type { JSX } from 'preact'
import { ForwardIcon, PrintIcon, ReplyAllIcon, ReplyIcon } from '../../ui/icons.tsx'
import { text } from '../../ui/text.ts'
import { usePrinting } from './use-printing.ts'
import type { Permissions } from '../../../core/policy/policy.ts'

interface ToolbarProps {
  readonly permissions: Permissions
  readonly onSignOut: () => void
}

/** What can be done with a message. Answering is not part of this version: its buttons say so. */
export function Toolbar({ permissions, onSignOut }: ToolbarProps): JSX.Element {
  const why = useId()
  const printing = usePrinting()
  return (
    <>
      <div class="bar" role="toolbar" aria-label={text('message.tools')}>
        <Unavailable why={why} icon={<ReplyIcon />} label={text('message.reply')} />
        <Unavailable why={why} icon={<ReplyAllIcon />} label={text('message.replyAll')} />
        <Unavailable why={why} icon={<ForwardIcon />} label={text('message.forward')} />
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
        {hints(permissions).map(hint => (
          <span class="block" key={hint}>
            {hint}
          </span>
        ))}
      </p>
    </>
  )
}

function hints({ reply, forward, print }: Permissions): readonly string[] {
  return [
    text(reply ? 'message.notYet' : 'message.noReply'),
    ...(forward ? [] : [text('message.noForward')]),
    ...(print ? [] : [text('message.noPrint')]),
  ]
}

/** Can be reached and is read out, so that everybody learns why it does nothing. */
function Unavailable(props: {
  readonly why: string
  readonly icon: JSX.Element
  readonly label: string
}): JSX.Element {
  return (
    <button type="button" aria-disabled="true" aria-describedby={props.why}>
      {props.icon}
      {props.label}
    </button>
  )
}
