import { parseMail } from '../mail/parse-mail.ts'
import type { MailPart, ParsedMail } from '../mail/parse-mail.ts'
import type { Attachment, Letter } from './letter.ts'

/** Reads a mail for the reader page. Never throws; meant for a worker with a time limit. */
export function toLetter(mail: Uint8Array): Letter {
  const parsed = parseMail(mail)
  const { subject, from, to, cc, replyTo, date, body, signature, encryption, warnings } = parsed
  return {
    subject,
    from,
    to,
    cc,
    replyTo,
    signature,
    encryption,
    warnings,
    dateMs: date.ms,
    sections: body.sections,
    inline: new Map([...parsed.inline].map(([id, part]) => [id, toBlob(part)])),
    attachments: uniqueNames(files(parsed).map(toAttachment)),
  }
}

/** What is only to be saved comes first; an invitation among the alternatives of the text is a file too. */
function files({ attachments, calendar }: ParsedMail): readonly MailPart[] {
  const known = calendar === null || attachments.some(part => hasSameBytes(part, calendar))
  const all = known ? attachments : [...attachments, calendar]
  return [...all.filter(part => !part.inline), ...all.filter(part => part.inline)]
}

/** Calendar programs send the invitation twice: among the alternatives and as a file. */
function hasSameBytes({ bytes: a }: MailPart, { bytes: b }: MailPart): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function toAttachment(part: MailPart): Attachment {
  return { name: part.name, type: part.type, inline: part.inline, bytes: toBlob(part) }
}

/** The type matters for inline pictures alone: an SVG is only drawn when it says what it is. */
function toBlob(part: MailPart): Blob {
  return new Blob([Uint8Array.from(part.bytes)], { type: part.type })
}

/** `report.pdf`, `report (2).pdf`: one must not replace another in a folder or a zip, on any system. */
export function uniqueNames(attachments: readonly Attachment[]): readonly Attachment[] {
  const taken = new Set<string>()
  return attachments.map(attachment => {
    const name = freeName(attachment.name, taken)
    taken.add(asSame(name))
    return { ...attachment, name }
  })
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  let free = name
  for (let n = 2; taken.has(asSame(free)); n++) free = `${stem} (${n})${ending}`
  return free
}

/** Windows and macOS take names for the same that differ in case, macOS also in how `é` is put together. */
function asSame(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
