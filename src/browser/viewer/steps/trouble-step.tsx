import type { JSX } from 'preact'
import { Seal } from '../../ui/seal.tsx'
import { text } from '../../ui/text.ts'
import { useHeadingFocus } from '../../ui/use-heading-focus.ts'
import { troubleWords } from './trouble-notice.tsx'
import type { PageConfig } from '../../ui/page-config.ts'
import type { Reader } from '../reader.ts'
import type { Trouble } from '../step.ts'

/** Nothing that this page could do again would change it. */
const final: ReadonlySet<Trouble['code']> = new Set(['expired', 'revoked', 'unknown-key'])
/** The file itself may still be good: another copy of it is the next step. */
const fileMayHelp: ReadonlySet<Trouble['code']> = new Set([
  'bad-envelope',
  'altered-content',
  'damaged-message',
  'bad-signature',
  'wrong-key',
  'wrong-host',
  'too-large',
])

/** Then `online` is what the reader waits for, and goes on by itself. */
function isDisconnected({ code }: Trouble): boolean {
  return code === 'offline' && !navigator.onLine
}

/** The message cannot be shown: what happened, whose turn it is, the next step. */
export function TroubleStep(props: {
  readonly reader: Reader
  readonly config: PageConfig
  readonly trouble: Trouble
}): JSX.Element {
  const { reader, trouble } = props
  const heading = useHeadingFocus()
  const organisation = reader.description.value?.organisation ?? props.config.organisation
  const [what, next] = isDisconnected(trouble)
    ? [text('errors.disconnected'), text('errors.disconnected-next')]
    : troubleWords(trouble, organisation.name)
  return (
    <div class="sheet narrow stack" role="alert">
      <Seal />
      <h1 ref={heading} tabIndex={-1}>
        {what}
      </h1>
      <p>{next}</p>
      {fileMayHelp.has(trouble.code) && (
        <a class="button primary" href="/open">
          {text('errors.openFile')}
        </a>
      )}
      {!final.has(trouble.code) && !fileMayHelp.has(trouble.code) && (
        <button type="button" class="primary" onClick={() => void reader.retry()}>
          {text('errors.retry')}
        </button>
      )}
      <p class="soft small">{text('errors.code', { code: trouble.code })}</p>
    </div>
  )
}
