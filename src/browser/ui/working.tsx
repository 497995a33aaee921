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
}

/** Says what is happening once a wait gets noticeable, with real progress where there is one. */
export function Working(props: WorkingProps): JSX.Element {
  const shown = useAfter(quietMs)
  if (!shown) return <div class="working" />
  const { done, total } = props
  const counted = done !== undefined && total !== undefined
  return (
    <div class="working" role="status">
      <p class="soft">{props.what}</p>
      <progress aria-label={props.what} {...(counted ? { value: done, max: total } : {})} />
      {counted && (
        <p class="soft small" aria-hidden="true">
          {text('reader.progress', { done: formatBytes(done), total: formatBytes(total) })}
        </p>
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
