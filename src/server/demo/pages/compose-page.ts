import { html } from 'hono/html'
import { icons } from './icons.ts'
import { pageFrame } from './page-frame.ts'
import type { PageContext } from './page-context.ts'
import type { Html } from './page-frame.ts'

/** What the form holds; attachments have to be chosen again. */
export interface Draft {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly body: string
}

export interface ComposeView {
  readonly draft: Draft
  readonly gateway: string
  /** The gateway's own words when it took nothing. */
  readonly refusal?: string
}

/** A small form; what it sends goes over SMTP to the gateway. */
export function composePage(context: PageContext, { draft, gateway, refusal }: ComposeView): Html {
  const { text, link } = context
  return pageFrame(context, {
    title: text('mailbox.newMail'),
    kind: 'compose',
    body: html`<main id="content" tabindex="-1" class="sheet">
      <h1>${text('mailbox.newMail')}</h1>
      <p class="soft">${text('mailbox.newMailHint', { gateway })}</p>
      ${
        refusal === undefined
          ? ''
          : html`<div class="note refused" role="alert">
              <p>${text('mailbox.refused')}</p>
              <p><code>${refusal}</code></p>
            </div>`
      }
      <form method="post" action="${link('/compose')}" enctype="multipart/form-data">
        ${field('from', text('mailbox.from'), draft.from, 'email')}
        ${field('recipients', text('mailbox.to'), draft.to, 'email', text('mailbox.toHint'))}
        ${field('subject', text('mailbox.subject'), draft.subject, 'text')}
        <div>
          <label for="body">${text('mailbox.text')}</label>
          <textarea id="body" name="body" rows="10">${draft.body}</textarea>
        </div>
        <div>
          <label for="files">${text('mailbox.attachments')}</label>
          <input id="files" name="files" type="file" multiple />
        </div>
        <div class="row">
          <button class="primary">${icons.envelope}${text('mailbox.send')}</button>
          <a class="button" href="${link('/')}">${text('mailbox.cancel')}</a>
        </div>
      </form>
    </main>`,
  })
}

const field = (
  name: string,
  label: string,
  value: string,
  inputMode: 'email' | 'text',
  hint?: string,
): Html =>
  html`<div>
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="text"
      inputmode="${inputMode}"
      autocomplete="off"
      value="${value}"
      ${name === 'subject' ? '' : html`required`}
      ${hint === undefined ? '' : html`aria-describedby="${name}-hint"`}
    />
    ${hint === undefined ? '' : html`<small class="soft" id="${name}-hint">${hint}</small>`}
  </div>`
