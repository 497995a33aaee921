import { useEffect, useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { text } from '../../ui/text.ts'
import { linkAddress } from './link-address.ts'
import type { RichEditor } from './rich-editor.ts'

/** Where a link leads: set, changed or taken away. Escape leaves it as it was. */
export function LinkForm(props: {
  readonly editor: RichEditor
  readonly onDone: () => void
}): JSX.Element {
  const { editor, onDone } = props
  const field = useRef<HTMLInputElement>(null)
  const [before] = useState(editor.linked)
  const [wrong, setWrong] = useState(false)
  useEffect(() => field.current?.select(), [])
  const set = (address: string | null): void => {
    onDone()
    editor.link(address)
  }
  const take = (): void => {
    const address = linkAddress(field.current?.value ?? '')
    setWrong(address === null)
    if (address === null) field.current?.focus()
    else set(address)
  }
  return (
    <div
      class="link-form"
      role="group"
      aria-label={text('composer.link')}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        onDone()
        editor.focus()
      }}
    >
      <label for="link-address">{text('composer.linkAddress')}</label>
      <div class="add">
        <input
          id="link-address"
          ref={field}
          type="text"
          inputMode="url"
          dir="ltr"
          autocapitalize="off"
          autocomplete="off"
          spellcheck={false}
          defaultValue={before}
          aria-invalid={wrong}
          aria-describedby="link-wrong"
          onKeyDown={event => {
            if (event.isComposing || event.key !== 'Enter') return
            event.preventDefault()
            take()
          }}
        />
        <button type="button" onClick={take}>
          {text('composer.linkSet')}
        </button>
        {before !== '' && (
          <button type="button" onClick={() => set(null)}>
            {text('composer.linkRemove')}
          </button>
        )}
      </div>
      <p class="wrong" id="link-wrong" role="alert">
        {wrong && text('composer.linkWrong')}
      </p>
    </div>
  )
}
