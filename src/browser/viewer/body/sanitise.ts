import DOMPurify from 'dompurify'
import type {
  Config,
  UponSanitizeAttributeHookEvent,
  UponSanitizeElementHookEvent,
} from 'dompurify'
import { cleanStyleAttribute, cleanStyleSheet } from './clean-css.ts'
import type { CleanCss } from './clean-css.ts'
import { linkTarget } from './link-target.ts'

export interface SanitisedHtml {
  /** Never edited after this. */
  readonly html: string
  /** How many remote addresses were kept out. */
  readonly remoteCount: number
}

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

const configuration: Config = {
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
 * @param inline addresses (`blob:`) by Content-ID
 */
export function sanitiseHtml(
  pieces: readonly string[],
  inline: ReadonlyMap<string, string>,
): SanitisedHtml {
  const remote = new Set<string>()
  const purify = purifier()
  purify.removeAllHooks()
  const clean = new MessageHooks(inline, remote)
  purify.addHook('uponSanitizeElement', (node, event) => clean.element(node, event))
  purify.addHook('uponSanitizeAttribute', (node, event) => clean.attribute(node, event))
  purify.addHook('afterSanitizeAttributes', node => clean.link(node))
  const shape = pieces.length === 1 ? { WHOLE_DOCUMENT: true } : { FORCE_BODY: true }
  const cleaned = pieces.map(piece => purify.sanitize(piece, { ...configuration, ...shape }))
  return { html: cleaned.join('<hr>'), remoteCount: remote.size }
}

let instance: ReturnType<typeof DOMPurify> | undefined
/** One for the page: its Trusted Types policy can be made only once. */
function purifier(): ReturnType<typeof DOMPurify> {
  instance ??= DOMPurify(window)
  return instance
}

class MessageHooks {
  readonly #inline: ReadonlyMap<string, string>
  readonly #remote: Set<string>

  constructor(inline: ReadonlyMap<string, string>, remote: Set<string>) {
    this.#inline = inline
    this.#remote = remote
  }

  element(node: Node, event: UponSanitizeElementHookEvent): void {
    if (node instanceof Element) this.#noteFetches(node)
    if (event.tagName !== 'style') return
    node.textContent = this.#css(cleanStyleSheet(node.textContent ?? '', this.#resolve))
  }

  attribute(node: Element, event: UponSanitizeAttributeHookEvent): void {
    const { attrName: name, attrValue: value } = event
    if (name === 'style') {
      event.attrValue = this.#css(cleanStyleAttribute(value, this.#resolve))
    } else if (name === 'href') {
      const target = linkTarget(value)
      event.keepAttr = target !== null && /^(?:a|area)$/i.test(node.nodeName)
      event.attrValue = target ?? ''
    } else if (fetchedAttributes.has(name)) this.#fetched(event)
  }

  /** Also of elements that are left out whole, such as frames and links to stylesheets. */
  #noteFetches(element: Element): void {
    for (const { name, value } of element.attributes)
      if (fetchedAttributes.has(name) || (name === 'href' && element.localName === 'link'))
        this.#note(value)
  }

  #fetched(event: UponSanitizeAttributeHookEvent): void {
    const resolved = event.attrName === 'src' ? this.#resolve(event.attrValue) : null
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

  readonly #resolve = (address: string): string | null => {
    const trimmed = address.trim()
    if (/^data:image\/(?:png|jpeg|jpg|gif|webp|bmp|avif|svg\+xml)[;,]/i.test(trimmed))
      return trimmed
    const id = /^cid:(.*)$/i.exec(trimmed)?.[1]
    return id === undefined ? null : (this.#inline.get(decodeId(id)) ?? null)
  }

  #css(clean: CleanCss): string {
    for (const one of clean.remote) this.#note(one)
    return clean.css
  }

  #note(address: string): void {
    // `srcset` names several; the first tells enough.
    const remote = /^\s*((?:[a-z][a-z+.-]*:)?\/\/[^\s,]+)/i.exec(address)?.[1]
    if (remote !== undefined) this.#remote.add(remote)
  }
}

function decodeId(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id // not percent-encoded
  }
}
