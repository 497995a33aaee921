import { parseMailboxes } from '../../core/address/mailboxes.ts'

/** RFC 5322 §2.1.1: at most 998 octets, better 78. */
const GOOD_COLUMNS = 78
const MAX_COLUMNS = 998
/** Octets of UTF-8 in one encoded word, whose base64 stays below RFC 2047's 75 characters. */
const WORD_OCTETS = 42

const FIELD_NAME = /^[A-Za-z0-9-]{1,64}$/
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu

/**
 * The one writer of header fields: whatever `value` is, exactly one field comes out, folded, ended by CRLF.
 * Line ends and other controls become spaces, so that nothing in a name or subject makes another field.
 * @throws {RangeError} for a name that is none.
 */
export function writeField(name: string, value: string): string {
  if (!FIELD_NAME.test(name)) throw new RangeError('header field name')
  const clean = value.toWellFormed().replaceAll(CONTROLS, ' ').trim()
  return `${fold(`${name}: ${clean}`)}\r\n`
}

/** A field of free text; what is not ASCII becomes encoded words. RFC 2047 §5 (1) */
export function writeTextField(name: string, text: string): string {
  return writeField(name, encodeText(text.toWellFormed().replaceAll(CONTROLS, ' ')))
}

/**
 * A field of addresses. Raw UTF-8 in names becomes encoded words; in an address it stays (RFC 6532).
 * What cannot be read as addresses is passed on with `?` for each character that is not ASCII.
 */
export function writeAddressField(name: string, value: string): string {
  if (isAscii(value)) return writeField(name, value)
  const mailboxes = parseMailboxes(value)
  if (mailboxes === null) return writeField(name, value.replaceAll(/\P{ASCII}/gu, '?'))
  const list = mailboxes.map(mailbox =>
    mailbox.name === '' ? mailbox.address : `${phrase(mailbox.name)} <${mailbox.address}>`,
  )
  return writeField(name, list.join(', '))
}

/**
 * A display name as RFC 5322 phrase: quoted, or encoded words. What looks like an encoded word is encoded: many programs
 * decode one inside quotes too. Attack: a name whose address comes out only there.
 */
export function phrase(name: string): string {
  const clean = name.replaceAll(CONTROLS, ' ').trim()
  const isPlain = isAscii(clean) && !clean.includes('=?')
  return isPlain ? `"${clean.replaceAll(/["\\]/g, '\\$&')}"` : encodeText(clean)
}

/** ASCII stays, unless it could be taken for an encoded word; else base64 encoded words. */
export function encodeText(text: string): string {
  if (isAscii(text) && !text.includes('=?')) return text
  return pieces(text)
    .map(piece => `=?utf-8?B?${Buffer.from(piece).toString('base64')}?=`)
    .join(' ')
}

/** Cut between characters, never inside one. RFC 2047 §5 */
function pieces(text: string): string[] {
  const list: string[] = []
  let piece = ''
  for (const character of text.toWellFormed()) {
    if (Buffer.byteLength(piece + character) > WORD_OCTETS) {
      list.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...list, piece]
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text)
}

/** Folds at spaces (RFC 5322 §2.2.3); a word longer than a line may be is cut, best after a comma: between addresses. */
function fold(field: string): string {
  if (octets(field) <= GOOD_COLUMNS) return field
  const lines: string[] = []
  let line = ''
  for (const word of field.split(' ').flatMap(cut)) {
    if (line !== '' && line.trim() !== '' && octets(line) + 1 + octets(word) > GOOD_COLUMNS) {
      lines.push(line)
      line = ''
    }
    line = line === '' && lines.length === 0 ? word : `${line} ${word}`
  }
  return [...lines, line].filter((part, i) => i === 0 || part.trim() !== '').join('\r\n')
}

function cut(word: string): string[] {
  return fits(word) ? [word] : word.split(/(?<=,)/).flatMap(cutAnywhere)
}

function cutAnywhere(word: string): string[] {
  return fits(word) ? [word] : (word.match(/[^]{1,240}/gu) ?? [])
}

const fits = (word: string): boolean => octets(word) < MAX_COLUMNS

function octets(text: string): number {
  return Buffer.byteLength(text)
}
