/** What a message wanted to fetch, as a person would call it. */
export type RemoteKind = 'picture' | 'tracker' | 'style' | 'font' | 'media' | 'page' | 'other'

/** Number of different addresses by kind; kinds without any are not in it. */
export type RemoteCounts = Readonly<Partial<Record<RemoteKind, number>>>

/** Attributes that a browser fetches, or once did, on whatever element. */
const fetched =
  /^(?:archive|attributionsrc|background|classid|code|codebase|data|dynsrc|from|href|icon|imagesrcset|lowsrc|manifest|movie|o:href|ping|poster|src|srcset|to|values|xlink:href)$/i
/** By `element attribute`; the first that fits. */
const kinds: readonly (readonly [RemoteKind, RegExp])[] = [
  ['tracker', / (?:ping|attributionsrc)$/],
  [
    'picture',
    /^(?:feimage|image|img|input|use) | (?:background|icon|imagesrcset|lowsrc|poster|srcset)$/,
  ],
  ['media', /^(?:audio|bgsound|source|track|video) /],
  ['page', /^(?:applet|embed|fencedframe|frame|iframe|object|portal) /],
]
/** Elements whose `href` is a place to go to, or a base for it. */
const leads = /^(?:a|area|base)$/
/** Larger ones are seen, and may be part of the letter. CSS pixels. */
const trackerPixels = 3
const remoteAddress = /^(?:[a-z][a-z+.-]*:)?(?:\/\/|\\\\)./i
const relativeAddress = /^[^#:]+$/

const imports = /@import\s*(?:url\(\s*)?["']?([^"')\s;]+)/gi
const fontFaces = /@font-face\s*\{[^}]*/gi
/** In `url(…)`, or in quotes as `image-set` has them. */
const inCss = /(?:url\(\s*["']?|["']\s*)((?:[a-z]+:)?\/\/[^"')\s]+)/gi
/** One without an end goes to the end. */
const comments = /\/\*[^]*?(?:\*\/|$)/g

/** Notes each address once, by the first kind that it is met as. */
export class RemoteItems {
  readonly #kinds = new Map<string, RemoteKind>()
  #base = ''

  note(address: string, kind: RemoteKind): void {
    const plain = address.replaceAll(/[\t\r\n]/g, '').trim()
    const whole =
      relativeAddress.test(plain) && !plain.startsWith('//') ? this.#base + plain : plain
    if (remoteAddress.test(whole) && !this.#kinds.has(whole)) this.#kinds.set(whole, kind)
  }

  /** Everything under `root` that names what to fetch, also in what is left out whole. */
  noteTree(root: ParentNode): void {
    this.noteBase(root)
    if (root instanceof Element) this.noteElement(root)
    for (const element of root.querySelectorAll('*')) {
      this.noteElement(element)
      if (element instanceof HTMLTemplateElement) this.noteTree(element.content)
    }
  }

  /** What relative addresses under `root` are relative to; comes before they are noted. */
  noteBase(root: ParentNode): void {
    this.#base ||= root.querySelector('base')?.getAttribute('href') ?? ''
  }

  counts(): RemoteCounts {
    const counts: Partial<Record<RemoteKind, number>> = {}
    for (const kind of this.#kinds.values()) counts[kind] = (counts[kind] ?? 0) + 1
    return counts
  }

  /** Without what is in it. */
  noteElement(element: Element): void {
    if (element instanceof HTMLFormElement) return // its fields can take the place of its properties
    const tag = element.localName.toLowerCase()
    for (const { name, value } of element.attributes)
      if (fetched.test(name) && !(name === 'href' && leads.test(tag)))
        for (const one of /srcset|attributionsrc/i.test(name) ? value.split(/[\s,]+/) : [value])
          this.note(one, kindOf(element, tag, name.toLowerCase()))
      else if (value.includes('(')) this.#noteCss(value)
    if (tag === 'style') this.#noteCss(element.textContent ?? '')
    if (tag === 'meta' && element.getAttribute('http-equiv')?.toLowerCase() === 'refresh')
      this.note(
        /url\s*=\s*["']?(.*)/is.exec(element.getAttribute('content') ?? '')?.[1] ?? '',
        'page',
      )
  }

  /** Also of rules and properties that this browser does not know. */
  #noteCss(css: string): void {
    const plain = css.replaceAll(comments, '')
    for (const [, found = ''] of plain.matchAll(imports)) this.note(found, 'style')
    for (const [rule] of plain.matchAll(fontFaces))
      for (const [, found = ''] of rule.matchAll(inCss)) this.note(found, 'font')
    for (const [, found = ''] of plain.matchAll(inCss)) this.note(found, 'picture')
  }
}

function kindOf(element: Element, tag: string, name: string): RemoteKind {
  if (tag === 'img' && isTiny(element)) return 'tracker'
  const words = `${element.getAttribute('rel') ?? ''} ${element.getAttribute('as') ?? ''}`
  if (tag === 'link' && words.includes('style')) return 'style'
  if (tag === 'link' && words.includes('font')) return 'font'
  return kinds.find(([, pattern]) => pattern.test(`${tag} ${name}`))?.[0] ?? 'other'
}

/** A picture that nobody is to see: it is there to be fetched. */
function isTiny(image: Element): boolean {
  const style = image.getAttribute('style') ?? ''
  const isSmall = (name: string): boolean => {
    const styled = new RegExp(`(?:^|[;\\s])${name}\\s*:\\s*([\\d.]+)`, 'i').exec(style)?.[1]
    return Number.parseFloat(styled ?? image.getAttribute(name) ?? '') <= trackerPixels
  }
  const isHidden = image.hasAttribute('hidden') || /display\s*:\s*none/i.test(style)
  return isHidden || (isSmall('width') && isSmall('height'))
}
