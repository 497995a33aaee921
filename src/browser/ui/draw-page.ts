import { effect } from '@preact/signals-core'
import { render } from 'preact'
import type { ComponentChild } from 'preact'

let stop: () => void = () => undefined

/**
 * Draws a page into `#app`, now and whenever a signal that it reads changes: the step, the language,
 * what is announced. `draw` must read them in its components' bodies, from the top. A page drawn
 * before makes way.
 */
export function drawPage(draw: () => ComponentChild): void {
  const app = document.getElementById('app')
  if (app === null) return
  stop()
  render(null, app)
  app.replaceChildren()
  stop = effect(() => render(draw(), app))
}
