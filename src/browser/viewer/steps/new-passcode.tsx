import { useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { announce } from '../../ui/announce.tsx'
import { text } from '../../ui/text.ts'
import { useNow } from './use-now.ts'
import type { Reader } from '../reader.ts'
import type { AskedPasscode, Trouble } from '../step.ts'

/** A mail needs a moment; who asks again at once gets two codes and types the wrong one. */
const waitMs = 30_000

/** Asks for a new passcode to the same address, after a moment. */
export function NewPasscode(props: {
  readonly reader: Reader
  readonly asked: AskedPasscode
  readonly onSent: (reference: string) => void
  readonly onTrouble: (trouble: Trouble | null) => void
}): JSX.Element {
  const { reader, asked } = props
  const [busy, setBusy] = useState(false)
  const seconds = Math.ceil((asked.askedAtMs + waitMs - useNow(1000)) / 1000)
  const waiting = seconds > 0
  const ask = async (): Promise<void> => {
    if (waiting) announce(text('reader.newPasscodeWait', { seconds }))
    if (waiting || busy) return
    setBusy(true)
    const refusal = await reader.askPasscode(asked.recipient)
    setBusy(false)
    props.onTrouble(refusal)
    const step = reader.step.value
    if (refusal === null && step.kind === 'code') props.onSent(step.asked.answer.reference)
  }
  return (
    <div>
      <button
        type="button"
        aria-disabled={waiting}
        aria-describedby="new-passcode-wait"
        onClick={() => void ask()}
      >
        {text('reader.newPasscode')}
      </button>
      <p class="hint" id="new-passcode-wait">
        {waiting && text('reader.newPasscodeWait', { seconds })}
      </p>
    </div>
  )
}
