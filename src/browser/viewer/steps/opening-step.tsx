import type { JSX } from 'preact'
import { Seal } from '../../ui/seal.tsx'
import { text } from '../../ui/text.ts'
import { useHeadingFocus } from '../../ui/use-heading-focus.ts'
import { Working } from '../../ui/working.tsx'
import type { Reader } from '../reader.ts'
import type { LetterStage } from '../show-message.ts'

/** From the portal's answer to the letter; short for most messages. */
export function OpeningStep(props: {
  readonly reader: Reader
  readonly stage: LetterStage
}): JSX.Element {
  const { reader, stage } = props
  const heading = useHeadingFocus()
  return (
    <div class="sheet narrow">
      <Seal />
      <h1 ref={heading} tabIndex={-1}>
        {text('reader.openingTitle')}
      </h1>
      <Working
        what={wordsOf(stage)}
        onCancel={reader.stopOpening}
        {...(stage.done === undefined || stage.total === undefined
          ? {}
          : { done: stage.done, total: stage.total })}
      />
    </div>
  )
}

function wordsOf(stage: LetterStage): string {
  switch (stage.name) {
    case 'key':
      return text('reader.stepKey')
    case 'decrypt':
      return text('reader.stepDecrypt')
    case 'read':
      return text('reader.stepRead')
  }
}
