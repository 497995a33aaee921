/** What a page of the reader says about its own times, all in milliseconds since 1970. */
export interface PageTimes {
  /** When the first byte of the page came in that the posted message was answered with. */
  readonly answeredAtMs: number | null
  /** When the ways to sign in stood on the page. */
  readonly chosenAtMs: number | null
  /** When the portal's answer with its key share was there. */
  readonly releasedAtMs: number | null
  /** When the letter stood on the page. */
  readonly shownAtMs: number | null
  /** The longest task of the page's own thread from the release on; 0 when none took 50 ms. */
  readonly longestTaskMs: number
}

/** Keeps the times in `window.benchTimes` and, from one page of the portal to the next, in the tab. */
export function keepPageTimes(subject: string): void {
  const now = (atMs = performance.now()): number => performance.timeOrigin + atMs
  const key = 'bench.answered'
  const times = { chosen: 0, shown: 0 }
  const tasks: PerformanceEntry[] = []
  new PerformanceObserver(list => tasks.push(...list.getEntries())).observe({ type: 'longtask' })
  if (location.pathname === '/open') {
    const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    sessionStorage.setItem(key, String(now(page?.responseStart)))
  }
  const look = (): void => {
    if (times.chosen === 0 && document.querySelector('button.primary') !== null)
      times.chosen = now()
    if (times.shown === 0 && document.querySelector('h1')?.textContent === subject)
      times.shown = now()
  }
  // From the first byte on: the choice may stand there before the page's end has come.
  new MutationObserver(look).observe(document, { childList: true, subtree: true })
  const released = (): number => {
    const asked = performance.getEntriesByName(`${location.origin}/api/release`).at(-1)
    return asked === undefined ? 0 : asked.startTime + asked.duration
  }
  const orNull = (atMs: number): number | null => (atMs === 0 ? null : atMs)
  Object.assign(globalThis, {
    benchTimes: (): PageTimes => ({
      answeredAtMs: orNull(Number(sessionStorage.getItem(key) ?? 0)),
      chosenAtMs: orNull(times.chosen),
      releasedAtMs: released() === 0 ? null : now(released()),
      shownAtMs: orNull(times.shown),
      longestTaskMs: Math.max(
        0,
        ...tasks.filter(task => task.startTime >= released()).map(task => task.duration),
      ),
    }),
  })
}
