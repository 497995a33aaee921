import type { BodySection, CryptoKind, ShownMailbox, WarningCode } from '../mail/parse-mail.ts'
import type { PartContent } from '../mail/part-content.ts'
import type { MailReport } from '../mail/report/mail-report.ts'

/** A mail as the reader page shows it. Bytes are Blobs: off the heap, and handed out as they came. */
export interface Letter {
  readonly subject: string
  readonly from: readonly ShownMailbox[]
  readonly sender: readonly ShownMailbox[]
  readonly to: readonly ShownMailbox[]
  readonly cc: readonly ShownMailbox[]
  readonly replyTo: readonly ShownMailbox[]
  readonly dateMs: number | null
  /** Pieces of the text, one after the other; unsafe HTML. */
  readonly sections: readonly BodySection[]
  /** Pictures by Content-ID without brackets. */
  readonly inline: ReadonlyMap<string, Blob>
  readonly attachments: readonly Attachment[]
  /** To be shown above the text; it is among the attachments too. */
  readonly invitation: Extract<PartContent, { kind: 'calendar' }> | null
  readonly report: MailReport | null
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
  /** Of text; null when not named. */
  readonly charset: string | null
  /** What it is when it is more than a file. */
  readonly content: PartContent | null
  /** The name of the winmail.dat that it was in; null when the mail itself has it. */
  readonly unpackedFrom: string | null
}
