import { html } from 'hono/html'
import type { Brand } from '../brand.ts'
import type { Markup } from './document.ts'
import { languageNames } from '../../text/language-names.ts'
import { locales } from '../../text/text.ts'
import { query } from './page-words.ts'
import type { PageLanguage } from './page-words.ts'

export interface FrameParts {
  readonly language: PageLanguage
  readonly brand: Brand
  readonly host: string
  /** Where the page is, for the language choice; empty: where it was asked for; null where it cannot be asked for again. */
  readonly path: string | null
  /** What else of its query stays when the language is chosen: `&for=example`. */
  readonly kept?: string
  readonly content: Markup
}

/** What every page has: organisation, language choice, main landmark, privacy. contract.md, Reader page */
export function renderFrame({
  language,
  brand,
  host,
  path,
  kept = '',
  content,
}: FrameParts): Markup {
  const { say } = language
  return html`<div class="frame">
    <a class="button skip" href="#main">${say('frame.skip')}</a>
    <header class="top">
      ${renderBrand(brand)}${path === null ? '' : renderLanguages(language, path, kept)}
    </header>
    <main id="main" tabindex="-1">${content}</main>
    <footer class="foot">
      <bdi>${host}</bdi>
      <nav aria-label="${say('page.about')}">
        <a href="/privacy${query(language)}${kept}">${say('frame.privacy')}</a>
        <a href="/accessibility${query(language)}${kept}">${say('statement.accessibility')}</a>
      </nav>
    </footer>
  </div>`
}

function renderBrand(brand: Brand): Markup {
  const { name } = brand.view
  const logo =
    brand.logo === null
      ? html`<span class="logo" aria-hidden="true"
          >${String.fromCodePoint(name.codePointAt(0) ?? 0x20)}</span
        >`
      : html`<img class="logo" src="${brand.logo.path}" alt="" />`
  return html`<span class="brand">${logo}<bdi>${name}</bdi></span>`
}

const names = languageNames(locales)

/** Closed until it is asked for: many languages would stand before the page's own words. */
function renderLanguages(language: PageLanguage, path: string, kept: string): Markup {
  const links = names.map(({ tag, name }) =>
    tag === language.tag
      ? html`<li><span lang="${tag}" aria-current="true">${name}</span></li>`
      : html`<li>
          <a href="${path}?lang=${tag}${kept}" lang="${tag}" hreflang="${tag}">${name}</a>
        </li>`,
  )
  const own = names.find(({ tag }) => tag === language.tag)?.name ?? language.tag
  return html`<details class="languages">
    <summary><span class="spoken">${language.say('frame.language')}: </span>${own}</summary>
    <nav aria-label="${language.say('frame.language')}">
      <ul>
        ${links}
      </ul>
    </nav>
  </details>`
}
