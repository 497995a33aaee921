import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import { text } from '../../ui/text.ts'
import { frameDocument, frameStyle, framed } from './frame-document.ts'
import type { FrameDocument, FrameLook } from './frame-document.ts'
import { fitFrame } from './fit-frame.ts'
import { loadExtras } from './load-extras.ts'
import { bounds, isHeavy } from './is-heavy.ts'
import { loadHeavy } from './load-heavy.ts'
import { plainTextPieces } from './plain-text.ts'
import { Sanitiser } from './sanitise.ts'
import type { FittedFrame } from './fit-frame.ts'
import type { Letter } from '../letter/letter.ts'

/** Never allow-scripts, allow-forms or allow-top-navigation. protocol.md §7 */
const sandbox = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox'

const tools = { bounds, Sanitiser, framed, frameStyle, plainTextPieces }

interface MessageFrameProps {
  readonly letter: Letter
  readonly look: FrameLook
  readonly onDrawn: (drawn: FrameDocument) => void
}

/** The body of a message, dead to scripts, as high as what it holds. */
export function MessageFrame({ letter, look, onDrawn }: MessageFrameProps): JSX.Element {
  const holder = useRef<HTMLDivElement>(null)
  const inline = useInlineAddresses(letter)
  useEffect(() => {
    const { sections } = letter
    const ended = new AbortController()
    const { signal: stopped } = ended
    const show = (drawn: FrameDocument): FittedFrame => {
      const fitted = fitFrame(frameOf(drawn))
      holder.current?.replaceChildren(fitted.frame)
      stopped.addEventListener('abort', fitted.end)
      onDrawn(drawn)
      return fitted
    }
    const draw = async (): Promise<void> => {
      const heavy = isHeavy(sections)
      const [extras, early] = await Promise.all([loadExtras(sections), heavy ? loadHeavy() : null])
      if (stopped.aborted) return
      const atOnce = heavy ? null : frameDocument(sections, inline, look, extras, bounds)
      const pourLetter = atOnce === null ? (early ?? (await loadHeavy())) : null
      if (stopped.aborted || holder.current === null) return
      const place = { holder: holder.current, show, onDrawn, stopped, tools }
      if (pourLetter !== null) await pourLetter({ sections, inline, look, extras }, place)
      else {
        const drawn = atOnce ?? frameDocument(sections, inline, look, extras)
        if (drawn !== null) show(drawn)
      }
      extras?.finish(holder.current, stopped)
    }
    const setBusy = (busy: 'true' | null): void => {
      if (holder.current !== null && !stopped.aborted) holder.current.ariaBusy = busy
    }
    setBusy('true') // at once: print waits for it
    draw()
      .catch(error => {
        if (!stopped.aborted) throw error
      })
      .finally(() => setBusy(null))
    return () => ended.abort()
  }, [letter, look.dark, look.accent, look.locale, look.ownColours])
  return <div class="body" ref={holder} />
}

function frameOf({ html }: FrameDocument): HTMLIFrameElement {
  const frame = document.createElement('iframe')
  frame.title = text('message.body')
  frame.setAttribute('sandbox', sandbox)
  frame.setAttribute('referrerpolicy', 'no-referrer')
  frame.addEventListener('load', () => frame.contentDocument?.addEventListener('keydown', passOn))
  frame.srcdoc = html
  return frame
}

/** Whoever has clicked into the message still uses the page's keys. */
function passOn(event: KeyboardEvent): void {
  if (!dispatchEvent(new KeyboardEvent(event.type, event))) event.preventDefault()
}

/** Addresses of the message's own pictures, for as long as it is shown. */
function useInlineAddresses(letter: Letter): ReadonlyMap<string, string> {
  const addresses = useMemo(
    () => new Map([...letter.inline].map(([id, bytes]) => [id, URL.createObjectURL(bytes)])),
    [letter],
  )
  useEffect(
    () => () => {
      for (const address of addresses.values()) URL.revokeObjectURL(address)
    },
    [addresses],
  )
  return addresses
}
