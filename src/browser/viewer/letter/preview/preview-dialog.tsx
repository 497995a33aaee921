import { useEffect, useRef, useState } from 'preact/hooks'
import type { JSX, RefObject } from 'preact'
import { formatBytes } from '../../../ui/format.ts'
import { locale, text } from '../../../ui/text.ts'
import { Working } from '../../../ui/working.tsx'
import { pushEntry } from '../inside-path.ts'
import { previewDocument } from './preview-document.ts'
import { maxTextBytes, readPreview } from './read-preview.ts'
import type { Attachment } from '../letter.ts'
import type { PreviewKind } from './preview-kind.ts'
import type { ReadPreview } from './read-preview.ts'

export interface Previewed {
  readonly attachment: Attachment
  readonly kind: PreviewKind
}

interface PreviewDialogProps {
  readonly previewed: Previewed
  readonly onClosed: () => void
}

/**
 * A file to look at, in a frame of no origin and without rights. Escape, Back and the button close it; then the focus
 * is where it was.
 */
export function PreviewDialog({ previewed, onClosed }: PreviewDialogProps): JSX.Element {
  const { attachment, kind } = previewed
  const dialog = useModal(onClosed)
  const [read, setRead] = useState<ReadPreview | 'failed' | null>(null)
  useEffect(() => {
    readPreview(attachment, kind).then(setRead, () => setRead('failed'))
  }, [previewed])
  const title = text('attached.previewOf', { name: attachment.name })
  return (
    <dialog class="preview" ref={dialog} aria-label={title}>
      <div class="preview-head">
        <h2>
          <bdi>{attachment.name}</bdi>
        </h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          {text('attached.close')}
        </button>
      </div>
      <Remarks kind={kind} read={read} />
      {/* Scrolls with the keyboard; a frame that has the focus keeps Escape to itself. */}
      <div class="preview-body" tabIndex={0} role="group" aria-label={title}>
        {read === null && <Working what={text('frame.loading')} />}
        {read !== null && read !== 'failed' && <PreviewFrame read={read} title={title} />}
      </div>
    </dialog>
  )
}

function Remarks(props: {
  readonly kind: PreviewKind
  readonly read: ReadPreview | 'failed' | null
}): JSX.Element {
  const { kind, read } = props
  const isCut = read !== null && read !== 'failed' && read.isCut
  return (
    <>
      {read === 'failed' && (
        <p class="soft small" role="alert">
          {text('attached.pictureBroken')}
        </p>
      )}
      {kind.kind === 'text' && kind.isPage && (
        <p class="soft small">{text('attached.unsafeText')}</p>
      )}
      {isCut && (
        <p class="soft small">{text('attached.cut', { size: formatBytes(maxTextBytes) })}</p>
      )}
    </>
  )
}

/** Shows the dialog, and makes the browser's Back close it. */
function useModal(onClosed: () => void): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    if (element === null) return undefined
    let isBack = false
    const goBack = (): void => {
      isBack = true
      element.close()
    }
    const closed = (): void => {
      onClosed()
      if (!isBack) history.back()
    }
    pushEntry({})
    addEventListener('popstate', goBack, { once: true })
    element.addEventListener('close', closed, { once: true })
    element.showModal()
    return () => {
      removeEventListener('popstate', goBack)
      element.removeEventListener('close', closed)
    }
  }, [])
  return dialog
}

/** No rights at all, not even an origin: nothing in the file can run or reach the page. */
function PreviewFrame(props: { readonly read: ReadPreview; readonly title: string }): JSX.Element {
  const { read, title } = props
  const holder = useRef<HTMLDivElement>(null)
  const { source } = read
  useEffect(() => {
    const place = holder.current
    if (place === null) return undefined
    const frame = document.createElement('iframe')
    frame.title = title
    frame.setAttribute('sandbox', '')
    frame.setAttribute('referrerpolicy', 'no-referrer')
    const isFilm = source.kind === 'sound' || source.kind === 'film'
    if (!isFilm) frame.tabIndex = -1
    frame.srcdoc = previewDocument(source, {
      dark: matchMedia('(prefers-color-scheme: dark)').matches,
      locale: locale.value,
      broken: text(isFilm ? 'attached.mediaBroken' : 'attached.pictureBroken'),
    })
    place.replaceChildren(frame)
    return source.kind === 'text' ? fitText(frame, place, source.text) : keepFocus(frame, place)
  }, [read])
  return <div class={`preview-frame ${source.kind}`} ref={holder} />
}

/**
 * A click into the frame would take Escape along: the focus goes back to what scrolls. Who came by the keyboard stays at
 * the controls; who came to a text, which has none of this, stays to copy from it.
 */
function keepFocus(frame: HTMLIFrameElement, place: HTMLElement): () => void {
  const ended = new AbortController()
  let byKey = false
  const on = (target: EventTarget, name: string, listener: () => void): void =>
    target.addEventListener(name, listener, { signal: ended.signal })
  on(document, 'keydown', () => (byKey = true))
  on(frame, 'pointerenter', () => (byKey = false))
  on(window, 'blur', () =>
    // Firefox has not moved the focus yet.
    setTimeout(() => {
      if (!byKey && document.activeElement === frame) place.parentElement?.focus()
    }),
  )
  return () => ended.abort()
}

/** A frame without an origin cannot be measured: the same text in the same width outside of it can. */
function fitText(frame: HTMLIFrameElement, place: HTMLElement, words: string): () => void {
  const twin = document.createElement('pre')
  twin.className = 'measure'
  twin.textContent = words
  let width = 0
  const watcher = new ResizeObserver(() => {
    if (place.clientWidth === width) return
    width = place.clientWidth
    place.append(twin)
    frame.style.blockSize = `${Math.ceil(twin.getBoundingClientRect().height) + 8}px`
    twin.remove()
  })
  watcher.observe(place)
  return () => watcher.disconnect()
}
