import { useEffect, useRef } from 'preact/hooks'
import type { RefObject } from 'preact'
import { blankDocument } from '../body/frame-document.ts'

/**
 * Prints the letter that is shown, by the page's own button and the browser's keys.
 * @returns `place` must stand on the page: what is being printed is kept in it, and goes when the page does
 */
export function usePrinting(): {
  readonly place: RefObject<HTMLDivElement | null>
  readonly start: () => void
} {
  const place = useRef<HTMLDivElement>(null)
  const start = (): void => void printIn(place.current)
  useEffect(() => {
    const follow = (event: KeyboardEvent): void => {
      if (!isPrintKey(event)) return
      event.preventDefault()
      start()
    }
    addEventListener('keydown', follow)
    return () => removeEventListener('keydown', follow)
  }, [])
  return { place, start }
}

/** Ctrl+P, ⌘P. */
function isPrintKey({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === 'p' && (ctrlKey || metaKey) && !altKey && !shiftKey
}

/** The page as it is where the means cannot be loaded. */
async function printIn(place: Element | null): Promise<void> {
  const sheet = document.querySelector('.letter:not([hidden])')
  if (place === null || sheet === null) return
  try {
    const { printSheet } = await import('./print/print-sheet.ts')
    await printSheet(sheet, place, blankDocument())
  } catch {
    print()
  }
}
