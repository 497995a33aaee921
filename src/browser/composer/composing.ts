import type { ReleaseAnswer, ReplyOffer } from '../../core/api/messages.ts'
import type { ReplyKind } from '../../core/reply/reply-head.ts'
import { signal } from '../ui/signal.ts'
import type { Signal } from '../ui/signal.ts'
import type { Letter } from '../viewer/letter/letter.ts'
import { answerAddresses } from './addressing/answer-addresses.ts'
import type { Answered } from './addressing/answer-addresses.ts'
import { answerSubject } from './addressing/answer-subject.ts'
import type { ThreadIds } from './addressing/thread-ids.ts'
import type { Keeping, RefusedFile, Sending } from './composer.ts'
import type { Draft } from './draft.ts'
import type { DraftStore } from './drafts/draft-store.ts'
import type { QuoteWords } from './quote/quote-head.ts'
import type { Quote } from './quote/quote-letter.ts'
import { newId } from './new-id.ts'
import type { sealReply } from './sealing/seal-reply.ts'
import type { sendReply } from './send-reply.ts'
import type { TriedDraft } from './tried-draft.ts'

export interface ComposerNeeds {
  readonly release: ReleaseAnswer
  readonly offer: ReplyOffer
  readonly letter: Letter | null
  /** The answered mail, byte for byte. */
  readonly mail: Blob
  readonly stanza: string
  /** Further addresses of the reader. */
  readonly own: readonly string[]
  readonly store: DraftStore
  readonly seal: typeof sealReply
  readonly send: typeof sendReply
  /** In the page's language at the time. */
  readonly words: () => QuoteWords
  readonly locale: () => string
  /** Of what is written: harmless HTML with its text. */
  readonly clean: (html: string, contentIds: ReadonlySet<string>) => { html: string; text: string }
}

/** Where a composer stands. */
export interface Composing {
  readonly needs: ComposerNeeds
  readonly draft: Signal<Draft>
  readonly sending: Signal<Sending>
  readonly keeping: Signal<Keeping>
  readonly refused: Signal<readonly RefusedFile[]>
  readonly thread: ThreadIds
  /** Null where there is nothing that can be quoted. */
  readonly quote: Quote | null
  /** Something was written or chosen: an answer that was only looked at is not kept, nor is one again that is kept. */
  isChanged: boolean
  /** Null when nothing was sent yet. */
  tried: TriedDraft | null
  readonly mayHaveArrived: Signal<boolean>
  /** Files that are being copied: they go along. */
  readonly adding: Set<Promise<unknown>>
  /** Ends what is under way. */
  stopped: AbortController
  /** Files that are in memory alone, by their ids. */
  readonly unkept: Set<string>
  saveTimer: ReturnType<typeof setTimeout> | undefined
  /** The page went, the draft was sent or thrown away: nothing is kept any more. */
  isOver: boolean
}

export function newComposing(
  needs: ComposerNeeds,
  draft: Draft,
  quote: Quote | null,
  thread: ThreadIds,
): Composing {
  return {
    needs,
    draft: signal(draft),
    sending: signal<Sending>({ kind: 'writing' }),
    keeping: signal<Keeping>('kept'),
    refused: signal<readonly RefusedFile[]>([]),
    thread,
    quote,
    isChanged: false,
    tried: null,
    mayHaveArrived: signal(false),
    adding: new Set(),
    stopped: new AbortController(),
    unkept: new Set(),
    saveTimer: undefined,
    isOver: false,
  }
}

export function answeredBy({ letter, own, release, offer }: ComposerNeeds): Answered {
  const { recipient, sender } = release
  return { letter, own: [recipient, ...own], participants: offer.participants, sender }
}

/** To begin with. */
export function newDraft(kind: ReplyKind, needs: ComposerNeeds): Draft {
  const { letter, release } = needs
  const { to, cc } = answerAddresses(kind, answeredBy(needs))
  const listed = [...(letter?.to ?? []), ...(letter?.cc ?? [])]
  return {
    kind,
    submissionId: newId(),
    to,
    cc,
    copyToWriter: false,
    writerName: listed.find(({ canonical }) => canonical === release.recipient)?.name ?? '',
    subject: answerSubject(kind, letter?.subject ?? ''),
    format: 'html',
    written: '',
    quoted: true,
    files: [],
  }
}

/** True while the draft may be changed. */
export function isWriting({ sending, isOver }: Composing): boolean {
  return !isOver && (sending.value.kind === 'writing' || sending.value.kind === 'failed')
}
