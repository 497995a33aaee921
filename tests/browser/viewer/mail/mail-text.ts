import type { ParsedMail } from '../../../../src/browser/viewer/mail/parse-mail.ts'
import { parseMail } from '../../../../src/browser/viewer/mail/parse-mail.ts'

/** Lines with CRLF, as bytes. Characters up to U+00FF stand for one byte each. */
export function bytesOf(...lines: readonly string[]): Uint8Array {
  return Uint8Array.from(lines.join('\r\n'), character => character.charCodeAt(0))
}

export function read(...lines: readonly string[]): ParsedMail {
  return parseMail(bytesOf(...lines))
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** The UTF-8 bytes of a text, one character each, for `bytesOf`. */
export function raw(text: string): string {
  return String.fromCharCode(...utf8(text))
}
