import { hasSameBytes } from './has-same-bytes.ts'
import type { MailPart } from './mail-part.ts'
import { NO_RARE_READERS } from './mail-content.ts'
import type { ParsedMail } from './parse-mail-with.ts'
import { parseMailWith } from './parse-mail-with.ts'
import type { ReadMail } from './mail-reading.ts'

export type { ReadMail } from './mail-reading.ts'
export type { PartContent, ReadPart } from './part-content.ts'

/** Types and names of files that are more than files. */
const MORE = /^message|calendar|vcard|directory|tnef|ics|\.(?:eml|ics|vcf|dat)$/i

/**
 * Reads a mail for showing, files that are more than files too; what only some mails hold is read by code that is
 * loaded then. Never rejects, whatever the bytes: what cannot be read, or its reader not be loaded, stays a file.
 */
export async function readMail(bytes: Uint8Array): Promise<ReadMail> {
  const mail = await parse(bytes)
  const files = withCalendar(mail)
  if (files.some(({ type, name }) => MORE.test(`${type} ${name}`))) {
    const read = await import('./read-parts.ts').then(
      ({ readParts }) => readParts(mail, files),
      () => null,
    )
    if (read !== null) return read
  }
  return {
    ...mail,
    attachments: files.map(part => ({ ...part, content: null, unpackedFrom: null })),
    invitation: null,
    report: null,
  }
}

async function parse(bytes: Uint8Array): Promise<ParsedMail> {
  const simple = parseMailWith(bytes, null)
  if (simple !== null) return simple
  return import('./parse-mail.ts').then(
    ({ parseMail }) => parseMail(bytes),
    () => parseMailWith(bytes, NO_RARE_READERS) as ParsedMail,
  )
}

/** An invitation among the alternatives of the text is a file too, unless the same one is attached. */
function withCalendar({ attachments, calendar }: ParsedMail): readonly MailPart[] {
  if (calendar === null) return attachments
  const known = attachments.some(part => part === calendar || hasSameBytes(part, calendar))
  return known ? attachments : [...attachments, calendar]
}
