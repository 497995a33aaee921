import type { JSX } from 'preact'
import { addText, text } from '../../ui/text.ts'
import { AccountName } from './account-name.tsx'
import type { Reader } from '../reader.ts'
import type { WaitingAccount } from '../step-history.ts'

/** With its sentences: after a reload they are not there yet. */
export async function loadAssociationNotice(): Promise<typeof AssociationNotice> {
  await addText('ways')
  return AssociationNotice
}

/** What the passcode changes, for which account, and the way out when it is somebody else's. */
function AssociationNotice(props: {
  readonly reader: Reader
  readonly account: WaitingAccount
}): JSX.Element {
  const { reader, account } = props
  const provider = reader.providerName(account.provider)
  return (
    <div class="notice stack">
      <AccountName reader={reader} account={account} />
      <p>{text('signIn.associateAfter', { provider })}</p>
      <button
        type="button"
        class="quiet"
        onClick={() => void reader.signInWith(account.provider, 'choose')}
      >
        {text('signIn.otherAccount', { provider })}
      </button>
    </div>
  )
}
