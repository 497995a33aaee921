import { html } from 'hono/html'
import type { SpokenSection, SpokenSentence } from '../../text/speak-statement.ts'
import { keptPromises } from '../promises/promise-list.ts'
import type { PromiseTest } from '../promises/promise-list.ts'
import type { PromiseResults } from '../promises/promise-results.ts'
import type { Markup } from './document.ts'
import { query } from './page-words.ts'
import type { PageLanguage } from './page-words.ts'
import { spokenText } from './spoken-text.ts'
import { isSaid } from './statement-page.ts'
import type { StatementView } from './statement-view.ts'
import { unit } from './statement-unit.ts'
import type { TextPage } from './text-pages.ts'

/** `GET /promises`: each promise of the privacy statement, its tests, and what they found of this version. features.md E */
export function promisesPage(
  language: PageLanguage,
  view: StatementView,
  results: PromiseResults | null,
): TextPage {
  const { say } = language
  const { statement } = view
  const title = say('promises.title')
  const bilingual = statement.translated === null ? '' : ' bilingual'
  const missing = statement.translated === null && language.tag !== statement.tag
  return {
    title,
    kept: view.kept,
    content: html`<div class="sheet statement${bilingual}">
      <h1>${title}</h1>
      <p>${say('promises.intro')}</p>
      ${checkedWhen(language, results)}
      <div lang="${statement.tag}" dir="${missing ? 'ltr' : language.direction}">
        ${statement.sections.map(section => promisesOf(language, view, section, results))}
      </div>
      <p class="views">
        <a href="/privacy${query(language)}${view.kept}">${say('promises.privacy')}</a>
      </p>
    </div>`,
  }
}

function checkedWhen({ say, tag }: PageLanguage, results: PromiseResults | null): Markup {
  if (results === null) return html`<p class="soft">${say('promises.unchecked')}</p>`
  const format = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' })
  const { version, mutations } = results
  const date = format.format(new Date(results.date))
  const broken =
    mutations === null ? '' : html`<p class="soft">${say('promises.broken', mutations)}</p>`
  return html`<p class="soft">${say('promises.checked', { version, date })}</p>
    ${broken}`
}

/** Nothing for a section without promises. */
function promisesOf(
  language: PageLanguage,
  view: StatementView,
  { id, heading, sentences }: SpokenSection,
  results: PromiseResults | null,
): Markup | string {
  const promised = sentences.filter(each => each.promise && isSaid(each, view))
  if (promised.length === 0) return ''
  return html`<section id="${id}">
    ${unit(language, view, heading, words => html`<h2>${words}</h2>`)}
    ${promised.map(sentence => renderPromise(language, view, sentence, results))}
  </section>`
}

function renderPromise(
  language: PageLanguage,
  view: StatementView,
  sentence: SpokenSentence,
  results: PromiseResults | null,
): Markup {
  const places = spokenText(language, view)
  const { tests = [] } = keptPromises.find(({ id }) => id === sentence.id) ?? {}
  return html`${unit(language, view, sentence, words => html`<p>${words}</p>`, places)}
    <ul class="proofs" lang="${language.tag}" dir="${language.direction}">
      ${tests.map(test => renderTest(language, test, sentence.id, results))}
    </ul>`
}

/** A list that has grown since the results were written is not called kept. */
function renderTest(
  { say }: PageLanguage,
  { file, title }: PromiseTest,
  promise: string,
  results: PromiseResults | null,
): Markup {
  const found = results?.promises
    .find(({ id }) => id === promise)
    ?.tests.find(test => test.file === file && test.title === title)
  const result = results === null ? null : (found?.result ?? 'missing')
  const said =
    result === null ? '' : html`<strong class="${result}">${say(`promises.${result}`)}</strong> `
  return html`<li>${said}<span lang="en" dir="ltr">${title}</span></li>`
}
