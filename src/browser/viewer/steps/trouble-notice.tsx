import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { formatWait } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { addText, text } from '../../ui/text.ts'
import type { TextKey } from '../../ui/text.ts'
import type { Trouble } from '../step.ts'

type TroubleKey = Extract<TextKey, `errors.${Trouble['code']}`>

/** What happened and what to do next, in two sentences; empty until `addText('troubles')` is there. */
export function troubleWords(trouble: Trouble, organisation: string): [string, string] {
  const key = keyOf(trouble.code)
  const wait = formatWait(trouble.retryAfterSeconds ?? 60)
  return [text(key), text(`${key}-next`, { organisation, wait })]
}

/** Its sentences are loaded when there is one; where they cannot be, the connection is the trouble, in words that are there. */
export function TroubleNotice(props: {
  readonly trouble: Trouble
  readonly organisation: string
}): JSX.Element | null {
  const [reached, setReached] = useState(true)
  useEffect(() => void addText('troubles').catch(() => setReached(false)), [])
  const trouble: Trouble = reached ? props.trouble : { code: 'offline' }
  const [what, next] = troubleWords(trouble, props.organisation)
  if (what === '') return null
  return (
    <Notice warn>
      <p>
        <strong>{what}</strong>
      </p>
      <p>{next}</p>
    </Notice>
  )
}

/** Codes that mean the same to a person share a sentence. */
function keyOf(code: Trouble['code']): TroubleKey {
  switch (code) {
    case 'unknown-stanza':
      return 'errors.unknown-version'
    case 'bad-record':
    case 'bad-recipient':
    case 'classical-escrow':
    case 'cannot-unwrap':
      return 'errors.bad-envelope'
    default:
      return `errors.${code}`
  }
}
