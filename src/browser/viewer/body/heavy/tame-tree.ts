import { childNodes } from './child-nodes.ts'
import type { Bounds } from '../sanitise.ts'
import type { Pace } from './pace.ts'

/** What begins a line of its own where it cannot be kept. */
const lines = /^(?:address|blockquote|center|dd|div|dl|dt|h[1-6]|li|ol|p|pre|section|table|tr|ul)$/
const shown = NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT

/**
 * Makes of a tree one that a browser can draw: an element with more attributes than anybody writes loses them all, and
 * what is deeper than a layout can go stands at the last depth, line by line. No text is lost. Works on the tree itself.
 * @returns the root, or what has taken its place
 */
export async function tameTree(root: Element, bounds: Bounds, pace: Pace): Promise<Element> {
  const tamer = new Tamer(bounds, pace)
  const tame = tamer.bare(root)
  const walker = document.createTreeWalker(tame, NodeFilter.SHOW_ELEMENT)
  for (let depth = 0; ; await pace.step()) {
    if (depth < bounds.depth && walker.firstChild() !== null) depth += 1
    else for (; depth > 0 && walker.nextSibling() === null; depth -= 1) walker.parentNode()
    if (depth === 0) return tame
    const element = tamer.bare(walker.currentNode as Element)
    walker.currentNode = element
    if (depth === bounds.depth) await tamer.flatten(element)
  }
}

/** Nothing by an element's own functions: a form's fields can take their place. */
class Tamer {
  readonly #bounds: Bounds
  readonly #pace: Pace
  /** Without a window too, and nobody's HTML has ever been parsed into it. */
  readonly #bench = document.implementation.createHTMLDocument()

  constructor(bounds: Bounds, pace: Pace) {
    this.#bounds = bounds
    this.#pace = pace
  }

  /** The element, or one without attributes that has taken its place: to remove them one by one could take minutes. */
  bare(element: Element): Element {
    const names = Element.prototype.getAttributeNames.call(element)
    if (names.length <= this.#bounds.attributes) return element
    const copy = this.#bench.createElement(nameOf(element))
    for (const child of childNodes(element)) copy.append(child)
    Element.prototype.replaceWith.call(element, copy)
    return copy
  }

  /** All that is within goes right below it, without what was around it. */
  async flatten(element: Element): Promise<void> {
    const flat = this.#bench.createDocumentFragment()
    for (const node of await this.#lastOnes(element)) {
      flat.append(node)
      await this.#pace.step()
    }
    Element.prototype.replaceChildren.call(element, flat)
  }

  /** Texts and elements that hold no other elements, with line ends for those that hold some. */
  async #lastOnes(element: Element): Promise<readonly Node[]> {
    const walker = document.createTreeWalker(element, shown)
    const found: Node[] = []
    for (let node = walker.firstChild(); node !== null; await this.#pace.step()) {
      if (isLast(node)) {
        const last = node instanceof Element ? this.bare(node) : node
        walker.currentNode = last
        found.push(last)
        node = following(walker)
      } else {
        if (lines.test(nameOf(node)) && !(found.at(-1) instanceof HTMLBRElement))
          found.push(this.#bench.createElement('br'))
        node = walker.firstChild()
      }
    }
    return found
  }
}

function isLast(node: Node): boolean {
  if (!(node instanceof Element)) return true
  return !(node instanceof HTMLFormElement) && node.firstElementChild === null
}

/** `span` for all that is no usual element of HTML. */
function nameOf(node: Node): string {
  const isUsual = node instanceof HTMLElement && !(node instanceof HTMLFormElement)
  return isUsual && /^[a-z][a-z0-9]*$/.test(node.localName) ? node.localName : 'span'
}

/** The next that is not within the walker's own; null when there is none. */
function following(walker: TreeWalker): Node | null {
  for (;;) {
    const next = walker.nextSibling()
    if (next !== null || walker.parentNode() === null) return next
  }
}
