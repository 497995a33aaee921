import type { JSX } from 'preact'
import { formatWait } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { text } from '../../ui/text.ts'
import type { SignInOutcome, SignInResult } from '../../../core/api/sign-in-results.ts'
import type { Reader } from '../reader.ts'

/** How a sign-in with a provider ended, and what can be done now. */
export function OutcomeNotice(props: {
  readonly reader: Reader
  readonly outcome: SignInOutcome
}): JSX.Element {
  const { reader, outcome } = props
  const values = {
    provider: reader.providerName(outcome.provider),
    organisation: reader.description.value?.organisation.name ?? '',
    wait: formatWait(60),
  }
  const key = keyOf(outcome.result)
  return (
    <Notice warn>
      <p>
        <strong>{text(key, values)}</strong>
      </p>
      <p>{text(`${key}Next`, values)}</p>
    </Notice>
  )
}

function keyOf(result: SignInResult) {
  switch (result) {
    case 'consent-refused':
      return 'signIn.signInCancelled'
    case 'provider-down':
      return 'signIn.providerDown'
    case 'account-refused':
      return 'signIn.accountRefused'
    case 'stale':
      return 'signIn.signInStale'
    case 'rate-limited':
      return 'signIn.signInTooOften'
    case 'proven':
    case 'passcode-needed':
      return 'signIn.accountUnproven'
    case 'failed':
      return 'signIn.signInFailed'
  }
}
