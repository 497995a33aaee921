import { useLayoutEffect, useRef } from 'preact/hooks'
import type { JSX, RefObject } from 'preact'
import type { Composer } from '../composer.ts'
import type { WritingDesk } from '../writing-desk.ts'

/** Plain text. */
export function PlainField(props: {
  readonly composer: Composer
  readonly desk: RefObject<WritingDesk | null>
}): JSX.Element {
  const { composer, desk } = props
  const field = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    desk.current = {
      flush: () => undefined,
      focus: () => field.current?.focus(),
      insertPicture: null,
    }
    return () => {
      desk.current = null
    }
  }, [])
  return (
    <textarea
      ref={field}
      class="written"
      dir="auto"
      aria-labelledby="written-label"
      rows={8}
      value={composer.draft.value.written}
      onInput={event => composer.change({ written: event.currentTarget.value })}
    />
  )
}
