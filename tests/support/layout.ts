import type { Page } from 'playwright-core'

/** WCAG 2.2 §2.5.5; links within a sentence are as small as its letters. */
const smallestTarget = 44

/**
 * What is wrong with where things stand, as sentences: wider than the window, cut, one control over another,
 * or too small for a finger. The frames of a letter are left out: what is in them is the sender's.
 */
export function layoutFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(smallest => {
    const root = document.scrollingElement ?? document.documentElement
    const width = root.clientWidth
    const dialog = document.querySelector('dialog[open]')
    const nameOf = (element: Element): string => element.outerHTML.slice(0, 120)
    const rectOf = (element: Element): DOMRect => element.getBoundingClientRect()
    const isShown = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      element.closest('.spoken, .skip:not(:focus)') === null &&
      rectOf(element).width > 1
    const controls = [
      ...(dialog ?? document).querySelectorAll(
        'a[href], button, summary, select, textarea, input:not([type=hidden], [type=file])',
      ),
    ].filter(isShown)
    /** What is pressed: the whole line of a box to tick. */
    const target = (element: Element): Element =>
      element.matches('[type=checkbox], [type=radio]')
        ? (element.closest('label') ?? element)
        : element
    const isInSentence = (element: Element): boolean =>
      getComputedStyle(element).display === 'inline' &&
      (element.parentElement?.textContent ?? '').trim() !== (element.textContent ?? '').trim()
    const meet = (a: DOMRect, b: DOMRect): boolean =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1
    /** What is not scrolled out of sight. */
    const seenOf = (element: Element): DOMRect => {
      let { left, top, right, bottom } = rectOf(element)
      for (let box = element.parentElement; box !== null; box = box.parentElement) {
        if (box === root || getComputedStyle(box).overflowY === 'visible') continue
        const clip = rectOf(box)
        left = Math.max(left, clip.left)
        top = Math.max(top, clip.top)
        right = Math.min(right, clip.right)
        bottom = Math.min(bottom, clip.bottom)
      }
      return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top))
    }
    const isCut = (element: Element): boolean => {
      const { overflowX, textOverflow } = getComputedStyle(element)
      if (!['hidden', 'clip'].includes(overflowX) || textOverflow === 'ellipsis') return false
      return element.scrollWidth > element.clientWidth + 1
    }
    const seen = controls.map(element => seenOf(target(element)))
    const faults: string[] = []
    if (root.scrollWidth > width) faults.push(`wider than the window: ${root.scrollWidth}`)
    for (const element of document.body.querySelectorAll('*'))
      if (isShown(element) && isCut(element)) faults.push(`cut: ${nameOf(element)}`)
    for (const [i, element] of controls.entries()) {
      const rect = rectOf(target(element))
      if (rect.left < -1 || rect.right > width + 1) faults.push(`outside: ${nameOf(element)}`)
      if (!isInSentence(element) && Math.min(rect.height, rect.width) < smallest - 0.5)
        faults.push(`small, ${rect.width} × ${rect.height}: ${nameOf(element)}`)
      for (const [j, other] of controls.entries())
        if (j > i && !element.contains(other) && meet(seen[i] ?? rect, seen[j] ?? rect))
          faults.push(`over one another: ${nameOf(element)} and ${nameOf(other)}`)
    }
    return faults
  }, smallestTarget)
}
