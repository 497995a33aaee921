import { useEffect, useRef } from 'preact/hooks'
import type { RefObject } from 'preact'

/** Where the focus goes when what had it is gone: else a keyboard would begin anew at the top of the page. */
export function useKeptFocus(shown: string): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null)
  const before = useRef(shown)
  useEffect(() => {
    if (before.current === shown) return
    before.current = shown
    if (document.activeElement === document.body) place.current?.focus()
  }, [shown])
  return place
}
