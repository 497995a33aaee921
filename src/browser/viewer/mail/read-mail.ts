import type { MailReport } from './report/mail-report.ts'
import type { ParsedMail } from './parse-mail.ts'
import { parseMail } from './parse-mail.ts'
import type { PartContent, ReadPart } from './part-content.ts'

export type { PartContent, ReadPart } from './part-content.ts'

/** A mail as a page shows it, with what its files are. Plain data: it can be posted from a worker. */
export interface ReadMail extends ParsedMail {
  /** Every file in the order of the mail; those of a winmail.dat follow it. */
  readonly attachments: readonly ReadPart[]
  /** The one of the attachments that is the invitation to show above the text; null when there is none. */
  readonly invitation: Extract<PartContent, { kind: 'calendar' }> | null
  readonly report: MailReport | null
}

/**
 * Reads a mail for showing, files that are more than files too; what only some mails hold is read by code that is
 * loaded then. Never rejects, whatever the bytes: what cannot be read, or not be loaded, stays a file.
 */
export async function readMail(bytes: Uint8Array): Promise<ReadMail> {
  const parsed = parseMail(bytes)
  const attachments = parsed.attachments.map((part): ReadPart => ({
    ...part,
    content: contentOf(part.type),
    unpackedFrom: null,
  }))
  return Promise.resolve({ ...parsed, attachments, invitation: null, report: null })
}

function contentOf(type: string): PartContent | null {
  return type === 'message/rfc822' ? { kind: 'message' } : null
}
