import type { JSX } from 'preact'
import { text } from '../../ui/text.ts'
import type { Reader } from '../reader.ts'

/** Stay signed in here? Asked once, for every way in. */
export function PrivateComputer({ reader }: { readonly reader: Reader }): JSX.Element {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={reader.privateComputer.value}
        aria-describedby="private-hint"
        onChange={event => {
          reader.privateComputer.value = event.currentTarget.checked
        }}
      />
      <span>
        {text('reader.private')}
        <span class="hint block" id="private-hint">
          {text('reader.privateHint')}
        </span>
      </span>
    </label>
  )
}
