import type { JSX } from 'preact'
import { Seal } from '../../ui/seal.tsx'
import { text } from '../../ui/text.ts'
import { useHeadingFocus } from '../../ui/use-heading-focus.ts'
import type { Reader } from '../reader.ts'
import type { ClosedHow } from '../step.ts'

/** The letter is closed again. */
export function ClosedStep(props: {
  readonly reader: Reader
  readonly how: ClosedHow
}): JSX.Element {
  const heading = useHeadingFocus()
  const { reader, how } = props
  const again = againOf(how)
  return (
    <div class="sheet narrow stack">
      <Seal />
      <h1 ref={heading} tabIndex={-1}>
        {text(titleOf(how))}
      </h1>
      <p>{text(wordsOf(how))}</p>
      {again !== null && (
        <button type="button" class="primary" onClick={() => void reader.signInAgain()}>
          {text(again)}
        </button>
      )}
    </div>
  )
}

/** What can be done with the message that is still there. */
function againOf(how: ClosedHow): 'message.signInAgain' | 'message.openAfterAll' | null {
  if (how === 'session-ended') return 'message.signInAgain'
  return how === 'stopped' ? 'message.openAfterAll' : null
}

function titleOf(how: ClosedHow) {
  if (how === 'session-ended') return 'message.sessionEndedTitle'
  return how === 'stopped' ? 'message.stoppedTitle' : 'message.signedOutTitle'
}

function wordsOf(how: ClosedHow) {
  switch (how) {
    case 'session-ended':
      return 'message.sessionEnded'
    case 'signed-out':
      return 'message.signedOut'
    case 'sign-out-failed':
      return 'message.signOutFailed'
    case 'stopped':
      return 'message.stopped'
  }
}
