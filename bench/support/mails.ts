import { randomBytes } from 'node:crypto'

const header = [
  'From: Alice <alice@example.com>',
  'To: Bob <bob@example.org>',
  'Subject: Figures of the third quarter',
  'Date: Sat, 21 Nov 2026 04:00:00 +0000',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="b"',
  '',
  '',
].join('\r\n')

/** A mail of about `bytes` bytes: a few words and one attachment of random bytes in base64. */
export function mailOf(bytes: number, id = 'bench'): Buffer {
  const head = `Message-ID: <${id}@example.com>\r\n${header}--b\r\nContent-Type: text/plain\r\n\r\nHello Bob\r\n--b\r\nContent-Type: application/octet-stream; name="figures.bin"\r\nContent-Disposition: attachment; filename="figures.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n`
  const tail = '\r\n--b--\r\n'
  const raw = Math.max(0, Math.floor(((bytes - head.length - tail.length) * 57) / 78))
  const body = mimeBase64(randomBytes(raw))
  return Buffer.from(head + body + tail, 'latin1')
}

/** A mail whose text is about `bytes` bytes of HTML, as newsletters and office programs write it, and nothing else. */
export function htmlMailOf(bytes: number, id = 'bench'): Buffer {
  const head = `Message-ID: <${id}@example.com>\r\n${header.replace('multipart/mixed; boundary="b"', 'text/html; charset=utf-8')}`
  const style = '<style>p{margin:0 0 1em}.figure{color:#333}</style>'
  const paragraph = (at: number): string =>
    `<p class="figure" style="font-size:${14 + (at % 4)}px;color:#222">${at}. Figures of the third quarter, as they were told to all who asked. <a href="https://example.com/${at}">All of them</a> <b>in euros</b></p>\r\n`
  const count = Math.ceil(bytes / paragraph(10_000).length)
  return Buffer.from(
    head + style + Array.from({ length: count }, (_, at) => paragraph(at)).join(''),
  )
}

/** base64 in lines of 76 characters. RFC 2045 §6.8 */
export function mimeBase64(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('base64')
  return text.replace(/.{76}/g, '$&\r\n')
}

/** `100 KB`; decimal units, as mail programs count. */
export const sizeName = (bytes: number): string =>
  bytes >= 1e6 ? `${bytes / 1e6} MB` : `${bytes / 1e3} KB`
