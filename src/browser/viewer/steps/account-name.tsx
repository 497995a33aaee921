import type { JSX } from 'preact'
import { shownAccount } from '../shown-account.ts'
import { RichText } from '../../ui/rich-text.tsx'
import type { Reader } from '../reader.ts'
import type { WaitingAccount } from '../step-history.ts'

/**
 * Whose account it is that will be associated: at a shared computer it may be somebody else's. An account
 * can call itself by any address, the reader's own too; only what its provider vouches for is said as a fact.
 */
export function AccountName(props: {
  readonly reader: Reader
  readonly account: WaitingAccount
}): JSX.Element | null {
  const { reader, account } = props
  const shown = shownAccount(reader.session.value, account)
  if (shown === null) return null
  const provider = reader.providerName(account.provider)
  return (
    <p>
      <RichText
        of={shown.vouched ? 'signIn.associateAs' : 'signIn.associateCalled'}
        with={{ provider, account: <bdi class="ref">{shown.label}</bdi> }}
      />
    </p>
  )
}
