import { render } from 'preact'
import { addText, text } from '../../ui/text.ts'
import { startOfQuote } from '../mail/quotes/quote-start.ts'
import { canBeDrawn } from './can-be-drawn.ts'
import { FoldSwitch, foldsIn } from './fold-switch.tsx'
import { foldQuote } from './fold-quote.ts'

/** What only some letters need: how older messages are folded, and pictures within the text looked at. */
export interface Extras {
  readonly foldQuote: typeof foldQuote
  readonly startOfQuote: typeof startOfQuote
  /** Whether a page can draw the picture that a `data:` address is. */
  readonly canBeDrawn: (address: string) => boolean
  /** Says on the page, in `holder`, what there is to say of the letter in the frame. */
  readonly finish: (holder: HTMLElement, stopped: AbortSignal) => void
}

/** For one letter, drawn once. */
export function extras(): Extras {
  let isLeftOut = false
  return {
    foldQuote,
    startOfQuote,
    canBeDrawn(address) {
      const can = canBeDrawn(address)
      isLeftOut ||= !can
      return can
    },
    finish(holder, stopped) {
      const frame = holder.querySelector('iframe')
      const say = (): void => void sayAbout(holder, stopped, isLeftOut)
      frame?.addEventListener('load', say, { once: true }) // but a long letter is there already
      say()
    },
  }
}

async function sayAbout(holder: HTMLElement, stopped: AbortSignal, isLeftOut: boolean) {
  const page = holder.querySelector('iframe')?.contentDocument
  if (!page || page.URL === 'about:blank') return // not loaded yet
  if (!isLeftOut && foldsIn(page).length === 0) return
  await addText('attached')
  if (stopped.aborted) return
  const [above, below] = [document.createElement('div'), document.createElement('p')]
  if (foldsIn(page).length > 0) {
    holder.prepend(above)
    render(<FoldSwitch page={page} holder={holder} />, above)
  }
  if (!isLeftOut) return
  below.className = 'soft small'
  below.textContent = text('attached.pictureTooLarge')
  holder.append(below)
}
