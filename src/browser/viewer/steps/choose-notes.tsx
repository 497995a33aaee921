import type { JSX } from 'preact'
import { text } from '../../ui/text.ts'
import { OutcomeNotice } from './outcome-notice.tsx'
import type { SignInOutcome } from '../../../core/api/sign-in-results.ts'
import type { DescribeAnswer } from '../../../core/api/messages.ts'
import type { Reader } from '../reader.ts'

/** What most readers never see above the ways in: how the last try ended, and why a passcode is not enough. */
export function ChooseNotes(props: {
  readonly reader: Reader
  readonly description: DescribeAnswer
  readonly outcome: SignInOutcome | null
}): JSX.Element {
  const { reader, description, outcome } = props
  const { assurance, organisation } = description
  return (
    <>
      {outcome !== null && <OutcomeNotice reader={reader} outcome={outcome} />}
      {assurance !== 'mailbox' && (
        <p class="notice">
          {text(assurance === 'mfa' ? 'signIn.needsMfa' : 'signIn.needsAccount', {
            organisation: organisation.name,
          })}
        </p>
      )}
    </>
  )
}
