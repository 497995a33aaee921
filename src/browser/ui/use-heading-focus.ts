import { useEffect, useRef } from 'preact/hooks'
import type { RefObject } from 'preact'

let pageHasWorked = false

/**
 * Moves the focus to the heading of a step that has just replaced another, so that keyboard and
 * screen reader go where the work goes. The very first step of a page leaves the focus alone.
 */
export function useHeadingFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (pageHasWorked) heading.current?.focus()
    pageHasWorked = true
  }, [])
  return heading
}
