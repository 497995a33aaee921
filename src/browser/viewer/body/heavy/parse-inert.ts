import type { Pace } from './pace.ts'

/** What the parser is given at once. Characters; some milliseconds. */
const sliceLength = { min: 256, first: 2048, max: 32_768 }
/** Tags that are repeated in each paragraph until they end: with 500 of them, four characters are 500 elements. */
const repeatedTags = /<(\/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/>]/gi
/** Slices are shorter, the more of those have no end. */
const lengthByRepeated = 200_000
/** A slice that made more was too long, whatever its tags. */
const maxElementsOfSlice = 8192

/** A letter as a tree. */
export interface ParsedLetter {
  /** Its `<html>`; the document around it can be clobbered by names in the HTML. */
  readonly root: Element
  /** Of its characters, which have been parsed. */
  readonly share: number
}

interface HtmlPolicyFactory {
  createPolicy(
    name: string,
    rules: { createHTML: (html: string) => string },
  ): { createHTML: (html: string) => unknown }
}

/** Taken once by this module, which writes it to documents without a window only: nothing in them runs or loads. */
const policy = (globalThis as { trustedTypes?: HtmlPolicyFactory }).trustedTypes?.createPolicy(
  'zegel-inert',
  { createHTML: html => html },
)

/**
 * Unsafe HTML as a tree for the sanitiser to read from, parsed as a browser parses a page that comes in slowly.
 * @param room elements, about: what follows is not parsed
 */
export async function parseInert(
  html: Iterable<string>,
  pace: Pace,
  room: number,
): Promise<ParsedLetter> {
  const inert = document.implementation.createHTMLDocument()
  inert.open()
  let [parsed, total, elements, open, length] = [0, 0, 0, 0, sliceLength.first]
  for (const piece of html) {
    total += piece.length
    for (let at = 0; at < piece.length && elements <= room;) {
      const slice = piece.slice(at, at + length)
      write(inert, slice)
      at += slice.length
      parsed += slice.length
      const now = countElements(inert)
      open = Math.max(0, open + countOpen(slice))
      length = Math.min(
        nextLength(length, now - elements),
        Math.max(sliceLength.min, Math.floor(lengthByRepeated / (open + 1))),
      )
      elements = now
      await pace.step()
    }
  }
  Document.prototype.close.call(inert)
  const root = document.createTreeWalker(inert, NodeFilter.SHOW_ELEMENT).firstChild()
  if (root instanceof Element) return { root, share: total === 0 ? 1 : parsed / total }
  throw new Error('the parser made no document')
}

function nextLength(length: number, elements: number): number {
  const { min, max } = sliceLength
  return elements > maxElementsOfSlice
    ? Math.max(min, Math.floor(length / 8))
    : Math.min(max, length * 2)
}

/** How many more begin than end. */
function countOpen(slice: string): number {
  let open = 0
  for (const [, end] of slice.matchAll(repeatedTags)) open += end === '' ? 1 : -1
  return open
}

// Both not by the document's own: `<img name=write>` takes its place.

function write(inert: Document, slice: string): void {
  // TrustedHTML is handed on as it is; the types of the DOM still call it a string.
  const trusted = policy === undefined ? slice : (policy.createHTML(slice) as string)
  Document.prototype.write.call(inert, trusted)
}

function countElements(inert: Document): number {
  return Document.prototype.getElementsByTagName.call(inert, '*').length
}
