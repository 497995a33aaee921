import { html } from 'hono/html'
import type { SpokenSection, SpokenSentence, SpokenStatement } from '../../text/speak-statement.ts'
import { contactList } from './contact-list.ts'
import type { Markup } from './document.ts'
import { query } from './page-words.ts'
import type { PageLanguage } from './page-words.ts'
import { spokenText } from './spoken-text.ts'
import { unit } from './statement-unit.ts'
import type { StatementView } from './statement-view.ts'
import type { TextPage } from './text-pages.ts'

/** Sentences that end in a colon: whom to write to follows. */
const CONTACTS_AFTER = new Set(['contact', 'tell'])

/** `GET /privacy` and `GET /accessibility`: what is true of this installation, in two languages. features.md A9 */
export function statementPage(language: PageLanguage, view: StatementView): TextPage {
  const { statement, beside } = view
  const isTranslated = statement.translated !== null
  const tone = `${isTranslated ? ' bilingual' : ''}${isTranslated && beside ? ' beside' : ''}`
  const missing = !isTranslated && language.tag !== 'en'
  const { english, translated } = statement.title
  return {
    title: translated ?? english,
    kept: view.kept,
    content: html`<div class="sheet statement${tone}">
      ${missing ? html`<p class="soft">${language.say('statement.untranslated')}</p>` : ''}
      <div lang="${statement.tag}" dir="${missing ? 'ltr' : language.direction}">
        ${unit(language, view, statement.title, said => html`<h1>${said}</h1>`)}
        ${dates(language, statement)} ${isTranslated ? otherView(language, view) : ''}
        ${statement.sections.map(section => renderSection(language, view, section))}
      </div>
    </div>`,
  }
}

function dates({ say, tag }: PageLanguage, { updated, translated }: SpokenStatement): Markup {
  const shown = (day: string): string =>
    new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day))
  const own =
    translated === null
      ? ''
      : html`<br />${say('statement.translated', { date: shown(translated) })}`
  return html`<p class="soft" lang="${tag}" dir="auto">
    ${say('statement.updated', { date: shown(updated) })}${own}
  </p>`
}

function otherView(language: PageLanguage, { path, kept, beside }: StatementView): Markup {
  const address = `${path}${query(language)}${kept}${beside ? '' : '&view=both'}`
  const words = language.say(beside ? 'statement.oneLanguage' : 'statement.sideBySide')
  return html`<p class="views"><a href="${address}">${words}</a></p>`
}

function renderSection(
  language: PageLanguage,
  view: StatementView,
  section: SpokenSection,
): Markup {
  const said = section.sentences.filter(sentence => isSaid(sentence, view))
  const places = spokenText(language, view)
  return html`<section id="${section.id}">
    ${unit(language, view, section.heading, words => html`<h2>${words}</h2>`)}
    ${said.map(sentence => [
      unit(language, view, sentence, words => html`<p>${words}</p>`, places),
      CONTACTS_AFTER.has(sentence.id) ? contactList(language, view.facts.contacts) : '',
    ])}
  </section>`
}

/** True when the sentence is true of this installation. */
export function isSaid(
  { conditions }: SpokenSentence,
  { facts, statement }: Pick<StatementView, 'facts' | 'statement'>,
): boolean {
  const holds: Readonly<Record<string, boolean>> = {
    ...facts.holds,
    translated: statement.translated !== null,
  }
  return conditions.every(condition => holds[condition.fact] === condition.holds)
}
