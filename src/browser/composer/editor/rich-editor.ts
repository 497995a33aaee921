import Squire from 'squire-rte'
import { cleanWritten } from './clean-written.ts'
import type { PictureAddresses } from './picture-addresses.ts'

export type Format = 'bold' | 'italic' | 'underline' | 'bullets' | 'numbers' | 'quote' | 'link'

/** The editor of formatted text; nothing stands in it that `cleanWritten` would not leave. */
export interface RichEditor {
  /** As it is kept and sent: pictures as `cid:`. */
  readonly html: () => string
  readonly focus: () => void
  readonly toggle: (format: Exclude<Format, 'link'>) => void
  readonly clear: () => void
  /** Where the link at the cursor leads; empty where there is none. */
  readonly linked: () => string
  /** Null takes the link away. */
  readonly link: (address: string | null) => void
  readonly insertPicture: (address: string, name: string) => void
  readonly end: () => void
}

interface RichEditorNeeds {
  readonly root: HTMLElement
  readonly html: string
  readonly pictures: PictureAddresses
  readonly onInput: () => void
  /** The cursor has moved: other formats may hold. */
  readonly onFormats: (formats: ReadonlySet<Format>) => void
  readonly onLinkKey: () => void
}

/** Undo goes back so far; each step is a copy of the text. */
const undoLimit = 100

export function createRichEditor(needs: RichEditorNeeds): RichEditor {
  const { root, pictures } = needs
  const clean = (html: string, withMarks = false): DocumentFragment =>
    cleanWritten(html, { picture: pictures.live, withMarks })
  guardSink(root, clean)
  const squire = new Squire(root, {
    blockAttributes: { dir: 'auto' },
    addLinks: true,
    undo: { documentSizeThreshold: 1, undoLimit },
    sanitizeToDOMFragment: html => clean(html),
    // Its guess at the words of copied text would parse HTML; the selection knows them.
    toPlainText: () => squire.getSelectedText(),
  })
  cleanDropped(root, squire)
  squire._imageResizer.destroy() // no keyboard reaches its handles
  setKeys(squire, needs)
  squire.setHTML(needs.html)
  const tell = (): void => needs.onFormats(formatsAt(squire))
  squire.addEventListener('input', needs.onInput)
  squire.addEventListener('pathChange', tell)
  squire.addEventListener('input', tell)
  return {
    html: () => htmlOf(squire, pictures),
    focus: () => void squire.focus(),
    toggle: format => {
      if (formatsAt(squire).has(format)) off[format](squire)
      else on[format](squire)
      squire.focus()
      tell()
    },
    clear: () => void squire.removeAllFormatting().focus(),
    linked: () => elementAt(squire, 'a')?.getAttribute('href') ?? '',
    link: address => {
      if (address === null) squire.removeLink()
      else squire.makeLink(address)
      squire.focus()
      tell()
    },
    insertPicture: (address, name) => {
      squire.insertImage(address, { alt: name })
      needs.onInput()
    },
    end: () => squire.destroy(),
  }
}

const on: Readonly<Record<Exclude<Format, 'link'>, (squire: Squire) => void>> = {
  bold: squire => void squire.bold(),
  italic: squire => void squire.italic(),
  underline: squire => void squire.underline(),
  bullets: squire => void squire.makeUnorderedList(),
  numbers: squire => void squire.makeOrderedList(),
  quote: squire => void squire.increaseQuoteLevel(),
}
const off: typeof on = {
  bold: squire => void squire.removeBold(),
  italic: squire => void squire.removeItalic(),
  underline: squire => void squire.removeUnderline(),
  bullets: squire => void squire.removeList(),
  numbers: squire => void squire.removeList(),
  quote: squire => void squire.decreaseQuoteLevel(),
}

/** Undo writes HTML: the one sink of the editor. What it writes is cleaned once more, and needs no policy of its own. */
function guardSink(
  root: HTMLElement,
  clean: (html: string, withMarks: boolean) => DocumentFragment,
): void {
  const native = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML')
  Object.defineProperty(root, 'innerHTML', {
    configurable: true,
    get: () => native?.get?.call(root) as unknown,
    set: (html: string) => {
      root.replaceChildren(clean(html, true))
    },
  })
}

/** What is dragged into the text the browser would put there as it is, with styles that lay it over the page. */
function cleanDropped(root: HTMLElement, squire: Squire): void {
  root.addEventListener('beforeinput', event => {
    const html = event.dataTransfer?.getData('text/html') ?? ''
    if (html === '' || event.defaultPrevented) return
    event.preventDefault()
    const [place] = event.getTargetRanges()
    if (place !== undefined) squire.setSelection(rangeOf(place))
    squire.insertHTML(html)
  })
}

function rangeOf({ startContainer, startOffset, endContainer, endOffset }: StaticRange): Range {
  const range = document.createRange()
  range.setStart(startContainer, startOffset)
  range.setEnd(endContainer, endOffset)
  return range
}

/** Tab leaves the text, as it leaves every field: the list keys of the editor are Ctrl+] and Ctrl+[. */
function setKeys(squire: Squire, { onLinkKey }: RichEditorNeeds): void {
  squire.setKeyHandler('Tab', null)
  squire.setKeyHandler('Shift-Tab', null)
  for (const key of ['Ctrl-k', 'Meta-k'])
    squire.setKeyHandler(key, (_, event) => {
      event.preventDefault()
      onLinkKey()
    })
}

function formatsAt(squire: Squire): ReadonlySet<Format> {
  const has: Readonly<Record<Format, boolean>> = {
    bold: squire.hasFormat('B'),
    italic: squire.hasFormat('I'),
    underline: squire.hasFormat('U'),
    bullets: elementAt(squire, 'ul, ol')?.localName === 'ul',
    numbers: elementAt(squire, 'ul, ol')?.localName === 'ol',
    quote: elementAt(squire, 'blockquote') !== null,
    link: elementAt(squire, 'a') !== null,
  }
  return new Set((Object.keys(has) as Format[]).filter(format => has[format]))
}

/** Of the text, around all that is selected. */
function elementAt(squire: Squire, selector: string): Element | null {
  const { commonAncestorContainer: node } = squire.getSelection()
  const found = (node instanceof Element ? node : node.parentElement)?.closest(selector) ?? null
  return found !== null && squire.getRoot().contains(found) ? found : null
}

function htmlOf(squire: Squire, pictures: PictureAddresses): string {
  // In a template nothing is fetched: `cid:` is no address of the web.
  const holder = document.createElement('template')
  holder.content.append(cleanWritten(squire.getHTML(), { picture: pictures.kept }))
  const { content } = holder
  const isEmpty = (content.textContent ?? '').trim() === '' && content.querySelector('img') === null
  return isEmpty ? '' : holder.innerHTML
}
