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
  /** Further parts of the page's query, that its links keep. */
  readonly kept?: string
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
