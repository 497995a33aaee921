import type { RefusalCode } from '../../../core/policy/policy.ts'

/** What a hand-over is answered when it is not delivered; codes of docs/replies.md §5. */
export type ReplyRefusalCode =
  | RefusalCode
  | 'reply-not-allowed'
  | 'recipient-not-allowed'
  | 'recipient-refused'
  | 'not-the-writer'
  | 'bad-reply'
  | 'replies-unavailable'
  | 'too-large'
  | 'too-slow'
  | 'bad-request'
  | 'not-found'
  | 'method-not-allowed'

export interface ReplyRefusalExtras {
  /** Positions in `to` ‖ `cc`. */
  readonly recipients?: readonly number[]
  readonly retryAfterSeconds?: number
  /** For the people who run it: a word of our own source. */
  readonly reason?: RefusalReason
  readonly cause?: unknown
}

export type RefusalReason =
  | 'half'
  | 'signature'
  | 'clock'
  | 'second-signature'
  | 'organisation'
  | 'record'
  | 'reply-key'
  | 'age-header'
  | 'altered'
  | 'head'
  | 'length'
  | 'cut'
  | 'surplus'
  | 'places'
  | 'claimed'
  | 'claim-lost'
  | 'next-hop'

/** Ends a hand-over: nothing of it was delivered, or with `half` not all. The listener makes it an answer. */
export class ReplyRefusal extends Error {
  override readonly name = 'ReplyRefusal'
  readonly code: ReplyRefusalCode
  readonly extras: ReplyRefusalExtras

  constructor(code: ReplyRefusalCode, extras: ReplyRefusalExtras = {}) {
    super(`reply: ${code}`, { cause: extras.cause })
    this.code = code
    this.extras = extras
  }
}
