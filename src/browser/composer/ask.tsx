import { useEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'

/** A question before something is lost; the focus is on what loses nothing. */
export function Ask(props: {
  readonly question: string
  readonly yes: string
  readonly no: string
  readonly onYes: () => void
  readonly onNo: () => void
}): JSX.Element {
  const keep = useRef<HTMLButtonElement>(null)
  useEffect(() => keep.current?.focus(), [])
  return (
    <div class="notice warn row" role="group" aria-label={props.question}>
      <p role="alert">{props.question}</p>
      <div class="pair">
        <button type="button" ref={keep} onClick={props.onNo}>
          {props.no}
        </button>
        <button type="button" onClick={props.onYes}>
          {props.yes}
        </button>
      </div>
    </div>
  )
}
