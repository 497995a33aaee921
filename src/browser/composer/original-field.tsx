import { useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { text } from '../ui/text.ts'
import { MessageFrame } from '../viewer/body/message-frame.tsx'
import { useFrameLook } from '../viewer/body/use-frame-look.ts'
import type { Letter } from '../viewer/letter/letter.ts'
import type { Composer } from './composer.ts'

/** What goes along below the text: shown as a letter is, to be read alone, and left out by choice. */
export function OriginalField(props: {
  readonly composer: Composer
  readonly letter: Letter | null
}): JSX.Element {
  const { composer, letter } = props
  const [open, setOpen] = useState(false)
  if (letter === null || composer.original === 'none' || composer.original === 'too-long')
    return <p class="hint">{text('composer.noOriginal')}</p>
  return (
    <div class="quoted">
      <label class="check">
        <input
          type="checkbox"
          checked={composer.draft.value.quoted}
          onChange={event => composer.change({ quoted: event.currentTarget.checked })}
        />
        {text('composer.withOriginal')}
      </label>
      <details onToggle={event => setOpen(event.currentTarget.open)}>
        <summary>{text('composer.original')}</summary>
        {open && <Original letter={letter} />}
      </details>
    </div>
  )
}

function Original({ letter }: { readonly letter: Letter }): JSX.Element {
  return <MessageFrame letter={letter} look={useFrameLook(true)} onDrawn={() => undefined} />
}
