import { useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { supportsPasskeys } from '../../passkeys/supports-passkeys.ts'
import { formatList } from '../../ui/format.ts'
import { Seal } from '../../ui/seal.tsx'
import { lazyPart } from '../../ui/lazy.tsx'
import { addText, text } from '../../ui/text.ts'
import { useHeadingFocus } from '../../ui/use-heading-focus.ts'
import { lastWay } from '../last-way.ts'
import { MessageFacts } from './message-facts.tsx'
import { idOf, orderWays } from './order-ways.ts'
import { PrivateComputer } from './private-computer.tsx'
import { TroubleNotice } from './trouble-notice.tsx'
import { WayButton } from './way-button.tsx'
import type { SignInOutcome } from '../../../core/api/sign-in-results.ts'
import type { DescribeAnswer } from '../../../core/api/messages.ts'
import type { Reader } from '../reader.ts'
import type { Trouble } from '../step.ts'
import type { OfferedWay } from './order-ways.ts'

const notes = lazyPart(async () => {
  const [{ ChooseNotes }] = await Promise.all([import('./choose-notes.tsx'), addText('ways')])
  return ChooseNotes
})
const create = lazyPart(async () => {
  const [{ CreateAccount }] = await Promise.all([import('./create-account.tsx'), addText('ways')])
  return CreateAccount
})

/** The first page: who wrote to me, is it real, what do I do now, who sees what I do. */
export function ChooseStep(props: {
  readonly reader: Reader
  readonly trouble: Trouble | null
  readonly outcome: SignInOutcome | null
}): JSX.Element | null {
  const { reader, trouble, outcome } = props
  const heading = useHeadingFocus()
  const description = reader.description.value
  if (description === null) return null
  const { sender, organisation, assurance, external } = description
  const known = reader.session.value?.addresses ?? []
  // Whoever writes from outside may call themselves anything: their address alone was verified.
  const name = sender.name === '' || external ? sender.address : sender.name
  return (
    <div class="sheet narrow stack">
      <Seal />
      <h1 ref={heading} tabIndex={-1}>
        {text('reader.from', { name })}
      </h1>
      <MessageFacts description={description} />
      {trouble !== null && <TroubleNotice trouble={trouble} organisation={organisation.name} />}
      {(outcome !== null || assurance !== 'mailbox') && (
        <notes.Part reader={reader} description={description} outcome={outcome} />
      )}
      {known.length > 0 && (
        <p class="soft small">{text('reader.signedInAs', { addresses: formatList(known) })}</p>
      )}
      <Ways reader={reader} description={description} trouble={trouble} outcome={outcome} />
    </div>
  )
}

function Ways(props: {
  readonly reader: Reader
  readonly description: DescribeAnswer
  readonly trouble: Trouble | null
  readonly outcome: SignInOutcome | null
}): JSX.Element {
  const { reader, description, trouble, outcome } = props
  const { methods, organisation } = description
  const [opened, setOpened] = useState(false)
  const down = outcome?.result === 'provider-down' ? outcome.provider : null
  const known = { last: lastWay(), down, passkeys: supportsPasskeys() }
  const { shown, more } = orderWays(description, known)
  const tooWeak = trouble?.code === 'assurance-too-low'
  const picks = (way: OfferedWay): boolean =>
    tooWeak || (outcome?.result === 'account-refused' && outcome.provider === idOf(way))
  const creatable = methods.providers.find(({ canCreate }) => canCreate)
  if (shown.length === 0 && more.length === 0)
    return <p>{text('reader.noMethod', { organisation: organisation.name })}</p>
  return (
    <>
      <p>{text('reader.show')}</p>
      {shown.map((way, i) => (
        <WayButton
          key={idOf(way)}
          reader={reader}
          way={way}
          look={i === 0 ? 'primary' : ''}
          pick={picks(way)}
        />
      ))}
      {methods.providers.length > 0 && <PrivateComputer reader={reader} />}
      {(more.length > 0 || creatable !== undefined) && (
        <details class="more" onToggle={() => setOpened(true)}>
          <summary>{text('reader.otherWays')}</summary>
          <div class="stack">
            {more.map(way => (
              <WayButton key={idOf(way)} reader={reader} way={way} look="" pick={picks(way)} />
            ))}
            {opened && creatable !== undefined && (
              <create.Part reader={reader} provider={creatable} />
            )}
          </div>
        </details>
      )}
      <p class="notice">
        {text(methods.providers.length > 0 ? 'reader.whoSees' : 'reader.whoSeesCode')}
      </p>
    </>
  )
}
