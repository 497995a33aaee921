import type { BodySection } from '../mail/body-section.ts'
import type { Bounds } from './sanitise.ts'

/** Drawn at once, more would keep the page from answering for a noticeable time. Characters; some 50 ms. */
const heavyLength = 60_000
/** A few kilobytes may be a million elements: each paragraph repeats the tags before it that have no end. */
const maxElementsToParse = 500_000
const formatting = /<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/>]/gi

/**
 * A letter that has more is drawn in slices, of whose tree no part is deeper or has more attributes. At 300 boxes within
 * boxes a browser's layout has no stack left, and the tab is gone; 20,000 attributes take half a minute.
 */
export const bounds: Bounds = { elements: 3000, depth: 100, attributes: 100 }

/** Whether a letter is to be drawn in slices, as far as its source tells. */
export function isHeavy(sections: readonly BodySection[]): boolean {
  const length = sections.reduce((sum, { html, text }) => sum + (html ?? text ?? '').length, 0)
  return (
    length >= heavyLength ||
    sections.some(({ html }) => elementsIn(html ?? '') > maxElementsToParse)
  )
}

/** At most. */
function elementsIn(html: string): number {
  return (html.split('<').length - 1) * ((html.match(formatting)?.length ?? 0) + 1)
}
