import type { BodySection, CryptoKind, ShownMailbox, WarningCode } from '../mail/parse-mail.ts'

/** A mail as the reader page shows it. Bytes are Blobs: off the heap, and handed out as they came. */
export interface Letter {
  readonly subject: string
  readonly from: readonly ShownMailbox[]
  readonly to: readonly ShownMailbox[]
  readonly cc: readonly ShownMailbox[]
  readonly replyTo: readonly ShownMailbox[]
  readonly dateMs: number | null
  /** Pieces of the text, one after the other; unsafe HTML. */
  readonly sections: readonly BodySection[]
  /** Pictures by Content-ID without brackets. */
  readonly inline: ReadonlyMap<string, Blob>
  readonly attachments: readonly Attachment[]
  readonly signature: CryptoKind
  readonly encryption: CryptoKind
  readonly warnings: readonly WarningCode[]
}

export interface Attachment {
  /** Cleaned, never empty; no two of a letter the same. */
  readonly name: string
  /** `image/png`; what the mail says, not what the bytes are. */
  readonly type: string
  /** True when the text shows it too. */
  readonly inline: boolean
  readonly bytes: Blob
}
