import { html } from 'hono/html'
import type { PrivacyContact } from '../privacy-contacts.ts'
import type { Markup } from './document.ts'
import type { PageLanguage } from './page-words.ts'

/** By mail, by post, and where the organisation itself speaks of privacy. */
export function contactList(language: PageLanguage, contacts: readonly PrivacyContact[]): Markup {
  return html`<div class="contacts" lang="${language.tag}" dir="${language.direction}">
    ${contacts.map(contact => renderContact(language, contact))}
  </div>`
}

function renderContact({ say }: PageLanguage, { name, mail, post, page }: PrivacyContact): Markup {
  const rows = [
    mail === '' ? '' : row(say('statement.mail'), html`<a href="${mailto(mail)}">${mail}</a>`),
    post === '' ? '' : row(say('statement.post'), lines(post)),
    page === ''
      ? ''
      : row(say('statement.page'), html`<a href="${page}" rel="noreferrer">${page}</a>`),
  ]
  return html`<p>
      <strong><bdi>${name}</bdi></strong>
    </p>
    <dl>${rows}</dl>`
}

/** RFC 6068 §2: `?` and `&` may stand in an address, and would add further fields to the mail. */
const mailto = (address: string): string =>
  `mailto:${encodeURIComponent(address).replaceAll('%40', '@')}`

const row = (label: string, value: Markup): Markup =>
  html`<dt>${label}</dt>
    <dd><bdi>${value}</bdi></dd>`

const lines = (post: string): Markup =>
  html`${post
    .trim()
    .split('\n')
    .map((line, i) => (i === 0 ? line : html`<br />${line}`))}`
