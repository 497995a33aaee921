import { useEffect, useRef, useState } from 'preact/hooks'

/** Places of attachments, one in the other: the attached message that is open; empty for the letter itself. */
export type InsidePath = readonly number[]

interface InsideEntry {
  readonly depth?: number
  /** Of which letter, so that no other takes the path for its own. */
  readonly insideOf?: string
  readonly inside?: InsidePath
}

/**
 * Which attached message is open, as entries of the browser's history: Back goes to the message around it.
 * @param letter tells this letter from others that the tab has shown
 */
export function useInsidePath(letter: string): {
  readonly path: InsidePath
  readonly open: (attachment: number) => void
} {
  const [path, setPath] = useState(() => currentPath(letter))
  useEffect(() => {
    const follow = (): void => setPath(currentPath(letter))
    follow()
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [letter])
  const opener = useRef<Element | null>(null)
  useEffect(() => {
    if (path.length > 0) return
    if (opener.current instanceof HTMLElement) opener.current.focus()
    opener.current = null
  }, [path])
  const open = (attachment: number): void => {
    opener.current ??= document.activeElement
    const inside = [...path, attachment]
    pushEntry({ insideOf: letter, inside })
    setPath(inside)
  }
  return { path, open }
}

/** One entry deeper than the current one, which the reader's steps count too. */
export function pushEntry(more: InsideEntry): void {
  const { state } = history as { readonly state: InsideEntry | null }
  history.pushState({ ...state, ...more, depth: (state?.depth ?? 0) + 1 }, '', location.href)
}

/** History is the tab's own, but an older version of this page may have written it. */
function currentPath(letter: string): InsidePath {
  const { state } = history as { readonly state: InsideEntry | null }
  return state?.insideOf === letter && Array.isArray(state.inside) ? state.inside : []
}
