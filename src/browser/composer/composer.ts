import type { ReplyKind } from '../../core/reply/reply-head.ts'
import type { Signal } from '../ui/signal.ts'
import type { Draft, DraftFile, DraftPatch } from './draft.ts'
import type { SendRefusal } from './send-reply.ts'

export type Sending =
  | { readonly kind: 'writing' }
  /** Bytes. */
  | { readonly kind: 'sealing' | 'uploading'; readonly done: number; readonly total: number }
  /** Everything is with the portal, and the gateway delivers it. */
  | { readonly kind: 'delivering' }
  | { readonly kind: 'sent' }
  | { readonly kind: 'failed'; readonly refusal: SendRefusal }

/** Whether the draft would be there after a reload: kept, or in memory alone for want of room or of storage. */
export type Keeping = 'kept' | 'full' | 'memory'

export type FileRefusal = 'too-large' | 'too-many' | 'unreadable'
export interface RefusedFile {
  readonly name: string
  readonly why: FileRefusal
}

/**
 * What of the original can go along below the written text: as it looks, its text alone, or nothing of it because it is
 * too long or unreadable. A forwarded letter that cannot be quoted goes along as a file.
 */
export type OriginalQuote = 'html' | 'text' | 'too-long' | 'none'

/** What the composer page does; the components only draw its signals and call back. */
export interface Composer {
  readonly draft: Signal<Draft>
  readonly sending: Signal<Sending>
  /**
   * True from a try that nobody knows the end of: it may have been delivered all the same, and the same once more arrives
   * once. Neither another try nor a change of the draft ends it.
   */
  readonly mayHaveArrived: Signal<boolean>
  readonly keeping: Signal<Keeping>
  /** True when it was found again, as it was left. */
  readonly isRestored: boolean
  /** Names of files that could not be found again. */
  readonly lost: readonly string[]
  /** Who takes part in the conversation besides the reader: may be written to without permission to forward. */
  readonly participants: readonly string[]
  /** Those of them who are of the organisation. */
  readonly inside: readonly string[]
  readonly mayForward: boolean
  /** Of the answered letter: who is left out as they are not in the conversation, as written. */
  readonly leftOut: readonly string[]
  /** More take part in the conversation than one message can go to. */
  readonly tooMany: boolean
  readonly original: OriginalQuote
  /** Files that were not taken, by `addFiles` or as part of a forwarded letter, since the page last looked. */
  readonly refused: Signal<readonly RefusedFile[]>
  /** Bytes of the sealed reply: now, and at most. */
  readonly room: () => { readonly used: number; readonly max: number }
  readonly change: (patch: DraftPatch) => void
  /** Reply ↔ reply all ↔ forward: addresses, subject and the original's files follow; what is written stays. */
  readonly answerAs: (kind: ReplyKind) => void
  /** What is not taken stands in `refused`. */
  readonly addFiles: (files: readonly File[]) => Promise<void>
  /** A picture for the text, to be referred to as `cid:` and its `contentId`; null when it is none (it goes along as a file then) or stands in `refused`. */
  readonly addPicture: (file: Blob, name?: string) => Promise<DraftFile | null>
  /** An attachment of the forwarded letter, by its place in it, that was left out. */
  readonly addOriginal: (at: number) => Promise<void>
  readonly removeFile: (id: string) => void
  /** Seals and sends; what comes of it stands in `sending`. */
  readonly send: () => Promise<void>
  /** Ends a sealing or sending that is under way; the draft stays. */
  readonly stop: () => void
  /** Deletes the draft, kept files included. */
  readonly discard: () => Promise<void>
  /** The page goes: keeps what is not yet kept, and listens no more. */
  readonly end: () => Promise<void>
}
