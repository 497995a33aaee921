import {
  blankDocument,
  frameDocument,
  frameStyle,
  framed,
} from '../../../src/browser/viewer/body/frame-document.ts'
import { plainTextPieces } from '../../../src/browser/viewer/body/plain-text.ts'
import { fitFrame } from '../../../src/browser/viewer/body/fit-frame.ts'
import { drawSlowly } from '../../../src/browser/viewer/body/heavy/draw-slowly.ts'
import { Pace } from '../../../src/browser/viewer/body/heavy/pace.ts'
import { parseInert } from '../../../src/browser/viewer/body/heavy/parse-inert.ts'
import { Pouring } from '../../../src/browser/viewer/body/heavy/pouring.ts'
import { weighTree } from '../../../src/browser/viewer/body/heavy/weigh-tree.ts'
import { canBeDrawn } from '../../../src/browser/viewer/body/can-be-drawn.ts'
import { foldQuote } from '../../../src/browser/viewer/body/fold-quote.ts'
import { bounds } from '../../../src/browser/viewer/body/is-heavy.ts'
import { needsExtras } from '../../../src/browser/viewer/body/needs-extras.ts'
import { drawSheet } from '../../../src/browser/viewer/letter/print/print-sheet.ts'
import type { FrameDocument } from '../../../src/browser/viewer/body/frame-document.ts'
import type { RemoteCounts } from '../../../src/browser/viewer/body/remote-items.ts'
import { previewDocument } from '../../../src/browser/viewer/letter/preview/preview-document.ts'
import type { PreviewSource } from '../../../src/browser/viewer/letter/preview/preview-document.ts'
import { startOfQuote } from '../../../src/browser/viewer/mail/quotes/quote-start.ts'
import { Sanitiser, sanitiseHtml } from '../../../src/browser/viewer/body/sanitise.ts'

/** What a test calls in the page: the reader's own modules, and frames of different strictness. */
export interface FrameHarness {
  /** Messages, each of one or more pieces, as the reader page shows them: sanitised, in the sandboxed frame with its own policy. */
  readonly show: (messages: readonly (readonly string[])[]) => Promise<readonly RemoteCounts[]>
  /** What the frames hold. */
  readonly bodies: () => readonly string[]
  /** What the frames say. */
  readonly texts: () => readonly string[]
  /** The same frame without the sanitiser. */
  readonly showRaw: (htmls: readonly string[]) => Promise<void>
  /** The sanitiser alone: a frame that may run scripts and load anything. */
  readonly showUnguarded: (messages: readonly (readonly string[])[]) => Promise<void>
  readonly showUnguardedRaw: (htmls: readonly string[]) => Promise<void>
  readonly sanitise: (html: string) => string
  /** Whether it has no more elements than the reader draws at once. */
  readonly isDrawnAtOnce: (html: string) => boolean
  /** Messages as the reader page shows long ones, in slices; `lax`: in frames that may run scripts and load anything. */
  readonly pour: (
    messages: readonly (readonly string[])[],
    rights: 'strict' | 'lax',
    room?: number,
  ) => Promise<readonly Poured[]>
  /** The same without the sanitiser; `none`: nor with any guard. */
  readonly pourRaw: (htmls: readonly string[], rights: 'strict' | 'none') => Promise<void>
  /** What the reader folds of a letter; null when nothing. */
  readonly folded: (html: string) => string | null
  /** Previews of files as the reader page shows them, or in frames with every right. */
  readonly preview: (sources: readonly PreviewSource[], rights: 'none' | 'all') => Promise<void>
  /** Messages as they are printed: shown first, then drawn again in the frame for paper. */
  readonly paper: (messages: readonly (readonly string[])[]) => Promise<void>
  /** The same frames without the sanitiser. */
  readonly paperRaw: (htmls: readonly string[]) => Promise<void>
  /** What the frames for paper say. */
  readonly paperTexts: () => readonly string[]
  /** In which of these frames the line that is ours does not lie on top, whole and where it stood. */
  readonly spoilt: () => readonly number[]
  /** How often a script of a message ran; scripts of messages call `parent.zegelRan()`. */
  ran: number
}

export interface Poured {
  /** Of the letter that is shown. */
  readonly share: number
  readonly remote: RemoteCounts
  readonly coloured: boolean
  readonly blank: boolean
  /** How often the browser was made to draw what was there. */
  readonly looks: number
  /** What the frame holds. */
  readonly html: string
}

