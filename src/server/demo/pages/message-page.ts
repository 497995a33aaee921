import { html } from 'hono/html'
import { MAX_SHOWN_CHARACTERS } from '../limits.ts'
import { conversationList } from './conversation-list.ts'
import { fileSize, longTime } from './format.ts'
import { icons } from './icons.ts'
import { initialOf } from './initial-of.ts'
import { mailList, ownersPane } from './list-page.ts'
import { pageFrame } from './page-frame.ts'
import { textWithLinks } from './text-with-links.ts'
import type { Person } from '../header-text.ts'
import type { MailFile, ReadMail } from '../read-mail.ts'
import type { StoredMail } from '../stored-mail.ts'
import type { ListView } from './list-page.ts'
import type { PageContext } from './page-context.ts'
import type { Html } from './page-frame.ts'

/** How a mail is looked at: as its HTML, its plain text, or as it came over the wire. */
export type MessageForm = 'html' | 'text' | 'source'

export interface MessageView extends ListView {
  readonly stored: StoredMail
  readonly mail: ReadMail
  readonly form: MessageForm
  /** Oldest first, the mail itself too. */
  readonly conversation: readonly StoredMail[]
  /** An answer to it was just taken by the gateway, or went past it. */
  readonly sent: 'gateway' | 'directly' | null
}

/** One mail, beside the list it stands in. */
export function messagePage(context: PageContext, view: MessageView): Html {
  const { text } = context
  return pageFrame(context, {
    title: view.mail.subject || text('mailbox.noSubject'),
    kind: 'message',
    body: html`<div class="panes">
      ${ownersPane(context, view.mails)}
      <div class="list-pane">${mailList(context, { ...view, openId: view.stored.id })}</div>
      <main id="content" tabindex="-1" class="reading">${letter(context, view)}</main>
    </div>`,
  })
}

function letter(context: PageContext, view: MessageView): Html {
  const { text, link, locale } = context
  const { stored, mail } = view
  const [author] = mail.from
  return html`<article>
    ${sentNote(context, view)}
    <div class="tools">
      <a class="button back" href="${link('/')}">${icons.back}${text('mailbox.back')}</a>
      ${answerLinks(context, view)}
      <form method="post" action="${link(`/messages/${stored.id}/delete`)}">
        <button>${icons.bin}${text('mailbox.delete')}</button>
      </form>
    </div>
    <h1>${mail.subject || text('mailbox.noSubject')}</h1>
    ${conversationList(context, view)}
    <div class="who">
      <span class="face" aria-hidden="true"
        >${initialOf(author ?? { name: '', address: stored.from })}</span
      >
      <dl>
        <dt>${text('mailbox.from')}</dt>
        <dd>${mail.from.length === 0 ? stored.from : people(mail.from)}</dd>
        <dt>${text('mailbox.to')}</dt>
        <dd>${mail.to.length === 0 ? stored.to.join(', ') : people(mail.to)}</dd>
        ${
          mail.cc.length === 0
            ? ''
            : html`<dt>${text('mailbox.cc')}</dt>
                <dd>${people(mail.cc)}</dd>`
        }
        <dt>${text('mailbox.date')}</dt>
        <dd>
          <time datetime="${new Date(stored.receivedAtMs).toISOString()}"
            >${longTime(stored.receivedAtMs, locale)}</time
          >
        </dd>
      </dl>
    </div>
    ${files(context, view)} ${formChoice(context, view)} ${content(context, view)}
  </article>`
}

/** None for a sealed mail: it is answered where it is read. */
function answerLinks({ text, link }: PageContext, { stored }: MessageView): Html {
  if (stored.sealed) return html``
  return html`<a class="button" href="${link(`/messages/${stored.id}/reply`)}"
      >${icons.reply}${text('message.reply')}</a
    >
    <a class="button" href="${link(`/messages/${stored.id}/reply-all`)}"
      >${icons.replyAll}${text('message.replyAll')}</a
    >`
}

