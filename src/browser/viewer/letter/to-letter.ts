import { MAX_PIXELS } from '../mail/limits.ts'
import { readMail } from '../mail/read-mail.ts'
import type { MailPart } from '../mail/parse-mail.ts'
import type { ReadPart } from '../mail/read-mail.ts'
import type { Attachment, Letter } from './letter.ts'

/** Reads a mail for the reader page. Never rejects; meant for a worker with a time limit. */
export async function toLetter(mail: Uint8Array): Promise<Letter> {
  const read = await readMail(mail)
  const { subject, from, sender, to, cc, replyTo, date, body, attachments } = read
  const { signature, encryption, warnings, invitation, report } = read
  return {
    subject,
    from,
    sender,
    to,
    cc,
    replyTo,
    signature,
    encryption,
    warnings,
    dateMs: date.ms,
    sections: body.sections,
    inline: await drawable(read.inline),
    attachments: uniqueNames(ordered(attachments).map(toAttachment)),
    invitation,
    report,
  }
}

/** Those that no page could draw are files only, and all of them when that cannot be told. */
async function drawable(inline: ReadonlyMap<string, MailPart>): Promise<Map<string, Blob>> {
  if (inline.size === 0) return new Map()
  const count = await import('./preview/count-pixels.ts').then(
    ({ countPixels }) => countPixels,
    () => null,
  )
  const parts = [...inline].filter(
    ([, { bytes }]) => count !== null && (count(bytes) ?? 0) <= MAX_PIXELS,
  )
  return new Map(parts.map(([id, part]) => [id, toBlob(part)]))
}

/** What is only to be saved comes first. */
function ordered(all: readonly ReadPart[]): readonly ReadPart[] {
  const parts = all.map(part => ({ ...part, inline: part.inline && !/svg/.test(part.type) }))
  return [...parts.filter(part => !part.inline), ...parts.filter(part => part.inline)]
}

function toAttachment(part: ReadPart): Attachment {
  const { name, type, inline, charset, content, unpackedFrom } = part
  return { name, type, inline, charset, content, unpackedFrom, bytes: toBlob(part) }
}

/** Browsers see by the bytes what picture it is, but an SVG: that could stop the page, and be a page of ours. */
function toBlob({ bytes }: MailPart): Blob {
  return new Blob([Uint8Array.from(bytes)])
}

/** `report.pdf`, `report (2).pdf`: one must not replace another in a folder or a zip, on any system. */
export function uniqueNames(attachments: readonly Attachment[]): readonly Attachment[] {
  const taken = new Map<string, number>()
  return attachments.map(attachment => {
    const name = freeName(attachment.name, taken)
    taken.set(asSame(name), 2)
    return { ...attachment, name }
  })
}

/** @param taken with the number to try next: 10,000 files of one name are each tried once */
function freeName(name: string, taken: Map<string, number>): string {
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  let free = name
  let next = taken.get(asSame(name)) ?? 2
  while (taken.has(asSame(free))) free = `${stem} (${next++})${ending}`
  if (free !== name) taken.set(asSame(name), next)
  return free
}

/** Windows and macOS take names for the same that differ in case, macOS also in how `é` is put together. */
function asSame(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
