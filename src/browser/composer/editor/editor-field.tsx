import { useState } from 'preact/hooks'
import type { JSX, RefObject } from 'preact'
import { text } from '../../ui/text.ts'
import { Ask } from '../ask.tsx'
import { htmlToText } from '../quote/html-to-text.ts'
import { cleanWritten } from './clean-written.ts'
import { PlainField } from './plain-field.tsx'
import { RichField } from './rich-field.tsx'
import { isFormatted, textToHtml } from './written-formats.ts'
import type { Composer } from '../composer.ts'
import type { WritingDesk } from '../writing-desk.ts'

interface EditorFieldProps {
  readonly composer: Composer
  readonly desk: RefObject<WritingDesk | null>
}

/** Where the text is written: with formats, or plain. */
export function EditorField({ composer, desk }: EditorFieldProps): JSX.Element {
  const { format } = composer.draft.value
  const [asks, setAsks] = useState(false)
  const makePlain = (): void => {
    setAsks(false)
    desk.current?.flush()
    composer.change({ format: 'text', written: toText(composer.draft.value.written) })
    requestAnimationFrame(() => desk.current?.focus())
  }
  const change = (plain: boolean): void => {
    desk.current?.flush()
    const { written } = composer.draft.value
    if (!plain) composer.change({ format: 'html', written: textToHtml(written) })
    else if (isFormatted(written)) setAsks(true)
    else makePlain()
  }
  const Field = format === 'html' ? RichField : PlainField
  return (
    <div class="written-part">
      <span class="label" id="written-label">
        {text('composer.text')}
      </span>
      <Field key={format} composer={composer} desk={desk} />
      <label class="check small soft">
        <input
          type="checkbox"
          checked={format === 'text'}
          onChange={event => {
            change(event.currentTarget.checked)
            // Until it is agreed to, it is not so.
            event.currentTarget.checked = composer.draft.value.format === 'text'
          }}
        />
        {text('composer.plain')}
      </label>
      {asks && (
        <Ask
          question={text('composer.plainAsk')}
          yes={text('composer.plainYes')}
          no={text('composer.plainNo')}
          onYes={makePlain}
          onNo={() => {
            setAsks(false)
            desk.current?.focus()
          }}
        />
      )}
    </div>
  )
}

function toText(written: string): string {
  return htmlToText(cleanWritten(written, { picture: () => null }))
}
