import type { JSX } from 'preact'
import { text } from '../../ui/text.ts'
import type { ProviderView } from '../../../core/api/messages.ts'
import type { Reader } from '../reader.ts'

/** Leads those without an account to making one; coming back, it is associated with their address. */
export function CreateAccount(props: {
  readonly reader: Reader
  readonly provider: ProviderView
}): JSX.Element {
  const { reader, provider } = props
  return (
    <div>
      <button
        type="button"
        aria-describedby="create-hint"
        onClick={() => void reader.signInWith(provider.id, 'create')}
      >
        {text('signIn.createAccount', { provider: provider.name })}
      </button>
      <p class="hint" id="create-hint">
        {text('signIn.createHint', { provider: provider.name })}
      </p>
    </div>
  )
}
