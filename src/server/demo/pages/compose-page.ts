import { html } from 'hono/html'
import { icons } from './icons.ts'
import { pageFrame } from './page-frame.ts'
import type { PageContext } from './page-context.ts'
import type { Html } from './page-frame.ts'

/** What the form holds; attachments have to be chosen again. */
export interface Draft {
  readonly from: string
  readonly to: string
  readonly cc: string
  readonly subject: string
  readonly body: string
  /** The mail that this one answers. */
  readonly answers?: {
    /** Its id in the mailbox. */
    readonly mail: string
    /** With brackets; empty when it has none. */
    readonly messageId: string
    /** What it answers itself, oldest first. */
    readonly references: readonly string[]
  }
}

export interface ComposeView {
  readonly draft: Draft
  readonly gateway: string
  /** True when it does not pass through the gateway. */
  readonly isDirect: boolean
  /** The server's own words when it took nothing. */
  readonly refusal?: string
}

/** What the answer belongs to goes along unseen. */
const answered = ({ answers }: Draft): Html =>
  answers === undefined
    ? html``
    : html`<input type="hidden" name="answers" value="${answers.mail}" />
        <input type="hidden" name="in-reply-to" value="${answers.messageId}" />
        <input type="hidden" name="references" value="${answers.references.join(' ')}" />`

/** A small form; what it sends goes over SMTP. */
export function composePage(context: PageContext, view: ComposeView): Html {
  const { text, link } = context
  const { draft, gateway, refusal, isDirect } = view
  const title = text(draft.answers === undefined ? 'mailbox.newMail' : 'message.reply')
  return pageFrame(context, {
    title,
    kind: 'compose',
    body: html`<main id="content" tabindex="-1" class="sheet">
      <h1>${title}</h1>
      <p class="soft">
        ${isDirect ? text('mailbox.directHint') : text('mailbox.newMailHint', { gateway })}
      </p>
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
        ${field('cc', text('mailbox.cc'), draft.cc, 'email')} ${answered(draft)}
        ${field('subject', text('mailbox.subject'), draft.subject, 'text')}
        <div>
          <label for="body">${text('mailbox.text')}</label>
          <textarea
            id="body"
            name="body"
            rows="${draft.body === '' ? 10 : 16}"
            ${draft.answers === undefined ? '' : html`autofocus`}
          >
${draft.body}</textarea>
        </div>
        <div>
          <label for="files">${text('mailbox.attachments')}</label>
          <input id="files" name="files" type="file" multiple />
        </div>
        <div class="row">
          <button class="primary">${icons.envelope}${text('mailbox.send')}</button>
          <a
            class="button"
            href="${link(draft.answers === undefined ? '/' : `/messages/${draft.answers.mail}`)}"
            >${text('mailbox.cancel')}</a
          >
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
      ${name === 'from' || name === 'recipients' ? html`required` : ''}
      ${hint === undefined ? '' : html`aria-describedby="${name}-hint"`}
    />
    ${hint === undefined ? '' : html`<small class="soft" id="${name}-hint">${hint}</small>`}
  </div>`
