import { render } from 'preact'
import type { ComponentChild } from 'preact'
import { onChange } from './signal.ts'

let stop: () => void = () => undefined

/**
 * Draws a page into `#app`, now and whenever a signal changes: the step, the language, what is
 * announced. A page drawn before makes way.
 */
export function drawPage(draw: () => ComponentChild): void {
  const app = document.getElementById('app')
  if (app === null) return
  stop()
  render(null, app)
  app.replaceChildren()
  const redraw = (): void => render(draw(), app)
  redraw()
  stop = onChange(redraw)
}
