import type { ParsedMail } from './parse-mail.ts'
import type { PartContent, ReadPart } from './part-content.ts'
import type { MailReport } from './report/mail-report.ts'

/** A mail as a page shows it, with what its files are. Plain data: it can be posted from a worker. */
export interface ReadMail extends ParsedMail {
  /** Every file in the order of the mail; those of a winmail.dat follow it. */
  readonly attachments: readonly ReadPart[]
  /** The one of the attachments that is the invitation to show above the text; null when there is none. */
  readonly invitation: Extract<PartContent, { kind: 'calendar' }> | null
  readonly report: MailReport | null
}
