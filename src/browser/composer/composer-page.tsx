import './composer.css'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ComponentType, JSX } from 'preact'
import type { ReplyKind } from '../../core/reply/reply-head.ts'
import { announce } from '../ui/announce.tsx'
import { BackIcon } from '../ui/icons.tsx'
import { addText, text } from '../ui/text.ts'
import { Working } from '../ui/working.tsx'
import type { Reader } from '../viewer/reader.ts'
import type { ShownLetter } from '../viewer/show-message.ts'
import { AnswerForm } from './answer-form.tsx'
import { SentPage } from './sent-page.tsx'
import { startComposer } from './start-composer.ts'
import { useLeaveWarning } from './use-leave-warning.ts'
import type { Composer } from './composer.ts'
import type { Draft } from './draft.ts'
import type { WritingDesk } from './writing-desk.ts'

interface ComposerPageProps {
  readonly reader: Reader
  readonly shown: ShownLetter
  readonly kind: ReplyKind
}

/** The page and its words. */
export async function loadComposerPage(): Promise<ComponentType<ComposerPageProps>> {
  await Promise.all([addText('composer'), addText('unsent')])
  return ComposerPage
}

/** An answer is written here, in the place of the letter; Back leads to the letter and keeps what is written. */
function ComposerPage({ reader, shown, kind }: ComposerPageProps): JSX.Element {
  const desk = useRef<WritingDesk | null>(null)
  const composer = useComposer(shown, kind, desk)
  const organisation = reader.description.value?.organisation.name ?? ''
  const [sent, setSent] = useState<Draft | null>(null)
  useLeaveWarning(sent === null ? composer : null)
  const parts = { shown, organisation, onDone: () => history.back() }
  return (
    <>
      <button type="button" class="back" onClick={parts.onDone}>
        <BackIcon />
        {text('composer.back')}
      </button>
      <article class="sheet composer">
        {composer === null ? (
          <>
            <h1>{titleOf(kind)}</h1>
            <Working what={text('frame.loading')} />
          </>
        ) : sent === null ? (
          <AnswerForm
            key={kind}
            {...parts}
            title={titleOf(kind)}
            composer={composer}
            desk={desk}
            onSent={setSent}
            onSignIn={() => void reader.signInAgain()}
          />
        ) : (
          <SentPage {...parts} draft={sent} />
        )}
      </article>
    </>
  )
}

function useComposer(
  shown: ShownLetter,
  kind: ReplyKind,
  desk: { readonly current: WritingDesk | null },
): Composer | null {
  const [composer, setComposer] = useState<Composer | null>(null)
  // Its end comes at once, before the letter asks whether there is a draft.
  useLayoutEffect(() => {
    let isWanted = true
    let begun: Composer | null = null
    const starting = startComposer(shown, kind)
    const start = async (): Promise<void> => {
      const started = await starting
      if (started === null) return
      if (!isWanted) return started.end()
      begun = started
      if (started.draft.value.kind !== kind) started.answerAs(kind)
      setComposer(started)
      announce(started.isRestored ? text('composer.restored') : titleOf(kind))
    }
    void start()
    return () => {
      isWanted = false
      desk.current?.flush()
      void begun?.end()
    }
  }, [shown, kind])
  return composer
}

function titleOf(kind: ReplyKind): string {
  switch (kind) {
    case 'reply':
      return text('message.reply')
    case 'reply-all':
      return text('message.replyAll')
    case 'forward':
      return text('message.forward')
  }
}
