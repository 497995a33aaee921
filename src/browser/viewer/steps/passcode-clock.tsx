import { useEffect } from 'preact/hooks'
import type { JSX } from 'preact'
import { announce } from '../../ui/announce.tsx'
import { formatTime } from '../../ui/format.ts'
import { text } from '../../ui/text.ts'
import { useNow } from './use-now.ts'

/** Said this long before a passcode ends; a new one can be asked for. WCAG 2.2 §2.2.1 */
const warnBeforeMs = 2 * 60 * 1000

/** Until when the passcode holds and how many tries are left; its end is announced before it comes. */
export function PasscodeClock(props: {
  readonly expiresAtMs: number
  readonly triesLeft: number
}): JSX.Element {
  const leftMs = props.expiresAtMs - useNow(1000)
  const state = leftMs <= 0 ? 'ended' : leftMs <= warnBeforeMs ? 'soon' : 'valid'
  const minutes = Math.max(1, Math.ceil(leftMs / 60_000))
  useEffect(() => {
    if (state === 'soon') announce(text('reader.codeEndsSoon', { minutes }))
    if (state === 'ended') announce(text('reader.codeEnded'))
  }, [state])
  return (
    <p class={state === 'valid' ? 'hint' : 'wrong'} id="passcode-hint">
      {state === 'valid' &&
        text('reader.codeValid', { time: formatTime(props.expiresAtMs), tries: props.triesLeft })}
      {state === 'soon' && text('reader.codeEndsSoon', { minutes })}
      {state === 'ended' && text('reader.codeEnded')}
    </p>
  )
}
