import { Fragment } from 'preact'
import type { ComponentChildren, JSX } from 'preact'
import { text } from './text.ts'
import type { TextKey } from './text.ts'

/** Marks where an element stands in a sentence; private-use characters that no sentence has. */
const open = '\u{F0000}'
const close = '\u{F0001}'

interface RichTextProps {
  readonly of: TextKey
  /** Elements for some of the sentence's places. */
  readonly with: Readonly<Record<string, ComponentChildren>>
  readonly values?: Readonly<Record<string, string | number>>
}

/** A sentence with elements in it, in the order that the language puts them. */
export function RichText(props: RichTextProps): JSX.Element {
  const places = Object.keys(props.with)
  const marks = Object.fromEntries(places.map((name, i) => [name, `${open}${i}${close}`]))
  const parts = text(props.of, { ...props.values, ...marks }).split(
    new RegExp(`${open}(\\d+)${close}`, 'u'),
  )
  return (
    <>
      {parts.map((part, i) => (
        <Fragment key={i}>{i % 2 === 0 ? part : props.with[places[Number(part)] ?? '']}</Fragment>
      ))}
    </>
  )
}
