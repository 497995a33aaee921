import { useEffect, useRef, useState } from 'preact/hooks'
import type { ReplyKind } from '../../../core/reply/reply-head.ts'

/** Places of attachments, one in the other: the attached message that is open; empty for the letter itself. */
export type InsidePath = readonly number[]

interface InsideEntry {
  readonly depth?: number
  /** Of which letter, so that no other takes the rest for its own. */
  readonly insideOf?: string
  readonly inside?: InsidePath
  /** The answer that is being written. */
  readonly answer?: ReplyKind | null
}

/**
 * What of a letter is open, as entries of the browser's history: an attached message, or an answer. Back goes to what
 * is around it.
 * @param letter tells this letter from others that the tab has shown
 */
export function useInsidePath(letter: string): {
  readonly path: InsidePath
  readonly answer: ReplyKind | null
  readonly open: (attachment: number) => void
  readonly write: (answer: ReplyKind) => void
} {
  const [now, setNow] = useState(() => currentEntry(letter))
  const { inside = [], answer = null } = now
  useEffect(() => {
    const follow = (): void => setNow(currentEntry(letter))
    follow()
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [letter])
  const opener = useRef<Element | null>(null)
  const away = useRef(false)
  const isLetter = inside.length === 0 && answer === null
  useEffect(() => {
    if (isLetter && away.current) comeBack(opener.current)
    if (isLetter) opener.current = null
    away.current = !isLetter
  }, [isLetter])
  const go = (entry: InsideEntry): void => {
    opener.current ??= document.activeElement
    pushEntry({ insideOf: letter, ...entry })
    setNow(entry)
  }
  return {
    path: inside,
    answer,
    open: attachment => go({ inside: [...inside, attachment] }),
    write: kind => go({ inside: [], answer: kind }),
  }
}

/** The focus goes to where it came from, or to the heading where that is gone. */
function comeBack(opener: Element | null): void {
  const place = opener?.isConnected === true ? opener : document.querySelector('.letter h1')
  if (place instanceof HTMLElement) place.focus()
}

/** One entry deeper than the current one, which the reader's steps count too. */
export function pushEntry(more: InsideEntry): void {
  const { state } = history as { readonly state: InsideEntry | null }
  history.pushState({ ...state, ...more, depth: (state?.depth ?? 0) + 1 }, '', location.href)
}

/** History is the tab's own, but an older version of this page may have written it. */
function currentEntry(letter: string): InsideEntry {
  const { state } = history as { readonly state: InsideEntry | null }
  return state?.insideOf === letter && Array.isArray(state.inside) ? state : {}
}
