import { useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { text } from '../../ui/text.ts'
import {
  BoldIcon,
  BulletsIcon,
  ClearIcon,
  ItalicIcon,
  LinkIcon,
  NumbersIcon,
  PictureIcon,
  QuoteIcon,
  UnderlineIcon,
} from '../composer-icons.tsx'
import { PICTURE_TYPES } from './picture-types.ts'
import { rove } from './rove.ts'
import type { Format } from './rich-editor.ts'

interface FormatBarProps {
  /** Those that hold at the cursor. */
  readonly formats: ReadonlySet<Format>
  readonly onFormat: (format: Format) => void
  readonly onClear: () => void
  readonly onPictures: (files: readonly File[]) => void
}

const formats: readonly {
  readonly format: Format
  readonly Icon: () => JSX.Element
  readonly key?: string
}[] = [
  { format: 'bold', Icon: BoldIcon, key: 'B' },
  { format: 'italic', Icon: ItalicIcon, key: 'I' },
  { format: 'underline', Icon: UnderlineIcon, key: 'U' },
  { format: 'bullets', Icon: BulletsIcon },
  { format: 'numbers', Icon: NumbersIcon },
  { format: 'quote', Icon: QuoteIcon },
  { format: 'link', Icon: LinkIcon, key: 'K' },
]
const buttonCount = formats.length + 2

/** One stop of the Tab key; arrows lead from button to button. */
export function FormatBar(props: FormatBarProps): JSX.Element {
  const bar = useRef<HTMLDivElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const [at, setAt] = useState(0)
  const move = (event: KeyboardEvent): void => {
    const next = rove(event.key, at, buttonCount, document.documentElement.dir === 'rtl')
    if (next === null) return
    event.preventDefault()
    setAt(next)
    bar.current?.querySelectorAll('button')[next]?.focus()
  }
  const button = (
    place: number,
    label: string,
    Icon: () => JSX.Element,
    more: JSX.IntrinsicElements['button'],
  ): JSX.Element => (
    <button
      type="button"
      key={label}
      tabIndex={place === at ? 0 : -1}
      aria-label={label}
      title={label}
      onFocus={() => setAt(place)}
      {...more}
    >
      <Icon />
    </button>
  )
  return (
    <div
      class="formats"
      role="toolbar"
      aria-label={text('composer.formats')}
      ref={bar}
      onKeyDown={move}
      // The cursor stays in the text when a format is clicked.
      onMouseDown={event => event.preventDefault()}
    >
      {formats.map(({ format, Icon, key }, place) =>
        button(place, text(`composer.${format}`), Icon, {
          'aria-pressed': props.formats.has(format),
          'aria-keyshortcuts': key === undefined ? undefined : shortcut(key),
          onClick: () => props.onFormat(format),
        }),
      )}
      {button(formats.length, text('composer.clear'), ClearIcon, { onClick: props.onClear })}
      {button(formats.length + 1, text('composer.picture'), PictureIcon, {
        onClick: () => picker.current?.click(),
      })}
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept={PICTURE_TYPES.join()}
        onChange={event => {
          props.onPictures([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}

function shortcut(key: string): string {
  return `${/Mac|iP/.test(navigator.platform) ? 'Meta' : 'Control'}+${key}`
}
