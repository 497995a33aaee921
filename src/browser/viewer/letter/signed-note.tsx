import type { JSX } from 'preact'
import { text } from '../../ui/text.ts'
import { cryptoName } from './crypto-name.ts'

/** The mail brings a signature of its own. */
export function SignedNote(props: { readonly kind: 'smime' | 'openpgp' }): JSX.Element {
  return <p class="soft small">{text('message.signed', { kind: cryptoName(props.kind) })}</p>
}
