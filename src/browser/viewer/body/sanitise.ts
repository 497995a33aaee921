import type {
  Config,
  UponSanitizeAttributeHookEvent,
  UponSanitizeElementHookEvent,
} from 'dompurify'
import { cleanStyleAttribute, cleanStyleSheet } from './clean-css.ts'
import type { CssContext } from './clean-css.ts'
import { linkTarget } from './link-target.ts'
import { purifier } from './purifier.ts'
import { RemoteItems } from './remote-items.ts'
import type { RemoteCounts } from './remote-items.ts'

export interface SanitisedHtml {
  /** Never edited after this. */
  readonly html: string
  /** What was kept out. */
  readonly remote: RemoteCounts
  /** True when it has, or had, colours of its own: it is meant for white paper. */
  readonly coloured: boolean
}

/** How a message is to be sanitised, beyond being made harmless. */
export interface SanitiseWishes {
  /** Addresses (`blob:`) of the message's own pictures by Content-ID. */
  readonly inline: ReadonlyMap<string, string>
  /** Without the message's own colours. */
  readonly plain: boolean
  /** Changes the tree before it is walked: folds older messages. */
  readonly prepare: ((root: Element) => void) | null
  /** Whether a page can draw the picture that a `data:` address is; without this none is shown. */
  readonly canBeDrawn?: ((address: string) => boolean) | undefined
  /** It comes in parts; what it wanted to fetch is noted of the whole, by whoever parts it. */
  readonly inParts?: boolean
  /** Where links lead; to the page that shows their target when absent. Null: no link. */
  readonly link?: (href: string) => string | null
  readonly atMost?: Bounds
}

/** Of a letter that is drawn at once. */
export interface Bounds {
  /** Unclosed tags make a thousand times more of them than a letter is long. */
  readonly elements: number
  /** Elements within elements. */
  readonly depth: number
  /** Of one element. */
  readonly attributes: number
}

/** Thrown through the sanitiser when its tree is larger than is wished. */
export class TooMuch extends Error {}

/** Elements beyond the HTML profile's own exclusions: nothing to type into, nothing that plays or loads. */
const forbiddenTags = [
  'audio',
  'base',
  'button',
  'canvas',
  'datalist',
  'dialog',
  'fieldset',
  'form',
  'input',
  'link',
  'meta',
  'meter',
  'optgroup',
  'option',
  'output',
  'picture',
  'progress',
  'select',
  'slot',
  'source',
  'template',
  'textarea',
  'title',
  'track',
  'video',
]

/** Style sheets of a letter: what follows is left out. Characters; a browser reads them in one step of some 100 ms, and tries each rule on each element. */
const maxCssLength = 200_000

/** What gives colours without CSS. */
const colourAttributes: ReadonlySet<string> = new Set([
  'alink',
  'bgcolor',
  'color',
  'link',
  'text',
  'vlink',
])

/** Attributes whose value a browser fetches. */
const fetchedAttributes: ReadonlySet<string> = new Set([
  'background',
  'data',
  'dynsrc',
  'lowsrc',
  'poster',
  'src',
  'srcset',
  'xlink:href',
])

