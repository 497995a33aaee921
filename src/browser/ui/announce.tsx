import { signal } from './signal.ts'
import type { JSX } from 'preact'

const polite = signal('')

/** Has a screen reader say `sentence` when it has finished what it is saying. */
export function announce(sentence: string): void {
  // The same words twice are a change only when something differs.
  polite.value = polite.value === sentence ? `${sentence}\u00a0` : sentence
}

/** The live region; stands once on every page, before anything is announced. */
export function Announcer(): JSX.Element {
  return (
    <div class="spoken" role="status" aria-live="polite">
      {polite.value}
    </div>
  )
}
