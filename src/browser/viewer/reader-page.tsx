import { useEffect } from 'preact/hooks'
import type { JSX } from 'preact'
import { lazyPart } from '../ui/lazy.tsx'
import { PageFrame } from '../ui/page-frame.tsx'
import type { PageConfig } from '../ui/page-config.ts'
import { addText, text } from '../ui/text.ts'
import { Working } from '../ui/working.tsx'
import { ChooseStep } from './steps/choose-step.tsx'
import type { Reader } from './reader.ts'

interface ReaderPageProps {
  readonly reader: Reader
  readonly config: PageConfig
}

/** Draws the step that the reader stands at. */
export function ReaderPage({ reader, config }: ReaderPageProps): JSX.Element {
  const { kind } = reader.step.value
  const organisation = reader.description.value?.organisation ?? config.organisation
  useEffect(() => {
    if (['choose', 'associate', 'which'].includes(kind)) proof.preload()
    if (['choose', 'associate'].includes(kind) && reader.description.value?.recipients.length !== 1)
      which.preload()
    if (kind === 'opening') letter.preload()
    if (kind === 'letter') last.preload() // a session ends offline as well
  }, [kind])
  return (
    <PageFrame
      organisation={organisation}
      portalHost={config.portalHost}
      title={kind === 'letter' ? undefined : text('reader.documentTitle')}
      wide={kind === 'letter'}
    >
      <CurrentStep key={kind} reader={reader} config={config} />
    </PageFrame>
  )
}

/** What comes after the first decision; loaded while the person makes it. */
const which = lazyPart(async () => {
  const [{ WhichStep }] = await Promise.all([import('./steps/which-step.tsx'), addText('which')])
  return WhichStep
})
const associate = lazyPart(async () => {
  const [{ AssociateStep }] = await Promise.all([
    import('./steps/associate-step.tsx'),
    addText('which'),
    addText('ways'),
  ])
  return AssociateStep
})
const proof = lazyPart(async () => {
  const [{ ProofStep }] = await Promise.all([import('./steps/proof-step.tsx'), addText('proof')])
  return ProofStep
})
const last = lazyPart(async () => {
  const [{ LastStep }] = await Promise.all([import('./steps/last-step.tsx'), addText('troubles')])
  return LastStep
})
/** What shows a letter is loaded while it is decrypted. */
const letter = lazyPart(async () => {
  const [{ MessagePage }] = await Promise.all([
    import('./letter/message-page.tsx'),
    addText('letter'),
  ])
  return MessagePage
})
/** Most readers never pick a file on this page. */
const pick = lazyPart(async () => {
  const [{ PickMessage }] = await Promise.all([
    import('../opener/pick-message.tsx'),
    addText('open'),
  ])
  return PickMessage
})

function CurrentStep({ reader, config }: ReaderPageProps): JSX.Element {
  const step = reader.step.value
  switch (step.kind) {
    case 'loading':
      return <Working what={text('frame.loading')} />
    case 'pick':
      return (
        <pick.Part
          organisation={config.organisation}
          reason={step.reason}
          onTaken={reader.takeMessage}
        />
      )
    case 'choose':
      return <ChooseStep reader={reader} trouble={step.trouble} outcome={step.outcome ?? null} />
    case 'associate':
      return <associate.Part reader={reader} account={step.account} />
    case 'letter':
      return <letter.Part reader={reader} shown={step.letter} />
    case 'which':
      return <which.Part reader={reader} />
    case 'code':
    case 'opening':
      return <proof.Part reader={reader} step={step} />
    case 'trouble':
    case 'closed':
      return <last.Part reader={reader} config={config} step={step} />
  }
}
