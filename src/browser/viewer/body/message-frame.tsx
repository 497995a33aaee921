import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import { text } from '../../ui/text.ts'
import { frameDocument } from './frame-document.ts'
import type { FrameDocument, FrameLook } from './frame-document.ts'
import { fitFrame } from './fit-frame.ts'
import { loadFolds } from './load-folds.ts'
import type { Letter } from '../letter/letter.ts'

/** Never allow-scripts, allow-forms or allow-top-navigation. protocol.md §7 */
const sandbox = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox'

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
    let isWanted = true
    let end = (): void => undefined
    const draw = async (): Promise<void> => {
      const folds = await loadFolds(letter.sections)
      if (!isWanted) return
      const drawn = frameDocument(letter.sections, inline, look, folds)
      const frame = frameOf(drawn)
      holder.current?.replaceChildren(frame)
      end = fitFrame(frame)
      onDrawn(drawn)
    }
    void draw()
    return () => {
      isWanted = false
      end()
    }
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
