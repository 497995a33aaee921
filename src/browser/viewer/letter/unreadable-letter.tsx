import type { JSX } from 'preact'
import { text } from '../../ui/text.ts'
import { Original } from './original.tsx'
import type { ShownLetter } from '../show-message.ts'

/** A genuine mail that cannot be shown: another program may. */
export function UnreadableLetter({ mail, why }: Pick<ShownLetter, 'mail' | 'why'>): JSX.Element {
  return (
    <>
      <p>
        {text(why === 'time-limit' ? 'message.cannotDisplayTime' : 'message.cannotDisplayNext')}
      </p>
      <Original mail={mail} name="message.eml" primary />
    </>
  )
}
