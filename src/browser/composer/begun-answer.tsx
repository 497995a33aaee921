import { useLayoutEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import type { ReplyKind } from '../../core/reply/reply-head.ts'
import { addText, text } from '../ui/text.ts'
import { hasKeptDraft } from './drafts/has-draft.ts'
import { inOrder } from './drafts/in-order.ts'
import type { ShownLetter } from '../viewer/show-message.ts'

/** Offers to go on with an answer that was begun and left. */
export function BegunAnswer(props: {
  readonly shown: ShownLetter
  readonly onContinue: (kind: ReplyKind) => void
}): JSX.Element | null {
  const { shown, onContinue } = props
  const [kind, setKind] = useState<ReplyKind | null>(null)
  // At once: an effect that waits for the next picture is forgotten when what was typed last draws the page anew.
  useLayoutEffect(() => {
    void findBegun(shown).then(setKind)
  }, [shown])
  if (kind === null) return null
  return (
    <div class="notice row">
      <p>{text('composer.begun')}</p>
      <button type="button" onClick={() => onContinue(kind)}>
        {text('composer.continue')}
      </button>
    </div>
  )
}

/** Null also where its words cannot be loaded: the draft is found again when an answer is begun. */
async function findBegun(shown: ShownLetter): Promise<ReplyKind | null> {
  // What was just being written is kept first.
  if (!(await inOrder(async () => hasKeptDraft()))) return null
  try {
    const { startComposer } = await import('./start-composer.ts')
    const found = await startComposer(shown, null)
    if (found === null) return null
    await addText('composer')
    await found.end()
    return found.draft.value.kind
  } catch {
    return null
  }
}
