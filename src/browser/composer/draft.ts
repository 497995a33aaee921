import type { Address } from '../../core/address/address.ts'
import type { ReplyKind } from '../../core/reply/reply-head.ts'

/** Somebody to write to; the name is only shown. */
export interface Correspondent {
  readonly address: Address
  readonly name: string
}

/** A file or picture that goes along; its bytes are copied when it is added, so that nothing changes under a seal. */
export interface DraftFile {
  /** Of this draft. */
  readonly id: string
  /** Cleaned, never empty. */
  readonly name: string
  /** `image/png`, checked by its shape alone. */
  readonly type: string
  readonly bytes: Blob
  /** Of a picture in the text, which refers to it as `cid:ID`; null for an attachment. */
  readonly contentId: string | null
  /** True when it came with the letter that is forwarded. */
  readonly isOriginal: boolean
}

/** An answer as it is being written. */
export interface Draft {
  readonly kind: ReplyKind
  /** 16 bytes, base64url. Of the last try; another one when what is sent then is not the same: the first may have arrived. */
  readonly submissionId: string
  readonly to: readonly Correspondent[]
  readonly cc: readonly Correspondent[]
  readonly copyToWriter: boolean
  readonly writerName: string
  readonly subject: string
  readonly format: 'html' | 'text'
  /** What is written, without the quote: HTML whose pictures are `cid:ID`, or plain text. */
  readonly written: string
  /** Whether the original goes along below. */
  readonly quoted: boolean
  readonly files: readonly DraftFile[]
}

/** What the person may change of it by `change`. */
export type DraftPatch = Partial<
  Pick<
    Draft,
    'to' | 'cc' | 'copyToWriter' | 'writerName' | 'subject' | 'format' | 'written' | 'quoted'
  >
>
