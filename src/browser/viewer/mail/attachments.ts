import { decodeWords, fieldText } from './encoded-words.ts'
import { safeFileName } from './file-name.ts'
import { readHeaderFields } from './header-fields.ts'
import type { FileNode } from './mail-content.ts'
import type { MailPart } from './mail-part.ts'
import { hasHiddenCharacters } from './shown-text.ts'
import { Warnings } from './warning.ts'

const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]{1,127}\/[a-z0-9!#$&^_.+-]{1,127}$/

/** Endings for parts without a name, where the type does not spell them. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ['application/ics', 'ics'],
  ['application/pdf', 'pdf'],
  ['application/pgp-encrypted', 'asc'],
  ['application/pgp-keys', 'asc'],
  ['application/pgp-signature', 'asc'],
  ['application/pkcs7-mime', 'p7m'],
  ['application/pkcs7-signature', 'p7s'],
  ['application/zip', 'zip'],
  ['audio/mpeg', 'mp3'],
  ['image/jpeg', 'jpg'],
  ['image/svg+xml', 'svg'],
  ['text/calendar', 'ics'],
  ['text/vcard', 'vcf'],
])

/**
 * The files of a mail with the names under which they may be saved.
 * @param shown content ids that the HTML body refers to.
 */
export function toMailParts(
  files: readonly FileNode[],
  shown: ReadonlySet<string>,
  warnings: Warnings,
): readonly MailPart[] {
  return files.map((file, i) => toMailPart(file, i + 1, shown, warnings))
}

export function toMailPart(
  file: FileNode,
  number: number,
  shown: ReadonlySet<string>,
  warnings: Warnings,
): MailPart {
  const { node, fields, bytes } = file
  if (hasHiddenCharacters(fields.fileName ?? '')) warnings.add('hidden-text')
  const type = MEDIA_TYPE.test(node.type) ? node.type : 'application/octet-stream'
  return {
    name: safeFileName(fields.fileName ?? '') || madeUpName(type, number, bytes),
    givenName: fields.fileName,
    type,
    charset: node.parameters.get('charset') ?? null,
    parameters: node.parameters,
    contentId: fields.contentId,
    disposition: fields.disposition,
    inline: fields.contentId !== null && shown.has(fields.contentId),
    bytes,
  }
}

function madeUpName(type: string, number: number, bytes: Uint8Array): string {
  if (/^message\/(?:rfc822|global|news)$/.test(type)) return messageName(bytes, number)
  if (type.startsWith('message/')) return `${type.slice('message/'.length)}.txt`
  const [, spelt] = /^(?:audio|image|text|video)\/([a-z\d]{2,4})$/.exec(type) ?? []
  const ending = ENDINGS.get(type) ?? spelt ?? (type.startsWith('text/') ? 'txt' : 'bin')
  return `${type === 'text/calendar' ? 'invite' : `attachment-${number}`}.${ending}`
}

/** An attached message is named after its subject. */
function messageName(bytes: Uint8Array, number: number): string {
  const raw = readHeaderFields(bytes, 0, new Warnings()).fields.get('subject')?.[0]
  const subject = raw === undefined ? '' : decodeWords(fieldText(raw))
  const name = safeFileName(subject.replaceAll(/[/\\]/g, '_'))
  return `${name === '' ? `message-${number}` : name}.eml`
}

/** The content ids behind `cid:` (RFC 2392) in an HTML text. */
export function contentIdsIn(html: string): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const [, id = ''] of html.matchAll(/cid:([^"'\s()<>]{1,500})/gi)) {
    ids.add(id)
    ids.add(percentDecoded(id))
  }
  return ids
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
