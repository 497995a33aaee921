import type { pourLetter } from './heavy/pour-letter.tsx'
import type { BodySection } from '../mail/body-section.ts'

/** Drawn at once, more would keep the page from answering for a noticeable time. Characters; some 50 ms. */
const heavyLength = 60_000

/** How a long letter is drawn; null for others, and when the means cannot be loaded: then it is drawn at once. */
export async function loadHeavy(
  sections: readonly BodySection[],
): Promise<typeof pourLetter | null> {
  const length = sections.reduce((sum, { html, text }) => sum + (html ?? text ?? '').length, 0)
  if (length < heavyLength) return null
  try {
    return (await import('./heavy/pour-letter.tsx')).pourLetter
  } catch {
    return null
  }
}
