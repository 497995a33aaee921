import { render } from 'preact'
import type { JSX } from 'preact'
import { formatBytes } from '../../../ui/format.ts'
import { addText, text } from '../../../ui/text.ts'
import { Working } from '../../../ui/working.tsx'
import { drawSlowly } from './draw-slowly.ts'
import { lengthOf } from './length-of.ts'
import type { HeavyLetter, SlowDrawing } from './draw-slowly.ts'

export interface HeavyPlace extends SlowDrawing {
  /** Holds the frame; what is to be said of the letter stands below it. */
  readonly holder: HTMLElement
}

/**
 * Draws a letter that would keep the page busy for seconds: parsed, sanitised and laid out in slices between which the
 * page lives; the beginning is there soon, the rest follows. Says that it works, and where the letter is cut.
 * @throws what it was stopped with
 */
export async function pourLetter(letter: HeavyLetter, place: HeavyPlace): Promise<void> {
  const { holder } = place
  const below = document.createElement('div')
  const say = (words: JSX.Element | null): void => {
    holder.append(below)
    render(words, below)
  }
  say(<Working what={text('frame.loading')} />)
  const show: SlowDrawing['show'] = drawn => {
    const shown = place.show(drawn)
    holder.append(below)
    return shown
  }
  try {
    const share = await drawSlowly(letter, { ...place, show })
    if (share < 1) await addText('attached')
    say(share < 1 ? <Cut bytes={share * lengthOf(letter.sections)} /> : null)
  } catch (error) {
    render(null, below)
    below.remove()
    throw error
  }
}

function Cut({ bytes }: { readonly bytes: number }): JSX.Element {
  return <p class="soft">{text('attached.cut', { size: formatBytes(bytes) })}</p>
}
