import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { announce } from '../ui/announce.tsx'
import { locale, text } from '../ui/text.ts'
import { Working } from '../ui/working.tsx'
import { rememberWay } from '../viewer/last-way.ts'
import { TroubleNotice } from '../viewer/steps/trouble-notice.tsx'
import type { Refusal } from '../viewer/portal-request.ts'
import { createPasskeyApi } from './passkey-api.ts'
import { supportsPasskeys } from './supports-passkeys.ts'

interface PasskeyOfferProps {
  /** The address that the message was released to. */
  readonly address: string
  readonly organisation: string
}

type State = 'hidden' | 'offered' | 'busy' | 'made' | 'exists' | 'cancelled' | Refusal

/** Below a message, quietly: next time without a passcode. Only where this session may make one. */
export function PasskeyOffer({ address, organisation }: PasskeyOfferProps): JSX.Element | null {
  const [state, setState] = useState<State>('hidden')
  const passkeys = createPasskeyApi(fetch.bind(globalThis))
  const look = async (): Promise<void> => {
    const answer = await passkeys.list()
    if (answer.ok && answer.value.makeable.includes(address)) setState('offered')
  }
  useEffect(() => {
    if (!supportsPasskeys()) return
    void look()
  }, [address])
  const make = async (): Promise<void> => {
    setState('busy')
    const made = await passkeys.make(address, locale.value)
    setState(made)
    if (made === 'made' || made === 'exists') rememberWay('passkey')
    if (made === 'made') announce(text('signIn.passkeyMade'))
  }
  if (state === 'hidden') return null
  if (state === 'made' || state === 'exists')
    return (
      <p class="soft small offer">
        {text(state === 'made' ? 'signIn.passkeyMade' : 'signIn.passkeyExists')}
      </p>
    )
  return (
    <div class="offer">
      <p class="soft small">
        <b>{text('signIn.passkeyOffer')}</b> {text('signIn.passkeyOfferHow', { address })}
      </p>
      {state === 'cancelled' && (
        <p class="soft small" role="status">
          {text('signIn.passkeyNotMade')}
        </p>
      )}
      {typeof state === 'object' && <TroubleNotice trouble={state} organisation={organisation} />}
      {state === 'busy' ? (
        <Working what={text('frame.loading')} />
      ) : (
        <button type="button" class="small" onClick={() => void make()}>
          {text('signIn.passkeyMake')}
        </button>
      )}
    </div>
  )
}
