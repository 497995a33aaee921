import type { ReplyPart } from '../../../core/reply/reply-head.ts'
import { writeField } from '../write-field.ts'
import { filePartHeader, textPartHeader } from './part-header.ts'

/** A body part, and what stands in the mail between it and the one before. */
export interface PlacedPart {
  readonly before: string
  readonly part: ReplyPart
}

export interface ReplyTree {
  /** The fields of MIME of the whole mail, empty line included. */
  readonly header: string
  /** In the order of the head. */
  readonly parts: readonly PlacedPart[]
  /** Behind the last part. */
  readonly end: string
}

type Tree =
  | { readonly part: ReplyPart }
  | { readonly subtype: string; readonly boundary: string; readonly children: readonly Tree[] }

/**
 * `mixed[ related[ alternative[ text, html ], inline… ], attachments… ]`, with only the levels that are needed.
 * @param newBoundary a text that no content can hold, another each time
 */
export function replyTree(parts: readonly ReplyPart[], newBoundary: () => string): ReplyTree {
  const tree = treeOf(parts, newBoundary)
  const placed: PlacedPart[] = []
  const end = place(tree, '', placed)
  return { header: headerOf(tree), parts: placed, end: `${end}\r\n` }
}

function treeOf(parts: readonly ReplyPart[], newBoundary: () => string): Tree {
  const named = (...roles: ReplyPart['role'][]): readonly Tree[] =>
    parts.filter(({ role }) => roles.includes(role)).map(part => ({ part }))
  const join = (subtype: string, children: readonly Tree[]): Tree => {
    const [only, ...more] = children
    return only !== undefined && more.length === 0
      ? only
      : { subtype, boundary: newBoundary(), children }
  }
  const written = join('alternative', named('text', 'html'))
  const hasHtml = named('html').length > 0
  // Without HTML nothing refers to a picture: it is one file among others.
  const letter = hasHtml ? join('related', [written, ...named('inline')]) : written
  return join('mixed', [letter, ...named(...(hasHtml ? [] : ['inline' as const]), 'attachment')])
}

function headerOf(tree: Tree): string {
  if (!('part' in tree)) {
    // RFC 2387 §3.1: what the first of related parts is.
    const type = tree.subtype === 'related' ? '; type="multipart/alternative"' : ''
    const value = `multipart/${tree.subtype}${type}; boundary="${tree.boundary}"`
    return `${writeField('Content-Type', value)}\r\n`
  }
  const { part } = tree
  if ('type' in part) return filePartHeader(part)
  return textPartHeader(part.role === 'html' ? 'html' : 'plain')
}

/** Takes what stands before, gives what stands behind. */
function place(tree: Tree, before: string, placed: PlacedPart[]): string {
  if ('part' in tree) {
    placed.push({ before, part: tree.part })
    return ''
  }
  const { boundary, children } = tree
  let between = before
  for (const child of children)
    between = place(child, `${between}\r\n--${boundary}\r\n${headerOf(child)}`, placed)
  return `${between}\r\n--${boundary}--`
}