/** Of every letter; a `shape` may narrow it. */
export const configuration: Config = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: forbiddenTags,
  FORBID_ATTR: [
    'action',
    'autofocus',
    'cite',
    'formaction',
    'longdesc',
    'ping',
    'profile',
    'srcset',
  ],
  ADD_ATTR: ['target'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: true,
  // What our hooks put in, and values without a scheme.
  ALLOWED_URI_REGEXP: /^(?:about:srcdoc#|blob:|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
}

/**
 * Makes the HTML of a message harmless: no script, form, frame or remote content; links lead to the
 * page that shows their target; `cid:` pictures come from the message itself.
 * One piece gives a whole document, with the attributes of its body; several are cleaned each alone,
 * so that an unclosed tag of one cannot swallow the next.
 * @returns null when it is larger than is wished
 */
export function sanitiseHtml(
  pieces: readonly string[],
  wishes: SanitiseWishes,
): SanitisedHtml | null {
  const sanitiser = new Sanitiser(wishes)
  const shape = pieces.length === 1 ? { WHOLE_DOCUMENT: true } : { FORCE_BODY: true }
  try {
    const cleaned = pieces.map(piece => sanitiser.clean(piece, shape))
    return { html: cleaned.join('<hr>'), ...sanitiser.found }
  } catch (error) {
    if (error instanceof TooMuch) return null
    throw error
  }
}

/** The sanitiser for one letter, which it may be given piece by piece. */
export class Sanitiser {
  readonly #clean: MessageHooks

  constructor(wishes: SanitiseWishes) {
    this.#clean = new MessageHooks(wishes)
  }

  get remote(): RemoteItems {
    return this.#clean.remote
  }

  get found(): Omit<SanitisedHtml, 'html'> {
    return { remote: this.#clean.remote.counts(), coloured: this.#clean.coloured }
  }

  /** Never edited after this, whatever `shape` it has. A node is copied first and stays as it is. */
  clean(piece: string | Node, shape: Config & { RETURN_DOM_FRAGMENT: true }): DocumentFragment
  clean(piece: string | Node, shape: Config): string
  clean(piece: string | Node, shape: Config): string | DocumentFragment {
    const [purify, clean] = [purifier(), this.#clean]
    purify.removeAllHooks() // another letter may have been cleaned since the last piece
    purify.addHook('uponSanitizeElement', (node, event) => clean.element(node, event))
    purify.addHook('uponSanitizeAttribute', (node, event) => clean.attribute(node, event))
    purify.addHook('afterSanitizeAttributes', node => {
      clean.link(node)
      clean.picture(node)
    })
    clean.atRoot = true
    return purify.sanitize(piece, { ...configuration, ...shape })
  }
}

class MessageHooks {
  readonly remote = new RemoteItems()
  coloured = false
  /** The next node is the first of a piece, with the whole tree below it still as it was sent. */
  atRoot = false
  readonly #wishes: SanitiseWishes
  readonly #css: CssContext
  #cssRoom = maxCssLength
  #elements = 0
  /** Letters repeat themselves: style attributes that have been cleaned already. */
  readonly #styles = new Map<string, string>()

  constructor(wishes: SanitiseWishes) {
    this.#wishes = wishes
    this.#css = {
      resolve: this.#resolve,
      noteRemote: (address, kind) => this.remote.note(address, kind),
      noteColours: () => (this.coloured = true),
      plain: wishes.plain,
    }
  }

  element(node: Node, event: UponSanitizeElementHookEvent): void {
    if (this.atRoot && node instanceof Element) this.#root(node)
    if (event.tagName !== 'style') return
    const css = (node.textContent ?? '').slice(0, this.#cssRoom)
    this.#cssRoom -= css.length
    node.textContent = cleanStyleSheet(css, this.#css)
  }

  #root(root: Element): void {
    this.atRoot = false
    const { atMost } = this.#wishes
    if (atMost !== undefined) this.#measure(root, atMost)
    if (this.#wishes.inParts !== true) this.remote.noteTree(root)
    this.#wishes.prepare?.(root)
  }

  /** Before anything looks at each element, or at each attribute: that may take minutes. */
  #measure(root: Element, { elements, depth, attributes }: Bounds): void {
    const all = [root, ...root.querySelectorAll('*')]
    this.#elements += all.length
    const isTooMuch =
      this.#elements > elements ||
      root.querySelector(`*${'>*'.repeat(depth)}`) !== null ||
      all.some(one => one.attributes.length > attributes)
    if (isTooMuch) throw new TooMuch()
  }

  attribute(node: Element, event: UponSanitizeAttributeHookEvent): void {
    const { attrName: name, attrValue: value } = event
    if (name === 'style') {
      const known = this.#styles.get(value) ?? cleanStyleAttribute(value, this.#css)
      this.#styles.set(value, known)
      event.attrValue = known
    } else if (name === 'href') {
      const target = (this.#wishes.link ?? linkTarget)(value)
      event.keepAttr = target !== null && /^(?:a|area)$/i.test(node.nodeName)
      event.attrValue = target ?? ''
    } else if (fetchedAttributes.has(name)) this.#fetched(event)
    else if (colourAttributes.has(name)) {
      this.coloured = true
      event.keepAttr &&= !this.#wishes.plain
    }
  }

  #fetched(event: UponSanitizeAttributeHookEvent): void {
    const { attrName, attrValue } = event
    const canBeOwn = attrName === 'src' || (attrName === 'background' && !this.#wishes.plain)
    const resolved = canBeOwn ? this.#resolve(attrValue) : null
    event.keepAttr = resolved !== null
    event.attrValue = resolved ?? ''
  }

  link(node: Element): void {
    const href = node.getAttribute('href')
    node.removeAttribute('target')
    if (href === null || href.startsWith('about:')) return
    node.setAttribute('target', '_blank')
    node.setAttribute('rel', 'noopener noreferrer')
  }

  /** A picture keeps the proportions that its attributes give it where it is made narrower: a line stays a line. */
  picture(node: Element): void {
    if (!(node instanceof HTMLImageElement) || node.style.height !== '') return
    const [width, height] = [node.getAttribute('width'), node.getAttribute('height')].map(Number)
    if (!(width && height && width > 0 && height > 0)) return
    node.style.height = 'auto'
    node.style.aspectRatio = `${width}/${height}`
  }

  readonly #resolve = (address: string): string | null => {
    const trimmed = address.trim()
    // Not SVG: a kilobyte of it names itself a billion times, and would stop the page.
    if (/^data:image\/(?:png|jpeg|jpg|gif|webp|bmp|avif)[;,]/i.test(trimmed))
      return this.#wishes.canBeDrawn?.(trimmed) === true ? trimmed : null
    const id = /^cid:(.*)$/i.exec(trimmed)?.[1]
    return id === undefined ? null : (this.#wishes.inline.get(decodeId(id)) ?? null)
  }
}

function decodeId(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id // not percent-encoded
  }
}
