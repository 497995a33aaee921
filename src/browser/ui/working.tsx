import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { text } from './text.ts'
import { formatBytes } from './format.ts'

/** A wait that is shorter than this needs no words. */
const quietMs = 300

interface WorkingProps {
  readonly what: string
  /** Bytes; shown as real progress. */
  readonly done?: number
  readonly total?: number
  /** There is something to end; the button appears with the words. */
  readonly onCancel?: () => void
}

/** Says what is happening once a wait gets noticeable, with real progress where there is one. */
export function Working(props: WorkingProps): JSX.Element {
  const shown = useAfter(quietMs)
  if (!shown) return <div class="working" />
  const { done, total } = props
  const counted = done !== undefined && total !== undefined
  return (
    <div class="working">
      <p class="soft" role="status">
        {props.what}
      </p>
      <progress aria-label={props.what} {...(counted ? { value: done, max: total } : {})} />
      {counted && (
        <p class="soft small" aria-hidden="true">
          {text('reader.progress', { done: formatBytes(done), total: formatBytes(total) })}
        </p>
      )}
      {props.onCancel !== undefined && (
        <button type="button" class="quiet" onClick={props.onCancel}>
          {text('frame.cancel')}
        </button>
      )}
    </div>
  )
}

function useAfter(delayMs: number): boolean {
  const [passed, setPassed] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), delayMs)
    return () => clearTimeout(timer)
  }, [delayMs])
  return passed
}
