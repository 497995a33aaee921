import { useState } from 'preact/hooks'
import type { ComponentType, JSX } from 'preact'
import { lazyPart } from '../../ui/lazy.tsx'
import { addText, text } from '../../ui/text.ts'
import { MessageFrame } from '../body/message-frame.tsx'
import { useFrameLook } from '../body/use-frame-look.ts'
import { fileNameOf } from './file-name-of.ts'
import { Original } from './original.tsx'
import type { LazyPart } from '../../ui/lazy.tsx'
import type { TextPage } from '../../ui/text.ts'
import type { FrameDocument } from '../body/frame-document.ts'
import type { Letter } from './letter.ts'

function withText<Props extends object>(
  page: TextPage,
  load: () => Promise<ComponentType<Props>>,
): LazyPart<Props> {
  return lazyPart(async () => (await Promise.all([load(), addText(page)]))[0])
}

const remote = withText('attached', async () => (await import('./remote-notice.tsx')).RemoteNotice)
const attachments = withText(
  'attached',
  async () => (await import('./attachments.tsx')).Attachments,
)
const remarks = withText('attached', async () => (await import('./remarks.tsx')).Remarks)
const signed = withText('attached', async () => (await import('./signed-note.tsx')).SignedNote)
const leading = withText(
  'cards',
  async () => (await import('./cards/leading-cards.tsx')).LeadingCards,
)

interface LetterContentProps {
  readonly letter: Letter
  /** The mail itself, byte for byte. */
  readonly mail: Blob
  readonly subject: string
  /** Opens an attached message; null when it would lie too deep. */
  readonly onOpen: ((attachment: number) => void) | null
}

/** What a letter says and carries, below the lines that say who wrote to whom. */
export function LetterContent({ letter, mail, subject, onOpen }: LetterContentProps): JSX.Element {
  const [drawn, setDrawn] = useState<FrameDocument | null>(null)
  const [ownColours, setOwnColours] = useState(true)
  const look = useFrameLook(ownColours)
  const name = fileNameOf(subject)
  const isMore = letter.invitation !== null || letter.report !== null
  return (
    <>
      {(letter.warnings.length > 0 || letter.encryption !== 'none') && (
        <remarks.Part letter={letter} />
      )}
      {isMore && <leading.Part letter={letter} />}
      {drawn?.coloured === true && <ColourSwitch on={ownColours} onChange={setOwnColours} />}
      {letter.sections.length > 0 && (
        <MessageFrame letter={letter} look={look} onDrawn={setDrawn} />
      )}
      {(letter.sections.length === 0 || drawn?.blank === true) && (
        <p class="soft">{text('message.empty')}</p>
      )}
      {drawn !== null && Object.keys(drawn.remote).length > 0 && (
        <remote.Part counts={drawn.remote} />
      )}
      {letter.attachments.length > 0 && (
        <section class="attached" aria-labelledby="attachments">
          <h2 id="attachments">{text('message.attachments')}</h2>
          <attachments.Part letter={letter} zipName={`${name}.zip`} onOpen={onOpen} />
        </section>
      )}
      <footer class="end">
        {letter.signature !== 'none' && <signed.Part kind={letter.signature} />}
        <Original mail={mail} name={`${name}.eml`} />
      </footer>
    </>
  )
}

function ColourSwitch(props: {
  readonly on: boolean
  readonly onChange: (on: boolean) => void
}): JSX.Element {
  return (
    <label class="check small colours">
      <input
        type="checkbox"
        checked={props.on}
        onChange={event => props.onChange(event.currentTarget.checked)}
      />
      {text('message.ownColours')}
    </label>
  )
}
