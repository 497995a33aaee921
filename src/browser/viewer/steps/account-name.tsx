import type { JSX } from 'preact'
import { accountLabel } from '../account-label.ts'
import { RichText } from '../../ui/rich-text.tsx'
import type { Reader } from '../reader.ts'
import type { WaitingAccount } from '../step-history.ts'

/** Whose account it is that will be associated: at a shared computer it may be somebody else's. */
export function AccountName(props: {
  readonly reader: Reader
  readonly account: WaitingAccount
}): JSX.Element | null {
  const { reader, account } = props
  const label = accountLabel(reader.session.value, account)
  if (label === '') return null
  const provider = reader.providerName(account.provider)
  return (
    <p>
      <RichText
        of="signIn.associateAs"
        with={{ provider, account: <bdi class="ref">{label}</bdi> }}
      />
    </p>
  )
}
