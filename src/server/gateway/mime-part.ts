/** RFC 2045 §6.7: at most 76 characters a line. */
const QUOTED_COLUMNS = 76

/** RFC 5322 §2.1.1 */
const MAX_COLUMNS = 998

/** Header and body of a text part that passes as 7bit: as it is, or quoted-printable. RFC 2045 §6 */
export function textPart(subtype: 'plain' | 'html', text: string): string {
  const lines = text.replaceAll(/\r?\n/g, '\r\n')
  const plain =
    /^[\t\r\n\u0020-\u007e]*$/.test(lines) &&
    lines.split('\r\n').every(line => line.length <= MAX_COLUMNS)
  const encoding = plain ? '7bit' : 'quoted-printable'
  return (
    `Content-Type: text/${subtype}; charset=utf-8\r\n` +
    `Content-Transfer-Encoding: ${encoding}\r\n\r\n` +
    `${plain ? lines : quotedPrintable(lines)}\r\n`
  )
}

/** RFC 2045 §6.7. Line ends stay; a space at a line's end is encoded. */
export function quotedPrintable(text: string): string {
  return text
    .split('\r\n')
    .map(line => softLines(encodeLine(line)))
    .join('\r\n')
}

function encodeLine(line: string): string[] {
  const last = Buffer.byteLength(line) - 1
  return Array.from(Buffer.from(line), (byte, i) => {
    const space = byte === 32 || byte === 9
    const literal = space ? i !== last : byte > 32 && byte < 127 && byte !== 61
    return literal
      ? String.fromCharCode(byte)
      : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
  })
}

function softLines(units: readonly string[]): string {
  let text = ''
  let columns = 0
  for (const unit of units) {
    if (columns + unit.length >= QUOTED_COLUMNS) {
      text += '=\r\n'
      columns = 0
    }
    text += unit
    columns += unit.length
  }
  return text
}
