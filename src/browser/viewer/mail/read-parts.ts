import { contentIdsIn } from './attachments.ts'
import type { BodySection } from './body-section.ts'
import { hasSameBytes } from './has-same-bytes.ts'
import { MAX_READ_PARTS } from './limits.ts'
import type { MailPart } from './mail-part.ts'
import type { MailBody, ParsedMail } from './parse-mail.ts'
import type { PartContent, ReadPart } from './part-content.ts'
import type { ReadMail } from './mail-reading.ts'
import { isReadWhole, readPartContent } from './read-part-content.ts'
import type { MailReport } from './report/mail-report.ts'
import type { Unpacked } from './winmail/unpack-part.ts'

/** Looks into the files of a mail that are more than files. What cannot be read, or its reader not be loaded, is a file. */
export async function readParts(mail: ParsedMail, files: readonly MailPart[]): Promise<ReadMail> {
  const { parts, unpacked } = await unpackAll(files)
  const attachments: ReadPart[] = []
  let read = 0
  for (const part of parts) {
    if (isReadWhole(part)) read += 1
    const canBeRead = read <= MAX_READ_PARTS || !isReadWhole(part)
    attachments.push({
      ...part,
      content: part.content ?? (canBeRead ? await readPartContent(part) : null),
    })
  }
  return withBody(
    {
      ...mail,
      attachments,
      inline: withInline(mail, attachments),
      invitation: invitationOf(mail, attachments),
      report: await reportOf(mail),
    },
    winmailBody(mail, unpacked),
  )
}

/** The files of a winmail.dat stand behind it. */
async function unpackAll(
  files: readonly MailPart[],
): Promise<{ parts: readonly ReadPart[]; unpacked: readonly Unpacked[] }> {
  const parts: ReadPart[] = []
  const unpacked: Unpacked[] = []
  for (const file of files) {
    const found = isWinmail(file) && unpacked.length < MAX_READ_PARTS ? await unpack(file) : null
    parts.push({ ...file, content: found?.content ?? null, unpackedFrom: null })
    if (found === null) continue
    for (const part of found.parts) parts.push(part)
    unpacked.push(found)
  }
  return { parts, unpacked }
}

/** MS-OXTNEF §2.1.1: its signature, whatever it is called. */
function isWinmail({ bytes }: MailPart): boolean {
  return [0x78, 0x9f, 0x3e, 0x22].every((byte, i) => bytes[i] === byte)
}

function unpack(file: MailPart): Promise<Unpacked | null> {
  return import('./winmail/unpack-part.ts').then(
    ({ unpackPart }) => unpackPart(file),
    () => null,
  )
}

/** The text of a winmail.dat: instead of none, or of the same words without their form. Null when the mail's own is to be shown. */
function winmailBody({ body }: ParsedMail, unpacked: readonly Unpacked[]): BodySection | null {
  const [winmail, ...others] = unpacked
  if (winmail === undefined || others.length > 0) return null
  const { html, text } = winmail.body
  const own = `${body.html ?? ''}${body.text ?? ''}`
  if (own.trim() === '') return html === null && text === null ? null : { html, text }
  return body.html === null && winmail.hasWordsOf(own) ? { html, text: body.text } : null
}

function withBody(mail: ReadMail, section: BodySection | null): ReadMail {
  if (section === null) return mail
  const body: MailBody = { ...section, sections: [section] }
  const shown = contentIdsIn(section.html ?? '')
  const attachments = mail.attachments.map(part => ({
    ...part,
    inline: part.contentId !== null && shown.has(part.contentId),
  }))
  return { ...mail, body, attachments, warnings: mail.warnings.filter(code => code !== 'no-body') }
}

/** The first part of an id, as in the mail itself. */
function withInline(mail: ParsedMail, parts: readonly MailPart[]): ReadonlyMap<string, MailPart> {
  const map = new Map(mail.inline)
  for (const part of parts) {
    if (part.contentId !== null && !map.has(part.contentId)) map.set(part.contentId, part)
  }
  return map
}

/** What stands in the text itself comes before what is attached; a file without a method asks for nothing. */
function invitationOf(
  { calendar }: ParsedMail,
  parts: readonly ReadPart[],
): Extract<PartContent, { kind: 'calendar' }> | null {
  const asking = parts.flatMap(part =>
    part.content?.kind === 'calendar' && asksSomething(part, part.content)
      ? [{ part, content: part.content }]
      : [],
  )
  const own = asking.find(({ part }) => calendar !== null && hasSameBytes(part, calendar))
  return (own ?? asking[0])?.content ?? null
}

/** RFC 6047 §2.4: the type names the method too. What has no file name is part of the text. */
function asksSomething(
  part: ReadPart,
  content: Extract<PartContent, { kind: 'calendar' }>,
): boolean {
  return (
    content.calendar.method !== null || part.parameters.has('method') || part.givenName === null
  )
}

/** The first that has fields: some mail servers send a sentence before it, of the same type. */
async function reportOf({ attachments }: ParsedMail): Promise<MailReport | null> {
  const parts = attachments.filter(({ type }) =>
    /^message\/.*(?:status|notification|report)$/.test(type),
  )
  if (parts.length === 0) return null
  return import('./report/read-report.ts').then(
    ({ readReport }) => {
      for (const { type, bytes } of parts.slice(0, MAX_READ_PARTS)) {
        const report = readReport(type, bytes)
        if (report !== null) return report
      }
      return null
    },
    () => null,
  )
}
