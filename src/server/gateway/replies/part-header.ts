import { cleanFileName } from './clean-file-name.ts'
import { encodeText, writeField } from '../write-field.ts'

/** Characters of a parameter's value on one line, with which the line stays below 78. RFC 2231 §3 */
const SECTION_CHARACTERS = 60
/** RFC 2045 §5.1 value as a quoted-string that no program reads in another way. */
const PLAIN = /^[A-Za-z0-9 !#$&()+,.;=@[\]^_`{}~'-]{0,60}$/
/** A mail inside a mail is taken apart by mail programs, and by whatever looks at attachments. */
const CONTAINER = /^(?:multipart|message)\//i
const PICTURE = /^image\//i
const BYTES = 'application/octet-stream'

export interface FilePart {
  readonly type: string
  readonly name: string
  /** For a picture inside the HTML, without brackets. */
  readonly contentId?: string
}

/** Header of a text part that comes in quoted-printable, empty line included. */
export function textPartHeader(subtype: 'plain' | 'html'): string {
  return (
    writeField('Content-Type', `text/${subtype}; charset=utf-8`) +
    writeField('Content-Transfer-Encoding', 'quoted-printable') +
    '\r\n'
  )
}

/**
 * Header of a file that comes in base64, empty line included. A container's type becomes that of any bytes, and only a
 * picture is inline. Attack: a file that a mail program shows as a part of the letter.
 */
export function filePartHeader({ type, name, contentId }: FilePart): string {
  const shown = cleanFileName(name)
  const isPicture = contentId !== undefined && PICTURE.test(type)
  const disposition = isPicture ? 'inline' : 'attachment'
  return (
    writeField('Content-Type', `${CONTAINER.test(type) ? BYTES : type}; ${nameOf(shown)}`) +
    writeField('Content-Disposition', `${disposition}; ${parameter('filename', shown)}`) +
    writeField('Content-Transfer-Encoding', 'base64') +
    (contentId === undefined ? '' : writeField('Content-ID', `<${contentId}>`)) +
    '\r\n'
  )
}

/** For programs that know no RFC 2231: encoded words, which the standard does not have here and everyone reads. */
function nameOf(name: string): string {
  return /^\p{ASCII}*$/u.test(name) ? parameter('name', name) : `name="${encodeText(name)}"`
}

/** One parameter: quoted where that is plain, else by RFC 2231, in sections where it is long. */
function parameter(attribute: string, value: string): string {
  if (PLAIN.test(value)) return `${attribute}="${value}"`
  const [first = '', ...more] = sections(value)
  if (more.length === 0) return `${attribute}*=utf-8''${first}`
  const rest = more.map((section, i) => `${attribute}*${i + 1}*=${section}`)
  return [`${attribute}*0*=utf-8''${first}`, ...rest].join('; ')
}

/** Percent-encoded UTF-8, cut between characters. RFC 2231 §7 */
function sections(value: string): readonly string[] {
  const list: string[] = []
  let section = ''
  for (const character of value) {
    const encoded = /^[A-Za-z0-9._-]$/.test(character) ? character : percent(character)
    if (section.length + encoded.length > SECTION_CHARACTERS) {
      list.push(section)
      section = ''
    }
    section += encoded
  }
  return [...list, section]
}

function percent(character: string): string {
  return Array.from(
    Buffer.from(character),
    byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('')
}
