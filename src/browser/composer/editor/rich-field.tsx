import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { JSX, RefObject } from 'preact'
import type { Composer } from '../composer.ts'
import type { WritingDesk } from '../writing-desk.ts'
import { FormatBar } from './format-bar.tsx'
import { LinkForm } from './link-form.tsx'
import { pictureAddresses } from './picture-addresses.ts'
import { createRichEditor } from './rich-editor.ts'
import type { Format, RichEditor } from './rich-editor.ts'

/** What was typed is handed over when somebody begins to type, after this pause, and when the page asks. */
const pauseMs = 300

interface RichFieldProps {
  readonly composer: Composer
  readonly desk: RefObject<WritingDesk | null>
}

/** Formatted text, with the bar of its formats. */
export function RichField({ composer, desk }: RichFieldProps): JSX.Element {
  const root = useRef<HTMLDivElement>(null)
  const [formats, setFormats] = useState<ReadonlySet<Format>>(new Set())
  const [linking, setLinking] = useState(false)
  const [editor, setEditor] = useState<RichEditor | null>(null)
  // Before the page says where the focus goes.
  useLayoutEffect(() => {
    if (root.current === null) return undefined
    const opened = openEditor(root.current, composer, setFormats, () => setLinking(true))
    setEditor(opened.editor)
    desk.current = opened.desk
    return () => {
      opened.end()
      desk.current = null
    }
  }, [])
  const pictures = (files: readonly File[]): void => {
    for (const file of files) void desk.current?.insertPicture?.(file, file.name)
  }
  return (
    <div class="rich">
      <FormatBar
        formats={formats}
        onFormat={format => (format === 'link' ? setLinking(true) : editor?.toggle(format))}
        onClear={() => editor?.clear()}
        onPictures={pictures}
      />
      {linking && editor !== null && <LinkForm editor={editor} onDone={() => setLinking(false)} />}
      {/* What is in it is the editor's alone. */}
      <div
        ref={root}
        class="written"
        role="textbox"
        aria-multiline="true"
        aria-labelledby="written-label"
      />
    </div>
  )
}

interface OpenedEditor {
  readonly editor: RichEditor
  readonly desk: WritingDesk
  readonly end: () => void
}

function openEditor(
  root: HTMLElement,
  composer: Composer,
  onFormats: (formats: ReadonlySet<Format>) => void,
  onLinkKey: () => void,
): OpenedEditor {
  const pictures = pictureAddresses(URL)
  const { written, files } = composer.draft.value
  for (const { contentId, bytes } of files) if (contentId !== null) pictures.add(contentId, bytes)
  // What the editor only tells again is no change: a draft that was sent would be another one, and arrive twice.
  const typing = pauses(() => {
    const html = editor.html()
    const now = html === opened ? written : html
    if (now !== composer.draft.value.written) composer.change({ written: now })
  })
  const editor = createRichEditor({
    root,
    html: written,
    pictures,
    onInput: typing.start,
    onFormats,
    onLinkKey,
  })
  /** What the editor makes of the text, before anybody has changed it. */
  const opened = editor.html()
  let hasEnded = false
  const insertPicture = async (file: Blob, name: string): Promise<void> => {
    const picture = await composer.addPicture(file, name)
    if (picture === null || picture.contentId === null || hasEnded) return
    editor.insertPicture(pictures.add(picture.contentId, picture.bytes), picture.name)
    typing.flush()
  }
  const hidden = (): void => void (document.visibilityState === 'hidden' && typing.flush())
  // First, so that what is kept on leaving is all of it.
  document.addEventListener('visibilitychange', hidden, true)
  for (const leaving of ['beforeunload', 'pagehide']) addEventListener(leaving, typing.flush, true)
  root.addEventListener('blur', typing.flush)
  return {
    editor,
    desk: { flush: typing.flush, focus: editor.focus, insertPicture },
    end: () => {
      hasEnded = true
      document.removeEventListener('visibilitychange', hidden, true)
      for (const leaving of ['beforeunload', 'pagehide'])
        removeEventListener(leaving, typing.flush, true)
      typing.flush()
      editor.end()
      pictures.end()
    },
  }
}

/** Does the work at the beginning, once a pause is made, or when it is asked for, and only if there is something to do. */
function pauses(work: () => void): { readonly start: () => void; readonly flush: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = (): void => {
    if (timer === undefined) return
    clearTimeout(timer)
    timer = undefined
    work()
  }
  return {
    start: () => {
      if (timer === undefined) work()
      clearTimeout(timer)
      timer = setTimeout(flush, pauseMs)
    },
    flush,
  }
}
