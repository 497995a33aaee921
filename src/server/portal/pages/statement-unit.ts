import { html } from 'hono/html'
import type { SpokenLine } from '../../text/speak-statement.ts'
import type { Markup } from './document.ts'
import type { PageLanguage } from './page-words.ts'
import type { FillPlaces, StatementView } from './statement-view.ts'

/** The language of the originals, and the label of what shows them. */
const original = 'en'

/**
 * A line with its English original at hand, without a script: shown while the pointer or the focus
 * is there, and kept open by the button, which is a `summary` because that works everywhere.
 */
export function unit(
  { say, tag, direction }: PageLanguage,
  { statement, beside }: StatementView,
  { english, translated }: SpokenLine,
  element: (said: Markup) => Markup,
  fill: FillPlaces = text => html`${text}`,
): Markup {
  if (statement.translated === null) return element(fill(english, original))
  if (translated === null)
    return html`<div class="unit">
      <div class="line" lang="${original}" dir="ltr">${element(fill(english, original))}</div>
    </div>`
  if (translated === english) return element(fill(translated, tag))
  const button = html`<details>
    <summary>
      ${original.toUpperCase()}
      <span class="spoken" lang="${tag}" dir="${direction}">${say('statement.original')}</span>
    </summary>
  </details>`
  return html`<div class="unit">
    <div class="line">${element(fill(translated, tag))}</div>
    ${beside ? '' : button}
    <p class="original" lang="${original}" dir="ltr">${fill(english, original)}</p>
  </div>`
}