const strict = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox'
const lax = `${strict} allow-scripts`
const look = {
  dark: false,
  accent: '#8c2f28',
  locale: 'en',
  ownColours: true,
  foldLabel: 'Earlier messages',
}
const extras = { foldQuote, startOfQuote, canBeDrawn, finish: () => undefined }
const wishes = {
  inline: new Map<string, string>(),
  plain: false,
  prepare: (root: Element) => foldQuote(root, look.foldLabel),
  canBeDrawn,
}
const previewLook = { dark: false, locale: 'en', broken: 'Broken' }
const framePolicy = "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'"
const guarded = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${framePolicy}">`

async function frames(documents: readonly string[], sandbox: string): Promise<void> {
  document.body.replaceChildren()
  await Promise.all(documents.map(html => frame(html, sandbox, document.body)))
  await new Promise(resolve => setTimeout(resolve, 100))
}

async function papers(documents: readonly string[]): Promise<void> {
  document.body.replaceChildren()
  await Promise.all(documents.map(paper))
  await new Promise(resolve => setTimeout(resolve, 100))
}

const ourLine = 'verified: sent by alice@example.com'

/** Ours is the first text of the page: it must be seen, and what is seen where it stands must be it. */
function isSpoilt({ contentDocument: page }: HTMLIFrameElement): boolean {
  const line = page?.querySelector('.printed')?.previousSibling
  if (page === null || line?.textContent !== ourLine) return true
  const range = page.createRange()
  range.selectNodeContents(line)
  const { left, right, top, bottom, height } = range.getBoundingClientRect()
  if (height < 10 || top > 40) return true
  return [left + 1, (left + right) / 2, right - 1].some(
    x => page.elementFromPoint(x, (top + bottom) / 2) !== line.parentElement,
  )
}

async function paper(html: string): Promise<void> {
  const [sheet, body, place] = [0, 0, 0].map(() => document.createElement('div'))
  if (sheet === undefined || body === undefined || place === undefined) return
  body.className = 'body'
  place.className = 'place'
  sheet.append(ourLine, body)
  document.body.append(sheet, place)
  await frame(html, strict, body)
  await drawSheet(sheet, place, blankDocument())
}

function frame(html: string, sandbox: string, parent: Element): Promise<void> {
  const element = document.createElement('iframe')
  element.setAttribute('sandbox', sandbox)
  element.srcdoc = html
  const loaded = new Promise<void>(resolve => {
    element.addEventListener('load', () => resolve())
    setTimeout(resolve, 1000) // a frame that navigated away may never load
  })
  parent.append(element)
  return loaded
}

const clean = (pieces: readonly string[]): string => sanitiseHtml(pieces, wishes)?.html ?? ''

const documentOf = (pieces: readonly string[]): FrameDocument =>
  frameDocument(
    pieces.map(html => ({ html, text: null })),
    new Map(),
    look,
    extras,
  ) ?? nothingDrawn

const nothingDrawn: FrameDocument = { html: '', remote: {}, coloured: false, blank: true }

async function pour(
  pieces: readonly string[],
  rights: 'strict' | 'lax',
  room?: number,
): Promise<Poured> {
  let looks = 0
  let drawn: FrameDocument | null = null
  let page: Document | null = null
  const place = document.createElement('div')
  document.body.append(place)
  const share = await drawSlowly(
    { sections: pieces.map(html => ({ html, text: null })), inline: new Map(), look, extras },
    {
      show(first) {
        const frame = document.createElement('iframe')
        frame.setAttribute('sandbox', rights === 'lax' ? lax : strict)
        // TrustedHTML, where the browser has it; joined, it is text.
        const text = [first.html].join('')
        frame.srcdoc = rights === 'lax' ? text.replace(/<meta http-equiv[^>]*>/, '') : first.html
        frame.addEventListener('load', () => (page = frame.contentDocument))
        const fitted = fitFrame(frame)
        place.append(frame)
        const refit = (): void => {
          looks += 1
          fitted.refit()
        }
        return { ...fitted, refit }
      },
      onDrawn: last => (drawn = last),
      stopped: new AbortController().signal,
      tools: { bounds, Sanitiser, framed, frameStyle, plainTextPieces },
    },
    room,
  )
  const { remote = {}, coloured = false, blank = false } = (drawn as FrameDocument | null) ?? {}
  const shown = page as Document | null
  return { share, looks, remote, coloured, blank, html: shown?.body.innerHTML ?? '' }
}

