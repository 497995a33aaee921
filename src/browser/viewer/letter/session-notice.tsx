import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { text } from '../../ui/text.ts'
import type { Reader } from '../reader.ts'

/** Said this long before the session ends, and again each minute. WCAG 2.2 §2.2.1 asks for 20 seconds. */
const warnBeforeMs = 2 * 60 * 1000
const lookEveryMs = 1000

/** Announces the end of the session before it comes, and offers to go on. */
export function SessionNotice({ reader }: { readonly reader: Reader }): JSX.Element | null {
  const [leftMs, setLeftMs] = useState(Number.POSITIVE_INFINITY)
  const session = reader.session.value
  useEffect(() => {
    if (session === null) return undefined
    const end = Math.min(session.idleUntilMs, session.endsAtMs)
    const look = (): void => {
      setLeftMs(end - Date.now())
      if (Date.now() >= end) void reader.close('session-ended')
    }
    look()
    const timer = setInterval(look, lookEveryMs)
    return () => clearInterval(timer)
  }, [session])
  if (session === null || leftMs > warnBeforeMs) return null
  const extendable = session.endsAtMs > session.idleUntilMs
  return (
    <div class="notice warn row" role="alert">
      <p>{text('message.sessionEndsSoon', { minutes: Math.max(1, Math.ceil(leftMs / 60_000)) })}</p>
      {extendable && (
        <button type="button" onClick={() => void reader.stay()}>
          {text('message.stay')}
        </button>
      )}
    </div>
  )
}
