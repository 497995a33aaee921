import { MAX_QUOTE_LINES } from '../limits.ts'

/**
 * The line with which the older messages at the end of a plain text begin: lines with `>` and the line that names their
 * writer, a divider (`-----Original Message-----`) or a line above header fields, as Outlook writes them. In every
 * language: it looks at the shape of the lines. The number of lines when the text does not end so, or is nothing else.
 */
export function startOfQuote(lines: readonly string[]): number {
  if (lines.length > MAX_QUOTE_LINES) return lines.length
  const divider = lines.findIndex((line, i) => isDivider(line) && hasFields(lines, i + 1))
  const start = divider < 0 ? startOfMarks(lines) : divider
  return lines.slice(0, start).some(isVisible) ? start : lines.length
}

function isVisible(line: string): boolean {
  return line.trim() !== ''
}

/** Dashes around words, or a line of underscores. */
function isDivider(line: string): boolean {
  return /^\s{0,9}(?:-{3,20}\s?[^\s-][^-]{2,60}-{3,20}|_{10,80})\s*$/.test(line)
}

/** Three of the next lines are fields (`From: …`, `送信者： …`), whatever they are called. */
function hasFields(lines: readonly string[], from: number): boolean {
  const next = lines.slice(from, from + 7)
  return (
    next.filter(line => /^\s{0,9}\*?[\p{L}][\p{L}\p{M}' ’-]{0,25}\*? ?[:：]/u.test(line)).length >=
    3
  )
}

/** The `>` at the end, with the one or two lines before that end in a colon and name who wrote it. */
function startOfMarks(lines: readonly string[]): number {
  let start = lines.length
  while (start > 0 && (!isVisible(lines[start - 1] ?? '') || isMarked(lines[start - 1]))) start--
  while (start < lines.length && !isMarked(lines[start])) start++
  if (start === lines.length) return start
  const writer = lastVisible(lines, start)
  if (!/[:：]\s*$/.test(lines[writer] ?? '')) return start
  // Cut in two by its length: the date is in the line above.
  return !/\d/.test(lines[writer] ?? '') && namesDateAndWriter(lines[writer - 1] ?? '')
    ? writer - 1
    : writer
}

function namesDateAndWriter(line: string): boolean {
  const date = line.search(/\d/)
  return date >= 0 && /[<@,]/.test(line.slice(date))
}

function isMarked(line: string | undefined): boolean {
  return line?.startsWith('>') === true
}

/** -1 when there is none. */
function lastVisible(lines: readonly string[], before: number): number {
  return lines.findLastIndex((line, i) => i < before && isVisible(line))
}
