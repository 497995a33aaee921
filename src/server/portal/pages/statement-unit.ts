import { html } from 'hono/html'
import type { SpokenLine } from '../../text/speak-statement.ts'
import type { Markup } from './document.ts'
import type { PageLanguage } from './page-words.ts'
import type { StatementView } from './statement-page.ts'

/** A text with its places filled, in the language of `tag`. */
export type FillPlaces = (text: string, tag: string) => Markup

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
  if (statement.translated === null) return element(fill(english, 'en'))
  if (translated === null)
    return html`<div class="unit">
      <div class="line" lang="en" dir="ltr">${element(fill(english, 'en'))}</div>
    </div>`
  if (translated === english) return element(fill(translated, tag))
  const button = html`<details>
    <summary>
      EN <span class="spoken" lang="${tag}" dir="${direction}">${say('statement.original')}</span>
    </summary>
  </details>`
  return html`<div class="unit">
    <div class="line">${element(fill(translated, tag))}</div>
    ${beside ? '' : button}
    <p class="original" lang="en" dir="ltr">${fill(english, 'en')}</p>
  </div>`
}
