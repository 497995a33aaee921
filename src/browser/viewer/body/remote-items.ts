/** What a message wanted to fetch, as a person would call it. */
export type RemoteKind = 'picture' | 'tracker' | 'style' | 'font' | 'media' | 'page' | 'other'

/** Number of different addresses by kind; kinds without any are not in it. */
export type RemoteCounts = Readonly<Partial<Record<RemoteKind, number>>>

/** Attributes that a browser fetches, or once did, on whatever element. */
const kindOfAttribute: Readonly<Record<string, RemoteKind>> = {
  archive: 'page',
  attributionsrc: 'tracker',
  background: 'picture',
  classid: 'page',
  code: 'page',
  codebase: 'page',
  data: 'page',
  dynsrc: 'media',
  href: 'other',
  icon: 'picture',
  imagesrcset: 'picture',
  lowsrc: 'picture',
  manifest: 'other',
  movie: 'media',
  ping: 'tracker',
  poster: 'picture',
  src: 'other',
  srcset: 'picture',
  'xlink:href': 'other',
}

const kindOfElement: Readonly<Record<string, RemoteKind>> = {
  applet: 'page',
  audio: 'media',
  bgsound: 'media',
  embed: 'page',
  feimage: 'picture',
  fencedframe: 'page',
  frame: 'page',
  iframe: 'page',
  image: 'picture',
  img: 'picture',
  input: 'picture',
  object: 'page',
  portal: 'page',
  source: 'media',
  track: 'media',
  use: 'picture',
  video: 'media',
}

/** Elements whose `href` is a place to go to, or a base for it. */
const leads: ReadonlySet<string> = new Set(['a', 'area', 'base'])
/** Larger ones are seen, and may be part of the letter. CSS pixels. */
const trackerPixels = 3
const remoteAddress = /^\s*((?:[a-z][a-z+.-]*:)?(?:\/\/|\\\\)[^\s,]+)/i

/** Notes each address once, by the first kind that it is met as. */
export class RemoteItems {
  readonly #kinds = new Map<string, RemoteKind>()

  /** @param address as written; `srcset` names several, of which the first tells enough */
  note(address: string, kind: RemoteKind): void {
    const remote = remoteAddress.exec(address)?.[1]
    if (remote !== undefined && !this.#kinds.has(remote)) this.#kinds.set(remote, kind)
  }

  /** Everything under `root` that names what to fetch, also in what is left out whole. */
  noteTree(root: ParentNode): void {
    if (root instanceof Element) this.#noteElement(root)
    for (const element of root.querySelectorAll('*')) this.#noteElement(element)
  }

  counts(): RemoteCounts {
    const counts: Partial<Record<RemoteKind, number>> = {}
    for (const kind of this.#kinds.values()) counts[kind] = (counts[kind] ?? 0) + 1
    return counts
  }

  #noteElement(element: Element): void {
    if (element instanceof HTMLFormElement) return // its fields can take the place of its properties
    const tag = element.localName.toLowerCase()
    for (const { name, value } of element.attributes) {
      const kind = kindOfAttribute[name.toLowerCase()]
      if (kind === undefined || (name === 'href' && leads.has(tag))) continue
      this.note(value, kind === 'other' ? kindOf(element, tag) : kind)
    }
    if (tag === 'meta') this.note(refreshed(element), 'page')
    if (element instanceof HTMLTemplateElement) this.noteTree(element.content)
  }
}

function kindOf(element: Element, tag: string): RemoteKind {
  if (tag === 'img' && isTiny(element)) return 'tracker'
  if (tag !== 'link') return kindOfElement[tag] ?? 'other'
  const words = `${element.getAttribute('rel') ?? ''} ${element.getAttribute('as') ?? ''}`
  return /stylesheet|style/i.test(words) ? 'style' : /font/i.test(words) ? 'font' : 'other'
}

/** `<meta http-equiv="refresh" content="0;url=…">` */
function refreshed(meta: Element): string {
  return (
    /^\s*[\d.]*\s*[;,]?\s*(?:url\s*=)?\s*["']?(.*)/is.exec(
      meta.getAttribute('content') ?? '',
    )?.[1] ?? ''
  )
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
