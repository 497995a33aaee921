import { QUOTE_BLOCKS, QUOTE_STARTS } from '../mail/quotes/quote-selectors.ts'
import { foldClass } from './fold-class.ts'

/** Shorter quotes are read quicker than opened. Characters. */
const minFolded = 400
/** More elements that look like quotes are not looked at: each costs a walk over the letter. */
const maxCandidates = 8
/** Where the parser leaves a `<details>` as it is. */
const parents = 'body, div, section, article, main, center, td, th'

/**
 * Folds the older messages at the end of a letter, when they are long and something stands before them. Works on
 * the tree that the sanitiser is about to walk, before it does: what is made here is sanitised like the rest.
 * @param label what the fold is called when it is closed, in the reader's language
 */
export function foldQuote(root: Element, label: string): void {
  const body = root.localName === 'html' ? root.querySelector('body') : root
  const selector = [...QUOTE_BLOCKS, ...QUOTE_STARTS].join()
  if (body === null || selector === '') return
  // A form's fields can take the place of its properties.
  const candidates = [...body.querySelectorAll(`:is(${selector}):not(form)`)].slice(
    0,
    maxCandidates,
  )
  const nodes = candidates.map(quoteOf).find(quote => isLast(body, quote))
  const first = nodes?.[0]
  if (nodes === undefined || first === undefined || !isLong(nodes)) return
  // Of the page: names in the letter can take the place of its own document's functions.
  const details = document.createElement('details')
  const summary = document.createElement('summary')
  summary.textContent = label
  details.className = foldClass
  first.before(details)
  details.append(summary, ...nodes)
}

/** The element, or with it all that follows it. */
function quoteOf(element: Element): readonly ChildNode[] {
  const nodes: ChildNode[] = [element]
  const { parentNode } = element
  if (parentNode === null || QUOTE_BLOCKS.some(selector => element.matches(selector))) return nodes
  // Not by `nextSibling`: a form's fields can take its place and lead back, for ever.
  const walker = document.createTreeWalker(parentNode)
  walker.currentNode = element
  while (walker.nextSibling() !== null) nodes.push(walker.currentNode as ChildNode)
  return nodes
}

function isLast(body: Element, quote: readonly ChildNode[]): boolean {
  const [first, last] = [quote[0], quote.at(-1)]
  const parent = first?.parentElement ?? null
  if (parent === null || last === undefined || first === undefined) return false
  if (parent instanceof HTMLFormElement || !parent.matches(parents)) return false
  return hasContent(body, first, 'before') && !hasContent(body, last, 'after')
}

/** Whether anything can be seen of what stands before a node, or after it and what is in it. */
function hasContent(body: Element, node: Node, side: 'before' | 'after'): boolean {
  const walker = document.createTreeWalker(body, shown, rejectUnseen)
  if (side === 'before') {
    while (walker.nextNode() !== null && walker.currentNode !== node)
      if (isContent(walker.currentNode)) return true
    return false
  }
  walker.currentNode = node
  while (walker.nextSibling() === null) if (walker.parentNode() === null) return false
  do if (isContent(walker.currentNode)) return true
  while (walker.nextNode() !== null)
  return false
}

const shown = NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT

function rejectUnseen(node: Node): number {
  const isUnseen = /^(?:style|script|title|template)$/i.test(node.nodeName)
  return isUnseen ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT
}

function isContent(node: Node): boolean {
  return node instanceof Text ? node.data.trim() !== '' : /^img$/i.test(node.nodeName)
}

function isLong(nodes: readonly ChildNode[]): boolean {
  return nodes.reduce((sum, node) => sum + (node.textContent ?? '').trim().length, 0) >= minFolded
}
