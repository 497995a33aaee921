/** A line that ends in a blank and has not met its end yet. */
interface Paragraph {
  readonly depth: number
  readonly parts: string[]
}

const SIGNATURE = '-- '

/**
 * Joins the lines of a format=flowed text (RFC 3676 §4) that belong to one paragraph, so that it fills any width.
 * Quote marks are kept. @param deleteSpace the blank at a soft line end is not part of the text (§4.1 DelSp).
 */
export function joinFlowed(text: string, deleteSpace: boolean): string {
  const lines: string[] = []
  let open: Paragraph | null = null
  for (const line of text.split('\n')) {
    const depth = quoteDepth(line)
    const content = unstuffed(line, depth)
    if (open !== null && (open.depth !== depth || content === SIGNATURE)) {
      lines.push(quoted(open.parts.join(''), open.depth))
      open = null
    }
    const soft: boolean = content.endsWith(' ') && content !== SIGNATURE
    if (!soft && open === null) {
      lines.push(quoted(content, depth))
      continue
    }
    open ??= { depth, parts: [] }
    open.parts.push(soft && deleteSpace ? content.slice(0, -1) : content)
    if (soft) continue
    lines.push(quoted(open.parts.join(''), depth))
    open = null
  }
  if (open !== null) lines.push(quoted(open.parts.join(''), open.depth))
  return lines.join('\n')
}

function quoteDepth(line: string): number {
  let depth = 0
  while (line.charAt(depth) === '>') depth++
  return depth
}

/** RFC 3676 §4.4 */
function unstuffed(line: string, depth: number): string {
  return line.slice(line.charAt(depth) === ' ' ? depth + 1 : depth)
}

function quoted(text: string, depth: number): string {
  return depth === 0 ? text : `${'>'.repeat(depth)} ${text}`
}
