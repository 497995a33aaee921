import type { Sanitiser } from '../sanitise.ts'

/** What is left of an element whose children are cleaned apart from it. */
export type Opened = Element | 'only-children' | 'nothing' | 'not-to-be-opened'

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

  /**
   * The sanitiser itself says what it leaves of the element. One that holds only text is judged with it, and a drawing
   * or formula whole, but where nothing is left of either.
   */
  open(node: Node): Opened {
    if (!(node instanceof Element)) return 'not-to-be-opened'
    const alone = this.#bench.importNode(node, false)
    const left = this.clean([alone.cloneNode(false)]).firstChild
    // Not by `namespaceURI`: a form's fields can take its place.
    const canBeOpened = node instanceof HTMLElement && node.firstElementChild !== null
    if (left instanceof Element && left.localName === node.localName)
      return canBeOpened ? left : 'not-to-be-opened'
    alone.append('x')
    const { firstElementChild, textContent } = this.clean([alone])
    if (firstElementChild === null && textContent === '') return 'nothing'
    const isWord = firstElementChild === null && textContent === 'x'
    return canBeOpened && isWord ? 'only-children' : 'not-to-be-opened'
  }
}
