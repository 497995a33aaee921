import { html } from 'hono/html'
import type { ProblemCode } from '../../../core/api/messages.ts'
import type { Brand } from '../brand.ts'
import type { Markup } from './document.ts'
import { query } from './page-words.ts'
import type { PageLanguage } from './page-words.ts'
import { seal } from './seal.ts'

export interface TextPage {
  readonly title: string
  readonly content: Markup
}

/** `GET /`: what this is, and how a message is opened. */
export function homePage(language: PageLanguage, brand: Brand, host: string): TextPage {
  const { say } = language
  const organisation = brand.view.name
  const title = say('page.homeTitle', { organisation })
  return {
    title,
    content: html`<div class="sheet">
      ${seal}
      <h1>${title}</h1>
      <p>${say('page.homeIntro', { organisation })}</p>
      <h2>${say('page.homeHow')}</h2>
      <ol>
        <li>${say('page.homeStepMail')}</li>
        <li>${say('page.homeStepButton')}</li>
        <li>${say('page.homeStepProve')}</li>
      </ol>
      <p>${say('page.homeFile')}</p>
      <p><a class="button primary" href="/open${query(language)}">${say('page.homeOpen')}</a></p>
      <h2>${say('page.homeRealTitle')}</h2>
      <p>${say('frame.realHost', { organisation, host })}</p>
      <p>${say('frame.realCode')}</p>
      <p>${say('frame.realNever')}</p>
    </div>`,
  }
}

export interface Contact {
  /** Empty where the configuration has none. */
  readonly mail: string
  readonly post: string
}

/** `GET /privacy`: what this version does, and no more than that. */
export function privacyPage(language: PageLanguage, brand: Brand, contact: Contact): TextPage {
  const { say } = language
  const organisation = brand.view.name
  const title = say('page.privacyTitle')
  return {
    title,
    content: html`<div class="sheet">
      <h1>${title}</h1>
      <p>${say('page.privacyIntro', { organisation })}</p>
      <h2>${say('page.privacyMessageTitle')}</h2>
      <p>${say('page.privacyMessage')}</p>
      <p>${say('page.privacyNotKept')}</p>
      <h2>${say('page.privacyYouTitle')}</h2>
      <p>${say('page.privacyPasscode')}</p>
      <p>${say('page.privacyAssociations')}</p>
      <p>${say('page.privacyCookies')}</p>
      <p>${say('page.privacyBrowser')}</p>
      <h2>${say('page.privacyKeptTitle')}</h2>
      <p>${say('page.privacyKept')}</p>
      <p>${say('page.privacyCounts')}</p>
      <p>${say('page.privacyNetwork')}</p>
      <h2>${say('page.privacyWhoTitle')}</h2>
      <p>${say('page.privacyWho')}</p>
      ${contactList(language, contact)}
    </div>`,
  }
}

function contactList(language: PageLanguage, contact: Contact): Markup {
  const { say } = language
  if (contact.mail === '' && contact.post === '')
    return html`<p>${say('page.privacyContactSender')}</p>`
  const mail =
    contact.mail === ''
      ? ''
      : html`<dt>${say('page.privacyMail')}</dt>
          <dd>
            <a href="mailto:${contact.mail}"><bdi>${contact.mail}</bdi></a>
          </dd>`
  const post =
    contact.post === ''
      ? ''
      : html`<dt>${say('page.privacyPost')}</dt>
          <dd>${contact.post.split('\n').map(line => html`${line}<br />`)}</dd>`
  return html`<p>${say('page.privacyContact')}</p>
    <dl>${mail}${post}</dl>`
}

/** What went wrong, whose turn it is, and the next step; the words are those of the reader's errors. */
export function problemPage(
  language: PageLanguage,
  code: ProblemCode,
  retryAfterSeconds: number | undefined,
): TextPage {
  const { say } = language
  const title = code === 'not-found' ? say('page.notFoundTitle') : say(`errors.${code}`)
  return {
    title,
    content: html`<div class="sheet narrow">
      ${seal}
      <h1>${title}</h1>
      <p>${nextStep(language, code, retryAfterSeconds)}</p>
      <p><a class="button primary" href="/open${query(language)}">${say('page.homeOpen')}</a></p>
    </div>`,
  }
}

function nextStep(
  { say, tag }: PageLanguage,
  code: ProblemCode,
  retryAfterSeconds: number | undefined,
): string {
  if (code === 'not-found') return say('page.notFound')
  if (code !== 'rate-limited') return say(`errors.${code}-next`)
  const minutes = Math.ceil((retryAfterSeconds ?? 60) / 60)
  const wait = new Intl.NumberFormat(tag, { style: 'unit', unit: 'minute', unitDisplay: 'long' })
  return say('errors.rate-limited-next', { wait: wait.format(minutes) })
}
