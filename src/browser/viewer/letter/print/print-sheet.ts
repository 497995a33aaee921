/** Never allow-scripts; without allow-modals a browser does not print a frame. protocol.md §7 */
const sandbox = 'allow-same-origin allow-modals'
/** A picture that cannot be drawn must not keep the rest from paper. */
const maxWaitMs = 5000

/**
 * What a letter can style is its own part, which lies last: its rules end at the shadow root, and what it moves up is
 * cut off below the lines that say who wrote it. To the sides and down it may take the paper it needs.
 */
const paperStyle = `.printed{position:relative;isolation:isolate;contain:layout;clip-path:inset(0 -100000px -10000000px);margin-block-start:1rem}
.printed>div{all:initial;display:block}`

/**
 * Prints what the page shows of a letter as a document of its own, whose pages end between lines; the frame on the page
 * would be cut wherever the paper ends.
 * @param place holds the frame until it is printed, and is emptied first
 * @param blank a document in which nothing runs and nothing is fetched
 */
export async function printSheet(sheet: Element, place: Element, blank: string): Promise<void> {
  await isWhole(sheet)
  const frame = await drawSheet(sheet, place, blank)
  const view = frame.contentWindow
  if (view === null) return // another print has taken its place
  // Not within the event: the browser is not done with the frame.
  view.addEventListener('afterprint', () => setTimeout(() => frame.remove()))
  view.focus()
  view.print()
}

/** A long letter comes in piece by piece: half of one must not look like a whole one on paper. */
async function isWhole(sheet: Element): Promise<void> {
  while (sheet.isConnected && isComing(sheet))
    await new Promise(resolve => setTimeout(resolve, betweenLooksMs))
}
const betweenLooksMs = 100

function isComing(sheet: Element): boolean {
  const frame = sheet.querySelector<HTMLIFrameElement>('.body iframe')
  const isEmpty = frame?.contentDocument?.URL === 'about:blank' // not loaded yet
  return isEmpty || sheet.querySelector('.body[aria-busy]') !== null
}

/** The frame that is printed, with all its pictures. */
export async function drawSheet(
  sheet: Element,
  place: Element,
  blank: string,
): Promise<HTMLIFrameElement> {
  const frame = document.createElement('iframe')
  frame.setAttribute('sandbox', sandbox)
  frame.setAttribute('referrerpolicy', 'no-referrer')
  frame.ariaHidden = 'true'
  frame.tabIndex = -1
  frame.srcdoc = blank
  const loaded = new Promise(resolve => frame.addEventListener('load', resolve, { once: true }))
  place.replaceChildren(frame)
  await loaded
  const page = frame.contentDocument
  if (page !== null) await fill(page, sheet)
  return frame
}

async function fill(page: Document, sheet: Element): Promise<void> {
  const copy = page.importNode(sheet, true)
  for (const unprinted of copy.querySelectorAll('iframe, dialog')) unprinted.remove()
  const pictures = [...copy.querySelectorAll('img')]
  const letter = sheet.querySelector<HTMLIFrameElement>('.body iframe')?.contentDocument
  const body = copy.querySelector('.body')
  if (letter && body !== null) {
    const root = letterIn(page, letter, body)
    pictures.push(...root.querySelectorAll('img'))
    copy.append(body)
  }
  unfold(copy)
  const style = page.createElement('style')
  style.textContent = `${ownStyle()}\n${paperStyle}`
  page.head.append(style)
  page.title = document.title
  page.documentElement.lang = document.documentElement.lang
  page.documentElement.dir = document.documentElement.dir
  page.body.append(organisationIn(page), inShells(page, copy, sheet))
  for (const picture of pictures) picture.loading = 'eager'
  await drawn(pictures)
}

/** The letter's own document as it is shown, in a tree of its own; nothing becomes HTML a second time. */
function letterIn(page: Document, letter: Document, body: Element): ShadowRoot {
  const host = page.createElement('div')
  host.dir = 'ltr' // as in a frame, until the letter says otherwise
  const root = host.attachShadow({ mode: 'open' })
  root.append(page.importNode(letter.documentElement, true))
  unfold(root)
  body.className = 'printed'
  body.append(host)
  return root
}

/** Paper has no folds. */
function unfold(tree: ParentNode): void {
  for (const fold of tree.querySelectorAll('details')) fold.open = true
}

/** As the page is styled for paper. */
function ownStyle(): string {
  const rules = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
  return rules.map(rule => rule.cssText).join('\n')
}

/** In whose name the letter came; without its logo, which would be fetched. */
function organisationIn(page: Document): Node {
  const line = page.createElement('p')
  const name = document.querySelector('.brand bdi')
  if (name !== null) line.append(page.importNode(name, true))
  return line
}

/** Empty copies of the elements around the sheet, which its style depends on. */
function inShells(page: Document, copy: Element, sheet: Element): Element {
  let inner = copy
  for (let at = sheet.parentElement; at && at !== document.body; at = at.parentElement) {
    const shell = page.importNode(at)
    shell.append(inner)
    inner = shell
  }
  return inner
}

async function drawn(pictures: readonly HTMLImageElement[]): Promise<void> {
  const all = Promise.all(pictures.map(picture => picture.decode().catch(() => undefined)))
  await Promise.race([all, new Promise(resolve => setTimeout(resolve, maxWaitMs))])
}