const sentNote = ({ text }: PageContext, { sent }: MessageView): Html =>
  sent === null
    ? html``
    : html`<p class="note" role="status">
        ${text(sent === 'directly' ? 'mailbox.sentDirect' : 'mailbox.sent')}
      </p>`

const people = (list: readonly Person[]): Html[] =>
  list.map(
    ({ name, address }, index) =>
      html`${index === 0 ? '' : ', '}${
        name === ''
          ? html`<bdi class="address">${address}</bdi>`
          : html`<b><bdi>${name}</bdi></b> <bdi class="soft address">${address}</bdi>`
      }`,
  )

function formChoice(context: PageContext, { stored, mail, form }: MessageView): Html {
  const { text, link } = context
  const entry = (to: MessageForm, path: string, label: string): Html =>
    html`<a
      href="${link(`/messages/${stored.id}${path}`)}"
      ${form === to ? html`aria-current="page"` : ''}
      >${label}</a
    >`
  return html`<nav class="forms" aria-label="${text('mailbox.view')}">
    ${mail.html === null ? '' : entry('html', '', text('mailbox.formatted'))}
    ${entry('text', mail.html === null ? '' : '/text', text('mailbox.plain'))}
    ${entry('source', '/source', text('mailbox.source'))}
    <a href="/api/messages/${stored.id}/raw" download="mail.eml">${text('mailbox.downloadMail')}</a>
  </nav>`
}

function content(context: PageContext, { stored, mail, form }: MessageView): Html {
  const { text } = context
  if (form === 'html')
    return html`<iframe
      class="body"
      src="/messages/${stored.id}/html"
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      title="${text('mailbox.body')}"
    ></iframe>`
  const shown =
    form === 'source'
      ? stored.raw.toString('utf8', 0, MAX_SHOWN_CHARACTERS)
      : (mail.text ?? '').slice(0, MAX_SHOWN_CHARACTERS)
  const whole = form === 'source' ? stored.raw.length : (mail.text ?? '').length
  return html`<pre
      class="body ${form}"
      tabindex="0"
      role="region"
      aria-label="${text(form === 'source' ? 'mailbox.source' : 'mailbox.body')}"
    >
${form === 'source' ? shown : textWithLinks(shown || text('mailbox.noText'))}</pre>
    ${whole > MAX_SHOWN_CHARACTERS ? html`<p class="note">${text('mailbox.cut')}</p>` : ''}`
}

function files(context: PageContext, { stored, mail }: MessageView): Html {
  const { text } = context
  const listed = mail.files.filter(file => !isInside(file, mail))
  if (listed.length === 0) return html``
  return html`<section class="files" aria-labelledby="files-title">
    <h2 id="files-title">${text('mailbox.attachments')}</h2>
    <ul>
      ${listed.map(file => fileEntry(context, stored.id, file))}
    </ul>
    ${
      listed.some(({ name }) => name === 'message.html')
        ? html`<p class="note">${text('mailbox.sealedHint')} ${text('mailbox.answerSealed')}</p>`
        : ''
    }
  </section>`
}

/** A picture that the HTML shows in its place. RFC 2392 */
const isInside = (file: MailFile, mail: ReadMail): boolean =>
  file.contentId !== '' &&
  file.type.startsWith('image/') &&
  (mail.html ?? '').includes(`cid:${file.contentId}`)

function fileEntry(context: PageContext, id: string, file: MailFile): Html {
  const { text, locale } = context
  const name = encodeURIComponent(file.name)
  return html`<li>
    ${icons.file}
    <span class="name"
      ><bdi>${file.name}</bdi>
      <small class="soft">${fileSize(file.content.length, locale)}</small></span
    >
    ${
      file.type === 'text/html'
        ? html`<a
            class="button primary"
            href="/messages/${id}/open/${name}"
            target="_blank"
            rel="noopener"
            >${text('mailbox.open', { name: file.name })}</a
          >`
        : ''
    }
    <a
      class="button"
      href="/api/messages/${id}/attachments/${name}"
      download="${file.name}"
      aria-label="${text('mailbox.download', { name: file.name })}"
      >${icons.download}${text('mailbox.downloadShort')}</a
    >
  </li>`
}
