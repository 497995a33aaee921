import { html } from 'hono/html'
import { MAX_LISTED } from '../limits.ts'
import { mailboxName } from '../mail-collection.ts'
import { shortTime } from './format.ts'
import { icons } from './icons.ts'
import { pageFrame } from './page-frame.ts'
import type { MailCollection } from '../mail-collection.ts'
import type { StoredMail } from '../stored-mail.ts'
import type { PageContext } from './page-context.ts'
import type { Html } from './page-frame.ts'

export interface ListView {
  readonly mails: MailCollection
  /** `127.0.0.1:2525` */
  readonly gateway: string
  /** The mail that is open beside the list. */
  readonly openId?: string
}

/** Everyone's mail, or one person's. */
export function listPage(context: PageContext, view: ListView, status?: string): Html {
  const { text, owner } = context
  return pageFrame(context, {
    title: owner ?? text('mailbox.everyone'),
    kind: 'list',
    body: html`<div class="panes">
      ${ownersPane(context, view.mails)}
      <main id="content" tabindex="-1" class="list-pane">
        ${status === undefined ? '' : html`<p class="note" role="status">${status}</p>`}
        ${mailList(context, view)}
      </main>
      <div class="reading empty" aria-hidden="true">
        <p class="soft">${icons.envelope}${text('mailbox.choose')}</p>
      </div>
    </div>`,
  })
}

/** Whose mailbox. */
export function ownersPane(context: PageContext, mails: MailCollection): Html {
  const { text, link, owner } = context
  const current = owner === null ? null : mailboxName(owner)
  const entry = (name: string | null, count: number): Html =>
    html`<li>
      <a
        href="${link('/', { owner: name })}"
        ${name === current ? html`aria-current="page"` : ''}
        ${name === null ? '' : html`class="address"`}
        ><span>${name ?? text('mailbox.everyone')}</span>
        <span class="count" aria-hidden="true">${count}</span>
        <span class="unseen">${text('mailbox.count', { count })}</span></a
      >
    </li>`
  const owners = mails.owners()
  const missing = current !== null && !owners.some(({ address }) => address === current)
  return html`<nav class="owners" id="owners" aria-label="${text('mailbox.whose')}">
    <h2>${text('mailbox.whose')}</h2>
    <ul>
      ${entry(null, mails.list(null).length)} ${missing ? entry(current, 0) : ''}
      ${owners.map(({ address, count }) => entry(address, count))}
    </ul>
    <form action="/" method="get" role="search">
      <label for="to">${text('mailbox.address')}</label>
      <div class="row">
        <input
          id="to"
          name="to"
          type="text"
          inputmode="email"
          autocomplete="off"
          spellcheck="false"
          value="${missing ? owner : ''}"
        />
        <button>${text('mailbox.show')}</button>
      </div>
    </form>
  </nav>`
}

/** The list itself; replaced by the page's script when mail comes in. */
export function mailList(context: PageContext, view: ListView): Html {
  const { text, owner } = context
  const mails = view.mails.list(owner)
  const heading = owner ?? text('mailbox.everyone')
  return html`<section class="mails" id="list" aria-labelledby="list-title">
    ${
      view.openId === undefined
        ? html`<h1 id="list-title">${heading}</h1>`
        : html`<h2 id="list-title">${heading}</h2>`
    }
    ${
      mails.length === 0
        ? html`<div class="nothing">
            ${icons.envelope}
            <p>${text('mailbox.empty')}</p>
            <p class="soft">${text('mailbox.emptyHint', { gateway: view.gateway })}</p>
          </div>`
        : html`<ol>
              ${mails.slice(0, MAX_LISTED).map(mail => listEntry(context, mail, view.openId))}
            </ol>
            ${
              mails.length > MAX_LISTED
                ? html`<p class="soft">
                    ${text('mailbox.more', { count: mails.length - MAX_LISTED })}
                  </p>`
                : ''
            }
            ${clearForm(context)}`
    }
  </section>`
}

function listEntry(context: PageContext, mail: StoredMail, openId: string | undefined): Html {
  const { text, link, locale, nowMs, owner } = context
  return html`<li>
    <a
      href="${link(`/messages/${mail.id}`)}"
      ${mail.id === openId ? html`aria-current="true"` : ''}
    >
      <span class="who"><bdi>${mail.fromName || mail.from}</bdi></span>
      <time datetime="${new Date(mail.receivedAtMs).toISOString()}"
        >${shortTime(mail.receivedAtMs, nowMs, locale)}</time
      >
      <span class="subject"><bdi>${mail.subject || text('mailbox.noSubject')}</bdi></span>
      ${
        owner === null
          ? html`<span class="soft whom"
              >${text('mailbox.for', { addresses: mail.to.join(', ') })}</span
            >`
          : ''
      }
    </a>
  </li>`
}

/** Asks before it deletes, without a script. */
function clearForm(context: PageContext): Html {
  const { text, link, owner } = context
  return html`<details class="clear">
    <summary>${text('mailbox.clear')}</summary>
    <form method="post" action="${link('/clear')}">
      <p>
        ${owner === null ? text('mailbox.clearAll') : text('mailbox.clearOne', { address: owner })}
      </p>
      <button>${icons.bin}${text('mailbox.clearSure')}</button>
    </form>
  </details>`
}
