import { PageTemplate } from '../../core/envelope/page-template.ts'
import type { Policy } from '../../core/policy/policy.ts'
import { textPart } from './mime-part.ts'
import { messagePage, noticeSubject, noticeWords, senderOf } from './notice.ts'
import type { Notice } from './notice.ts'
import { noticeHtml, noticeText } from './render-notice.ts'

/** A notice ready to be written: everything that does not change from mail to mail of one sender. */
export interface RenderedNotice {
  readonly page: PageTemplate
  readonly subject: string
  /** MIME parts with their headers. */
  readonly text: Uint8Array
  readonly html: Uint8Array
}

/** Senders remembered for each notice; rendering one costs more than sealing a small mail. */
const MAX_SENDERS = 256

const remembered = new WeakMap<Notice, Map<string, RenderedNotice>>()

/** The same objects in, the same object out, as long as it is remembered. */
export function renderNotice(notice: Notice, policy: Policy): RenderedNotice {
  const senders = remembered.get(notice) ?? new Map<string, RenderedNotice>()
  remembered.set(notice, senders)
  // As they came: cleaning a name costs more than finding it.
  const { assurance, sender, senderName, writer } = policy
  const name = [assurance, sender, senderName, writer?.address ?? ''].join('\0')
  const known = senders.get(name)
  if (known !== undefined) return known
  const rendered = render(notice, policy)
  if (senders.size >= MAX_SENDERS) senders.clear()
  senders.set(name, rendered)
  return rendered
}

function render(notice: Notice, policy: Policy): RenderedNotice {
  const sender = senderOf(policy)
  const words = noticeWords(notice, sender, policy.assurance, policy.writer !== undefined)
  const page = messagePage(notice, words)
  return {
    page: new PageTemplate(page),
    subject: noticeSubject(notice, words, sender),
    text: Buffer.from(textPart('plain', noticeText(words))),
    html: Buffer.from(textPart('html', noticeHtml(page, words))),
  }
}
