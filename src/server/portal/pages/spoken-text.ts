import { html } from 'hono/html'
import { readParts } from '../../text/statement-parts.ts'
import type { StatementPart } from '../../text/statement-parts.ts'
import type { StatementFacts } from '../statement-facts.ts'
import type { Markup } from './document.ts'
import { query } from './page-words.ts'
import type { PageLanguage } from './page-words.ts'
import type { FillPlaces, StatementView } from './statement-view.ts'

/** Puts what is configured into a sentence, each name in a direction of its own. */
export function spokenText(language: PageLanguage, { facts, kept }: StatementView): FillPlaces {
  return (text, tag) => html`${readParts(text).map(part => renderPart(part, tag))}`

  function renderPart(part: StatementPart, tag: string): Markup | string {
    if (part.kind === 'text') return part.text
    if (part.kind === 'place') return html`<bdi>${placeOf(part.name, facts, tag)}</bdi>`
    return html`<a href="${part.path}${query(language)}${kept}">${part.text}</a>`
  }
}

/** The names that a sentence may have in braces. */
export const PLACES = ['organisation', 'operator', 'providers', 'auditTime', 'journalTime'] as const

function placeOf(name: string, facts: StatementFacts, tag: string): string {
  if (name === 'organisation') return facts.organisation
  if (name === 'operator') return facts.operator
  if (name === 'providers')
    return new Intl.ListFormat(tag, { type: 'unit' }).format(facts.providers)
  if (name === 'auditTime') return days(facts.auditDays, tag)
  if (name === 'journalTime') return days(facts.journalDays, tag)
  throw new RangeError(`no place {${name}}`)
}

function days(count: number, tag: string): string {
  return new Intl.NumberFormat(tag, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(
    count,
  )
}
