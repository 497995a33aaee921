import type { BodySection } from './body-section.ts'
import type { MimeNode } from './mime-tree.ts'

/** One of the children of a multipart/alternative and what it says. */
export interface Alternative {
  readonly node: MimeNode
  readonly sections: readonly BodySection[]
}

/**
 * The best of several versions of the same text (RFC 2046 §5.1.4: the last that can be shown), as HTML with the
 * best plain version beside it. Kinds of text that are only shown as they stand (enriched, AMP) come last.
 */
export function chooseAlternative(alternatives: readonly Alternative[]): readonly BodySection[] {
  const rich = alternatives.findLast(({ sections }) => sections.some(isRich))?.sections
  const texts = alternatives.filter(({ sections }) => sections.length > 0 && !sections.some(isRich))
  const plain = texts.findLast(({ node }) => isPlain(node))?.sections
  if (rich === undefined) return plain ?? texts.at(-1)?.sections ?? []
  const [first, ...others] = rich
  if (first === undefined || others.length > 0 || plain === undefined) return rich
  return [{ html: first.html, text: plain.map(({ text }) => text ?? '').join('\n') }]
}

function isRich({ html }: BodySection): boolean {
  return html !== null && html.trim() !== ''
}

function isPlain({ type }: MimeNode): boolean {
  return type === 'text/plain' || type.startsWith('multipart/')
}
