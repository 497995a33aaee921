import type { Page } from 'playwright-core'

/**
 * What is wrong with how a page holds its words in a language, as sentences: language or direction not said,
 * words beyond the window or their button, torn in two, ended by an ellipsis, over other words, at the wrong edge.
 * Frames are left out: what is in them is the sender's.
 */
export function textFaults(
  page: Page,
  { lang, dir }: { readonly lang: string; readonly dir: 'ltr' | 'rtl' },
): Promise<readonly string[]> {
  return page.evaluate(
    ({ lang, dir }) => {
      const root = document.documentElement
      const width = root.clientWidth
      const faults: string[] = []
      if (root.lang !== lang) faults.push(`lang is ${root.lang}`)
      if (root.dir !== dir) faults.push(`dir is ${root.dir}`)
      if (root.scrollWidth > width) faults.push(`wider than the window: ${root.scrollWidth}`)
      const isShown = (element: Element): boolean =>
        element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
        element.closest('.spoken, .skip:not(:focus), details:not([open]) > :not(summary)') === null
      const nameOf = (element: Element): string =>
        `${element.tagName.toLowerCase()}.${element.className} “${(element.textContent ?? '').trim().slice(0, 60)}”`
      const elements = [...document.body.querySelectorAll('*')].filter(isShown)

      for (const element of elements) {
        const style = getComputedStyle(element)
        const isWider = element.scrollWidth > element.clientWidth + 1
        if (style.textOverflow === 'ellipsis' && isWider)
          faults.push(`ends in …: ${nameOf(element)}`)
        if (['hidden', 'clip'].includes(style.overflowX) && isWider && element.clientWidth > 1)
          faults.push(`cut: ${nameOf(element)}`)
        if (style.textAlign === (dir === 'rtl' ? 'left' : 'right') && style.direction === dir)
          faults.push(`at the wrong edge: ${nameOf(element)}`)
      }

      const texts = elements.flatMap(element =>
        [...element.childNodes]
          .filter(
            node => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
          )
          .map(node => ({ element, node })),
      )
      const lines = texts.flatMap(({ element, node }) => {
        const range = document.createRange()
        range.selectNodeContents(node)
        const floats = element.closest('.real > div, .languages nav, dialog') !== null
        return [...range.getClientRects()].map(rect => ({ element, rect, floats }))
      })
      for (const { element, rect } of lines) {
        const control = element.closest('button, .button, summary')
        const box = control?.getBoundingClientRect() ?? rect
        const isWithin = rect.left > box.left - 1 && rect.right < box.right + 1
        if (!isWithin || rect.top < box.top - 1 || rect.bottom > box.bottom + 1)
          faults.push(`words do not fit in: ${nameOf(control ?? element)}`)
        if (rect.left < -1 || rect.right > width + 1)
          faults.push(`beyond the window: ${nameOf(element)}`)
      }
      // Addresses and names are as long as they are; where no blanks part words, a line ends anywhere.
      const isWhole = (word: string): boolean =>
        /[@/:\d]|\w\.\w|[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u.test(word)
      for (const { element, node } of texts.filter(({ element }) => !element.closest('bdi, b')))
        for (const { 0: word, index } of (node.textContent ?? '').matchAll(
          /[^\s\p{Pd}\u00ad]{9,}/gu,
        )) {
          if (isWhole(word)) continue
          const range = document.createRange()
          range.setStart(node, index)
          range.setEnd(node, index + word.length)
          const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
          if (tops.size > 1) faults.push(`torn, ${word}: ${nameOf(element)}`)
        }
      // The higher part of a line has no ink: lines of large letters overlap without touching.
      const meet = (a: DOMRect, b: DOMRect): boolean =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > Math.min(a.height, b.height) / 3
      const downwards = lines.toSorted((a, b) => a.rect.top - b.rect.top)
      for (const [i, one] of downwards.entries())
        for (let at = i + 1; at < downwards.length; at++) {
          const other = downwards[at]
          if (other === undefined || other.rect.top >= one.rect.bottom) break
          if (
            one.element !== other.element &&
            one.floats === other.floats &&
            meet(one.rect, other.rect)
          )
            faults.push(`over one another: ${nameOf(one.element)} and ${nameOf(other.element)}`)
        }
      return [...new Set(faults)]
    },
    { lang, dir },
  )
}

/** Where the boxes of a page are, from the window's start in reading direction. */
export function boxesFromStart(
  page: Page,
): Promise<readonly (readonly [string, number, number])[]> {
  return page.evaluate(() => {
    const root = document.documentElement
    const width = root.clientWidth
    const boxes =
      'header, main, footer, h1, h2, p, button, .button, select, li, label, dt, dd, summary, .brand, .logo, .seal, .icon'
    return [...document.body.querySelectorAll(boxes)]
      .filter(
        element =>
          element.checkVisibility({ visibilityProperty: true }) &&
          element.closest('.spoken, .skip, iframe') === null &&
          getComputedStyle(element).display !== 'inline',
      )
      .map(element => {
        const { left, right } = element.getBoundingClientRect()
        const name = `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`
        return root.dir === 'rtl'
          ? ([name, width - right, width - left] as const)
          : ([name, left, right] as const)
      })
  })
}
