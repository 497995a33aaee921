import type { pourLetter } from './heavy/pour-letter.tsx'

/** How a heavy letter is drawn; null when the means cannot be loaded: then it is drawn at once. */
export async function loadHeavy(): Promise<typeof pourLetter | null> {
  try {
    return (await import('./heavy/pour-letter.tsx')).pourLetter
  } catch {
    return null
  }
}
