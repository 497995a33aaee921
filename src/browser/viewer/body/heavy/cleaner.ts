import type { Sanitiser } from '../sanitise.ts'

const htmlNamespace = 'http://www.w3.org/1999/xhtml'

/** What is left of an element whose children are cleaned apart from it. */
export type Opened = Element | 'only-children' | 'not-to-be-opened'

/** Gives a tree to the sanitiser in parts. What comes back is put where the part was, and never parsed again. */
export class Cleaner {
  readonly #sanitiser: Sanitiser
  /** Without a window too, and nobody's HTML has ever been parsed into it. */
  readonly #bench = document.implementation.createHTMLDocument()

  constructor(sanitiser: Sanitiser) {
    this.#sanitiser = sanitiser
  }

  /** Moves the nodes away from their tree. */
  clean(nodes: readonly Node[]): DocumentFragment {
    const part = this.#bench.createDocumentFragment()
    part.append(...nodes)
    return this.#sanitiser.clean(part, { RETURN_DOM_FRAGMENT: true })
  }

  /** `<html>` with its head, and a body without what is in it, as HTML. */
  cleanShell(root: Element): string {
    const shell = this.#bench.importNode(root, false)
    for (const child of root.children)
      shell.append(this.#bench.importNode(child, child.localName === 'head'))
    return this.#sanitiser.clean(shell, { WHOLE_DOCUMENT: true })
  }

  /** The sanitiser itself says what it leaves of the element. */
  open(node: Node): Opened {
    if (!(node instanceof Element) || !canBeOpened(node)) return 'not-to-be-opened'
    const alone = this.#bench.importNode(node, false)
    const left = this.clean([alone.cloneNode(false)]).firstChild
    if (left instanceof Element && left.localName === node.localName) return left
    alone.append('x')
    const probed = this.clean([alone])
    const isWord = probed.firstElementChild === null && probed.textContent === 'x'
    return isWord ? 'only-children' : 'not-to-be-opened'
  }
}

/** An element that holds only text is judged with it; a drawing or formula is judged whole. */
function canBeOpened(element: Element): boolean {
  return element.namespaceURI === htmlNamespace && element.firstElementChild !== null
}
