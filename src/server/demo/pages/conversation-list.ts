import { html } from 'hono/html'
import { mailboxName } from '../mail-collection.ts'
import { shortTime } from './format.ts'
import { icons } from './icons.ts'
import { initialOf } from './initial-of.ts'
import type { StoredMail } from '../stored-mail.ts'
import type { PageContext } from './page-context.ts'
import type { Html } from './page-frame.ts'

/** Who wrote what before and after a mail: nothing when it stands alone. */
export function conversationList(
  context: PageContext,
  view: { readonly stored: StoredMail; readonly conversation: readonly StoredMail[] },
): Html {
  if (view.conversation.length < 2) return html``
  const title = context.text('mailbox.conversation')
  return html`<nav class="conversation" aria-labelledby="conversation-title">
    <h2 id="conversation-title">${title}</h2>
    <ol>
      ${view.conversation.map(mail => entry(context, mail, mail.id === view.stored.id))}
    </ol>
  </nav>`
}

function entry(context: PageContext, mail: StoredMail, isOpen: boolean): Html {
  const { link, locale, nowMs } = context
  const name = mail.fromName || mail.from
  return html`<li>
    <a href="${link(`/messages/${mail.id}`)}" ${isOpen ? html`aria-current="page"` : ''}>
      <span class="face" aria-hidden="true"
        >${initialOf({ name: mail.fromName, address: mail.from })}</span
      >
      <span class="who"><bdi>${name}</bdi></span>
      <time datetime="${new Date(mail.receivedAtMs).toISOString()}"
        >${shortTime(mail.receivedAtMs, nowMs, locale)}</time
      >
      ${how(context, mail)}
    </a>
  </li>`
}

/** Whether it was sealed, and for whom it is where that is not plain. */
function how(context: PageContext, mail: StoredMail): Html {
  const { text } = context
  const isPlain = isOwn(context, mail)
  if (isPlain && !mail.sealed) return html``
  const mark = html`<span class="mark">${icons.seal}${text('mailbox.sealed')}</span> `
  return html`<span class="soft how"
    >${mail.sealed ? mark : ''}${
      isPlain ? '' : text('mailbox.for', { addresses: mail.to.join(', ') })
    }</span
  >`
}

/** In a person's own mailbox it is said of what others got, not of what came to them alone. */
function isOwn({ owner }: PageContext, { to }: StoredMail): boolean {
  if (owner === null || to.length !== 1) return false
  return mailboxName(to[0] ?? '') === mailboxName(owner)
}