/** What the sanitiser was to clean, as it is. */
async function pourRaw(html: string, rights: 'strict' | 'none'): Promise<void> {
  const pace = new Pace(new AbortController().signal)
  const { root } = await parseInert([html], pace, Number.POSITIVE_INFINITY)
  const weights = new Map<Node, number>()
  await weighTree(root, weights, pace)
  const place = document.createElement('div')
  document.body.append(place)
  const element = document.createElement('iframe')
  element.setAttribute('sandbox', rights === 'none' ? lax : strict)
  element.srcdoc = rights === 'none' ? '<!doctype html>' : guarded
  const loaded = new Promise(resolve => element.addEventListener('load', resolve))
  place.append(element)
  await loaded
  const page = element.contentDocument
  if (page === null) throw new Error('the frame has no document')
  const bench = document.implementation.createHTMLDocument()
  const unclean = {
    clean(nodes: readonly Node[]) {
      const part = bench.createDocumentFragment()
      part.append(...nodes)
      return part
    },
    open: (node: Node) => bench.importNode(node, false) as Element,
  }
  const pouring = new Pouring(unclean, weights, pace, {
    page,
    layOut: () => undefined,
    room: Number.POSITIVE_INFINITY,
  })
  await pouring.pour(root, page.body)
  await pouring.look()
}

const harness: FrameHarness = {
  async show(messages) {
    const made = messages.map(documentOf)
    await frames(
      made.map(({ html }) => html),
      strict,
    )
    return made.map(({ remote }) => remote)
  },
  bodies: () =>
    [...document.querySelectorAll('iframe')].map(
      ({ contentDocument }) => contentDocument?.body.innerHTML ?? '',
    ),
  texts: () =>
    [...document.querySelectorAll('iframe')].map(
      ({ contentDocument }) => contentDocument?.body.textContent?.trim() ?? '',
    ),
  showRaw: htmls =>
    frames(
      htmls.map(html => guarded + html),
      strict,
    ),
  showUnguarded: messages => frames(messages.map(clean), lax),
  showUnguardedRaw: htmls => frames(htmls, lax),
  sanitise: html => clean([html]),
  isDrawnAtOnce: html => sanitiseHtml([html], { ...wishes, atMost: bounds }) !== null,
  async pour(messages, rights, room) {
    document.body.replaceChildren()
    const poured: Poured[] = []
    poured.push(...(await Promise.all(messages.map(one => pour(one, rights, room)))))
    await new Promise(resolve => setTimeout(resolve, 100))
    return poured
  },
  async pourRaw(htmls, rights) {
    document.body.replaceChildren()
    await Promise.all(htmls.map(html => pourRaw(html, rights)))
    await new Promise(resolve => setTimeout(resolve, 100))
  },
  folded(html) {
    if (!needsExtras([{ html, text: null }])) return null
    const page = new DOMParser().parseFromString(clean([html]), 'text/html')
    return page.querySelector('details.zegel-quote')?.textContent ?? null
  },
  preview: (sources, rights) =>
    frames(
      sources.map(source => previewDocument(source, previewLook)),
      rights === 'none' ? '' : `${lax} allow-forms allow-top-navigation`,
    ),
  paper: messages => papers(messages.map(pieces => documentOf(pieces).html)),
  paperRaw: htmls => papers(htmls.map(html => guarded + html)),
  paperTexts: () =>
    [...document.querySelectorAll<HTMLIFrameElement>('.place iframe')].map(
      ({ contentDocument }) =>
        contentDocument
          ?.querySelector('.printed > div')
          ?.shadowRoot?.querySelector('body')
          ?.textContent?.trim() ?? '',
    ),
  spoilt: () =>
    [...document.querySelectorAll<HTMLIFrameElement>('.place iframe')].flatMap((one, at) =>
      isSpoilt(one) ? [at] : [],
    ),
  ran: 0,
}
Object.assign(globalThis, {
  harness,
  zegelRan: () => {
    harness.ran += 1
  },
})
