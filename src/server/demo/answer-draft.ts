import { parseAddress } from '../../core/address/address.ts'
import { longTime } from './pages/format.ts'
import { MAX_QUOTED_CHARACTERS } from './limits.ts'
import { mailboxName } from './mail-collection.ts'
import type { Draft } from './pages/compose-page.ts'
import type { PageContext } from './pages/page-context.ts'
import type { ReadMail } from './read-mail.ts'
import type { StoredMail } from './stored-mail.ts'

/** Who gets an answer: the author, or everyone. */
export type AnswerKind = 'reply' | 'reply-all'

/** What a mail program puts into the window of an answer. RFC 5322 §3.6.4 */
export function answerDraft(
  { text, locale, owner }: PageContext,
  kind: AnswerKind,
  { stored, mail, isInside }: AnsweredMail,
): Draft {
  const self = writerOf(owner, stored, isInside)
  const people = recipients(kind, mail, stored, self)
  const who = stored.fromName || stored.from
  const date = longTime(stored.receivedAtMs, locale)
  return {
    from: self,
    to: people.to.join(', '),
    cc: people.cc.join(', '),
    subject: /^re:/i.test(stored.subject) ? stored.subject : `Re: ${stored.subject}`,
    body: mail.text === null ? '' : quoted(text('mailbox.quoted', { who, date }), mail.text),
    answers: { mail: stored.id, messageId: stored.messageId, references: stored.references },
  }
}

export interface AnsweredMail {
  readonly stored: StoredMail
  readonly mail: ReadMail
  /** True for an address of the organisation. */
  readonly isInside: (address: string) => boolean
}

/** Whose mailbox is open. In everyone's: the one of the organisation who got the mail, else the first. */
function writerOf(
  owner: string | null,
  { to }: StoredMail,
  isInside: AnsweredMail['isInside'],
): string {
  return mailboxName(owner ?? to.find(isInside) ?? to[0] ?? '')
}

function recipients(
  kind: AnswerKind,
  mail: ReadMail,
  stored: StoredMail,
  self: string,
): { to: readonly string[]; cc: readonly string[] } {
  const addresses = (people: ReadMail['from']): readonly string[] =>
    people.map(({ address }) => address).filter(address => parseAddress(address) !== null)
  const author = mailboxName(stored.from)
  const answered = mail.replyTo.length > 0 ? addresses(mail.replyTo) : [stored.from]
  const to = author === self ? addresses(mail.to) : answered
  const others = kind === 'reply' ? [] : [...addresses(mail.to), ...addresses(mail.cc)]
  const taken = new Set([self])
  const fresh = (list: readonly string[]): readonly string[] =>
    list.filter(address => {
      const name = mailboxName(address)
      return !taken.has(name) && taken.add(name)
    })
  return { to: fresh(to), cc: fresh(others) }
}

function quoted(heading: string, text: string): string {
  const lines = text.slice(0, MAX_QUOTED_CHARACTERS).trimEnd().split('\n')
  const marked = lines.map(line => (line.startsWith('>') ? `>${line}` : `> ${line}`))
  return `\n\n${heading}\n${marked.join('\n')}\n`
}
