import { useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { Seal } from '../../ui/seal.tsx'
import { text } from '../../ui/text.ts'
import { useHeadingFocus } from '../../ui/use-heading-focus.ts'
import { Working } from '../../ui/working.tsx'
import { AccountName } from './account-name.tsx'
import { TroubleNotice } from './trouble-notice.tsx'
import type { Reader } from '../reader.ts'
import type { WaitingAccount } from '../step-history.ts'
import type { Trouble } from '../step.ts'

/** An account that does not prove the address: why one passcode is asked for, and what it changes. */
export function AssociateStep(props: {
  readonly reader: Reader
  readonly account: WaitingAccount
}): JSX.Element {
  const { reader } = props
  const heading = useHeadingFocus()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const provider = reader.providerName(props.account.provider)
  const send = async (): Promise<void> => {
    if (busy) return
    setBusy(true)
    setTrouble(await reader.wantPasscode())
    setBusy(false)
  }
  return (
    <div class="sheet narrow stack">
      <Seal />
      <h1 ref={heading} tabIndex={-1}>
        {text('signIn.associateTitle')}
      </h1>
      <AccountName reader={reader} account={props.account} />
      <p>{text('signIn.associateWhy', { provider })}</p>
      <p>{text('signIn.associateThen', { provider })}</p>
      <button type="button" class="primary" onClick={() => void send()}>
        {text('reader.sendPasscode')}
      </button>
      {busy && <Working what={text('frame.loading')} />}
      {trouble !== null && (
        <TroubleNotice
          trouble={trouble}
          organisation={reader.description.value?.organisation.name ?? ''}
        />
      )}
      <button
        type="button"
        onClick={() => void reader.signInWith(props.account.provider, 'choose')}
      >
        {text('signIn.otherAccount', { provider })}
      </button>
      <button type="button" class="quiet" onClick={reader.chooseOtherWay}>
        {text('signIn.otherWay')}
      </button>
      <p class="hint">{text('signIn.associateRemove')}</p>
    </div>
  )
}
