import type { JSX } from 'preact'
import type { ReplyKind } from '../../core/reply/reply-head.ts'
import { lazyPart } from '../ui/lazy.tsx'
import type { Reader } from '../viewer/reader.ts'
import type { ShownLetter } from '../viewer/show-message.ts'
import { BegunAnswer } from './begun-answer.tsx'

const composer = lazyPart(async () => (await import('./composer-page.tsx')).loadComposerPage())

/** The page where an answer is written; beside a letter, only what there is to say of an answer that was begun. */
export function Answering(props: {
  readonly reader: Reader
  readonly shown: ShownLetter
  /** Null while the letter is read. */
  readonly kind: ReplyKind | null
  readonly onContinue: (kind: ReplyKind) => void
}): JSX.Element {
  const { reader, shown, kind, onContinue } = props
  return kind === null ? (
    <BegunAnswer shown={shown} onContinue={onContinue} />
  ) : (
    <composer.Part reader={reader} shown={shown} kind={kind} />
  )
}
