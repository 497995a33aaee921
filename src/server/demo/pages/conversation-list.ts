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
  const { text, link, locale, nowMs } = context
  const name = mail.fromName || mail.from
  return html`<li>
    <a href="${link(`/messages/${mail.id}`)}" ${isOpen ? html`aria-current="page"` : ''}>
      <span class="face" aria-hidden="true"
        >${initialOf({ name: mail.fromName, address: mail.from })}</span
      >
      <span class="who"><bdi>${name}</bdi></span>
      ${mail.sealed ? html`<span class="soft mark">${icons.seal}${text('mailbox.sealed')}</span>` : ''}
      <time datetime="${new Date(mail.receivedAtMs).toISOString()}"
        >${shortTime(mail.receivedAtMs, nowMs, locale)}</time
      >
      ${
        isOwn(context, mail)
          ? ''
          : html`<span class="soft whom"
              >${text('mailbox.for', { addresses: mail.to.join(', ') })}</span
            >`
      }
    </a>
  </li>`
}

/** In a person's own mailbox it is said of what others got, not of what came to them alone. */
function isOwn({ owner }: PageContext, { to }: StoredMail): boolean {
  if (owner === null || to.length !== 1) return false
  return mailboxName(to[0] ?? '') === mailboxName(owner)
}
