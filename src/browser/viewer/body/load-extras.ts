import { needsExtras } from './needs-extras.ts'
import type { BodySection } from '../mail/body-section.ts'
import type { Extras } from './extras.tsx'

/** Null when there is nothing to do, or the means cannot be loaded: then all is shown, but pictures within the text. */
export async function loadExtras(sections: readonly BodySection[]): Promise<Extras | null> {
  if (!needsExtras(sections)) return null
  try {
    return (await import('./extras.tsx')).extras()
  } catch {
    return null
  }
}
