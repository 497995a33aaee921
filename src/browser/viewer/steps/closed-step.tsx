import type { JSX } from 'preact'
import { Seal } from '../../ui/seal.tsx'
import { text } from '../../ui/text.ts'
import { useHeadingFocus } from '../../ui/use-heading-focus.ts'
import type { Reader } from '../reader.ts'
import type { Step } from '../step.ts'

type How = Extract<Step, { kind: 'closed' }>['how']

/** The letter is closed again. */
export function ClosedStep(props: { readonly reader: Reader; readonly how: How }): JSX.Element {
  const heading = useHeadingFocus()
  const ended = props.how === 'session-ended'
  return (
    <div class="sheet narrow stack">
      <Seal />
      <h1 ref={heading} tabIndex={-1}>
        {text(ended ? 'message.sessionEndedTitle' : 'message.signedOutTitle')}
      </h1>
      <p>{text(wordsOf(props.how))}</p>
      {ended && (
        <button type="button" class="primary" onClick={() => void props.reader.signInAgain()}>
          {text('message.signInAgain')}
        </button>
      )}
    </div>
  )
}

function wordsOf(how: How): 'message.sessionEnded' | 'message.signedOut' | 'message.signOutFailed' {
  switch (how) {
    case 'session-ended':
      return 'message.sessionEnded'
    case 'signed-out':
      return 'message.signedOut'
    case 'sign-out-failed':
      return 'message.signOutFailed'
  }
}
