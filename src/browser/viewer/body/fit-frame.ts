/** A message whose height follows the frame's (100vh) must not grow for ever: changes at one width. */
const maxFitsAtOneWidth = 50
/**
 * A message that claims to be millions of pixels high would put what follows it out of reach, or fill a printer. Higher
 * ones scroll within their frame. CSS pixels; some 60 screens, and 1,000 sheets of paper.
 */
const maxHeight = { screen: 50_000, paper: 1_000_000 }
/** Print width of A4 and Letter with usual margins, in CSS pixels. */
const printWidth = '170mm'

/** A frame that is kept as high as its content. */
export interface FittedFrame {
  readonly frame: HTMLIFrameElement
  /** For content that we have added ourselves: has it laid out now. */
  readonly refit: () => void
  readonly end: () => void
}

/** Keeps a frame as high as its content, on screen and on paper. */
export function fitFrame(frame: HTMLIFrameElement): FittedFrame {
  const ended = new AbortController()
  const watcher = new ResizeObserver(() => fit())
  let width = 0
  let fits = 0
  const fit = (): void => {
    if (frame.clientWidth !== width) fits = 0
    width = frame.clientWidth
    fits += 1
    if (fits <= maxFitsAtOneWidth) setHeight(frame, maxHeight.screen)
  }
  const on = (target: EventTarget, name: string, listener: () => void): void =>
    target.addEventListener(name, listener, { signal: ended.signal, capture: true })
  on(frame, 'load', () => {
    const page = frame.contentDocument
    if (page === null) return
    fit()
    watcher.observe(page.documentElement)
    watcher.observe(frame)
    on(page, 'load', fit) // each picture
    on(page, 'toggle', fit) // details
  })
  let unfolded: readonly HTMLDetailsElement[] = []
  on(window, 'beforeprint', () => {
    unfolded = closedFolds(frame)
    for (const fold of unfolded) fold.open = true
    frame.style.inlineSize = printWidth
    setHeight(frame, maxHeight.paper)
  })
  on(window, 'afterprint', () => {
    for (const fold of unfolded) fold.open = false
    frame.style.inlineSize = ''
    setHeight(frame, maxHeight.screen)
  })
  return {
    frame,
    refit() {
      fits = 0
      // As high as it may be, it only scrolls further.
      if (frame.clientHeight < maxHeight.screen) fit()
      else void frame.contentDocument?.documentElement.scrollHeight
    },
    end() {
      ended.abort()
      watcher.disconnect()
    },
  }
}

/** Paper has no folds: they are opened as a reader opens them. */
function closedFolds(frame: HTMLIFrameElement): readonly HTMLDetailsElement[] {
  return [
    ...(frame.contentDocument?.querySelectorAll<HTMLDetailsElement>('details:not([open])') ?? []),
  ]
}

/** Measured at height 0: what is as high as the frame then counts for nothing. */
function setHeight(frame: HTMLIFrameElement, max: number): void {
  const root = frame.contentDocument?.documentElement
  if (root === undefined) return
  const before = frame.style.blockSize
  frame.style.blockSize = '0'
  const height = Math.min(Math.ceil(root.scrollHeight) + scrollBar(frame, root), max)
  const needed = `${height}px`
  frame.style.blockSize = needed === '0px' ? before : needed
}

/** Room for a horizontal scroll bar under a table wider than the page. */
function scrollBar(frame: HTMLIFrameElement, root: HTMLElement): number {
  return root.scrollWidth > frame.clientWidth ? 18 : 0
}
