import { useEffect, useState } from 'preact/hooks'
import type { RefObject } from 'preact'
import { PICTURE_TYPES } from './editor/picture-types.ts'
import type { Composer } from './composer.ts'
import type { WritingDesk } from './writing-desk.ts'

/**
 * Files that are dropped anywhere on the page or pasted: pictures go into the text where that is written in, the others
 * are attached.
 * @returns whether files hover over the page
 */
export function useIncomingFiles(
  form: RefObject<HTMLElement | null>,
  composer: Composer,
  desk: RefObject<WritingDesk | null>,
): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const ended = new AbortController()
    const take = (files: readonly File[], target: EventTarget | null): void => {
      if (form.current?.querySelector('.answer')?.hasAttribute('inert') === true) return
      const insert = isInText(target) ? (desk.current?.insertPicture ?? null) : null
      const pictures = insert === null ? [] : files.filter(isPicture)
      for (const picture of pictures) void insert?.(picture, picture.name)
      const others = files.filter(file => !pictures.includes(file))
      if (others.length > 0) void composer.addFiles(others)
    }
    const on = <K extends keyof DocumentEventMap>(
      name: K,
      listener: (event: DocumentEventMap[K]) => void,
    ): void =>
      // Before the editor, which knows nothing of files.
      document.addEventListener(name, listener, { signal: ended.signal, capture: true })
    on('dragover', event => {
      if (!hasFiles(event.dataTransfer)) return
      event.preventDefault()
      setOver(true)
    })
    on('dragleave', event => {
      if (event.relatedTarget === null) setOver(false)
    })
    on('drop', event => {
      setOver(false)
      if (!hasFiles(event.dataTransfer)) return
      event.preventDefault()
      event.stopPropagation()
      take([...(event.dataTransfer?.files ?? [])], event.target)
    })
    on('paste', event => {
      const files = [...(event.clipboardData?.files ?? [])]
      // A program that copies words puts a picture of them beside.
      if (files.length === 0 || event.clipboardData?.types.includes('text/plain') === true) return
      event.preventDefault()
      event.stopPropagation()
      take(files, event.target)
    })
    return () => ended.abort()
  }, [composer])
  return over
}

/** What is dragged out of a page has its HTML along: that is text, not a file. */
function hasFiles(data: DataTransfer | null): boolean {
  return data !== null && data.types.includes('Files') && !data.types.includes('text/html')
}

function isPicture({ type }: File): boolean {
  return PICTURE_TYPES.includes(type)
}

function isInText(target: EventTarget | null): boolean {
  return target instanceof Node && (parentOf(target)?.closest('.written') ?? null) !== null
}

function parentOf(node: Node): Element | null {
  return node instanceof Element ? node : node.parentElement
}
