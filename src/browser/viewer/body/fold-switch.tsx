import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { text } from '../../ui/text.ts'
import { foldClass } from './fold-class.ts'

/** Letters that are drawn anew, in other colours say, stay as they were. */
const unfolded = new WeakSet<HTMLElement>()

/** Those that we have made. */
export function foldsIn(page: Document): readonly HTMLDetailsElement[] {
  return [...page.querySelectorAll<HTMLDetailsElement>(`details.${foldClass}`)]
}

/** Shows and folds all older messages of a letter: not every browser searches the page in what is folded. */
export function FoldSwitch(props: {
  readonly page: Document
  readonly holder: HTMLElement
}): JSX.Element {
  const { page, holder } = props
  const [isOpen, setOpen] = useState(unfolded.has(holder))
  useEffect(() => {
    if (isOpen) setAll(page, true)
    const ended = new AbortController()
    const follow = (): void => setOpen(foldsIn(page).every(({ open }) => open))
    page.addEventListener('toggle', follow, { signal: ended.signal, capture: true })
    return () => ended.abort()
  }, [page])
  const change = (open: boolean): void => {
    if (open) unfolded.add(holder)
    else unfolded.delete(holder)
    setAll(page, open)
    setOpen(open)
  }
  return (
    <label class="check small colours">
      <input
        type="checkbox"
        checked={isOpen}
        onChange={event => change(event.currentTarget.checked)}
      />
      {text('attached.unfold')}
    </label>
  )
}

function setAll(page: Document, open: boolean): void {
  for (const fold of foldsIn(page)) fold.open = open
}
