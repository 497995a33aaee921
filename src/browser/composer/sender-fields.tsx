import type { JSX } from 'preact'
import { MAX_WRITER_NAME_CHARACTERS } from '../../core/reply/limits.ts'
import { text } from '../ui/text.ts'
import type { Composer } from './composer.ts'

/** How the writer is called, and whether they get a copy. */
export function SenderFields(props: {
  readonly composer: Composer
  readonly address: string
}): JSX.Element {
  const { composer, address } = props
  const { writerName, copyToWriter } = composer.draft.value
  return (
    <div class="sender-fields">
      <div>
        <label for="writer-name">{text('composer.name')}</label>
        <input
          id="writer-name"
          type="text"
          dir="auto"
          autocomplete="name"
          maxLength={MAX_WRITER_NAME_CHARACTERS}
          value={writerName}
          aria-describedby="writer-name-hint"
          onInput={event => composer.change({ writerName: event.currentTarget.value })}
        />
        <p class="hint" id="writer-name-hint">
          {text('composer.nameHint', { address })}
        </p>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={copyToWriter}
          onChange={event => composer.change({ copyToWriter: event.currentTarget.checked })}
        />
        <span>
          {text('composer.copy')}
          <small class="block soft">{text('composer.copyHint', { address })}</small>
        </span>
      </label>
    </div>
  )
}
