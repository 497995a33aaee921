import libmime from 'libmime'
import addressparser from 'nodemailer/lib/addressparser'

/** A person in From, To or Cc, read leniently: this is shown, never decided upon. */
export interface Person {
  readonly name: string
  readonly address: string
}

/** Text of an unstructured field: encoded words (RFC 2047) and plain UTF-8 (RFC 6532) made readable. */
export function headerText(latin1: string): string {
  const text = Buffer.from(latin1, 'latin1').toString('utf8')
  return visible(decodeWords(text)).replaceAll(/\s+/g, ' ').trim()
}

function decodeWords(text: string): string {
  try {
    return libmime.decodeWords(text)
  } catch {
    return text
  }
}

/** Format characters could turn the reading order around; controls would break lines. */
const visible = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')

/** Everyone in an address field, groups opened. */
export function people(latin1: string): readonly Person[] {
  const text = Buffer.from(latin1, 'latin1').toString('utf8')
  return addressparser(text, { flatten: true })
    .map(({ name, address }) => ({
      name: headerText(Buffer.from(name ?? '', 'utf8').toString('latin1')),
      address: visible(address ?? '').trim(),
    }))
    .filter(({ name, address }) => name !== '' || address !== '')
}
