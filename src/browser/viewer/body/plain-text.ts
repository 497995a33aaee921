import { escapeHtml } from '../../../core/envelope/escape-html.ts'
import { foldClass } from './fold-class.ts'

/** Lines that are quoted deeper than this are shown at this depth: bounds the nesting. */
const maxQuoteDepth = 20
/** Longer addresses are shown as text: bounds the pattern's work. */
const maxLinkLength = 2000

/** A quote at the end that is shorter is read quicker than opened. Lines. */
const minFoldedLines = 8

export interface PlainFold {
  readonly label: string
  readonly startOfQuote: (lines: readonly string[]) => number
}

/** A browser lays out the lines of one block in one step: a longer text is several. Lines. */
const linesOfBlock = 1000

/**
 * Plain text (LF or CRLF line ends) as HTML: quotes as blocks, addresses as links, the rest to the letter.
 * @param fold what a long quote at the end is called, which is folded then, and where it begins; null to fold nothing
 */
export function plainTextToHtml(text: string, fold: PlainFold | null = null): string {
  return [...plainTextPieces(text, fold)].join('')
}

/** The same, piece by piece. */
export function* plainTextPieces(text: string, fold: PlainFold | null): Generator<string> {
  const lines = text.split(/\r\n|\r|\n/)
  const at = fold === null ? lines.length : startOfFold(lines, fold)
  yield '<div class="plain">'
  yield* renderBlocks(lines.slice(0, at))
  if (fold !== null && at < lines.length) {
    yield `<details class="${foldClass}"><summary>${escapeHtml(fold.label)}</summary>`
    yield* renderBlocks(lines.slice(at))
    yield '</details>'
  }
  yield '</div>'
}

function* renderBlocks(lines: readonly string[]): Generator<string> {
  for (let at = 0; at < lines.length; at += linesOfBlock) {
    const block = renderQuotes(lines.slice(at, at + linesOfBlock).map(readQuote))
    yield lines.length > linesOfBlock ? `<div>${block}</div>` : block
  }
}

/** The number of lines when there is no quote at the end, or a short one. */
function startOfFold(lines: readonly string[], { startOfQuote }: PlainFold): number {
  const start = startOfQuote(lines)
  return lines.length - start < minFoldedLines ? lines.length : start
}

interface Line {
  readonly depth: number
  readonly text: string
}

/** The number of `>` is the depth; one space after them belongs to the mark. RFC 3676 §4.5 */
function readQuote(line: string): Line {
  const marks = /^(?:> ?)*>/.exec(line)?.[0] ?? ''
  const depth = Math.min(marks.replaceAll(' ', '').length, maxQuoteDepth)
  const text = line.slice(marks.length)
  return { depth, text: depth > 0 && text.startsWith(' ') ? text.slice(1) : text }
}

function renderQuotes(lines: readonly Line[]): string {
  const parts: string[] = []
  let depth = 0
  for (const line of lines) {
    for (; depth < line.depth; depth++) parts.push('<blockquote>')
    for (; depth > line.depth; depth--) parts.push('</blockquote>')
    parts.push(`${renderLinks(line.text)}\n`)
  }
  return parts.join('') + '</blockquote>'.repeat(depth)
}

const link = new RegExp(
  `\\b(?:https?://|www\\.)[^\\s<>"]{1,${maxLinkLength}}|[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}`,
  'giu',
)

function renderLinks(text: string): string {
  const parts: string[] = []
  let at = 0
  for (const match of text.matchAll(link)) {
    const shown = withoutPunctuation(match[0])
    parts.push(escapeHtml(text.slice(at, match.index)), renderLink(shown))
    at = match.index + shown.length
  }
  return parts.join('') + escapeHtml(text.slice(at))
}

function renderLink(shown: string): string {
  const href = shown.includes('://')
    ? shown
    : /^www\./i.test(shown)
      ? `https://${shown}`
      : shown.includes('@')
        ? `mailto:${shown}`
        : ''
  return `<a href="${escapeHtml(href)}">${escapeHtml(shown)}</a>`
}

/** What ends a sentence after a link is not part of it; a bracket only when it opened before the link. */
function withoutPunctuation(found: string): string {
  const ends = found.includes('(') ? punctuation : `${punctuation})`
  let length = found.length
  while (length > 0 && ends.includes(found.charAt(length - 1))) length--
  return found.slice(0, length)
}
const punctuation = ".,;:!?'*_~"
