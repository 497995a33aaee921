/** Lines of an answered text, marked as quoted: `> `, and `>` before what is quoted already. RFC 3676 §4.5 */
export function quoteText(text: string): string {
  const lines = text.trimEnd().split(/\r\n|\r|\n/)
  return lines.map(quoteLine).join('\n')
}

function quoteLine(line: string): string {
  if (line === '') return '>'
  return line.startsWith('>') ? `>${line}` : `> ${line}`
}
