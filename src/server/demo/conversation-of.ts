import { MAX_LISTED } from './limits.ts'
import { mailboxName } from './mail-collection.ts'
import type { StoredMail } from './stored-mail.ts'

/**
 * The mails that belong to one chain of answers, by Message-ID and References, oldest first; the mail itself too.
 * @param mails newest first
 * @param owner shown are what this person got and wrote; null: every mail of everyone
 */
export function conversationOf(
  mail: StoredMail,
  mails: readonly StoredMail[],
  owner: string | null,
): readonly StoredMail[] {
  const chain = connectedWith(mail, mails)
  const seen = mails.filter(each => chain.has(each)).toReversed()
  return (owner === null ? seen : asOwnerSees(seen, mail, mailboxName(owner))).slice(-MAX_LISTED)
}

/** Where a copy of a mail came to this person, what others got of the same mail is left out. */
function asOwnerSees(
  mails: readonly StoredMail[],
  open: StoredMail,
  name: string,
): readonly StoredMail[] {
  const isTo = ({ to }: StoredMail): boolean => to.some(address => mailboxName(address) === name)
  const got = new Set(mails.filter(isTo).map(({ messageId }) => messageId))
  return mails.filter(
    mail =>
      mail === open ||
      isTo(mail) ||
      (mailboxName(mail.from) === name && (mail.messageId === '' || !got.has(mail.messageId))),
  )
}

/** Every mail that refers to one of the chain, or that one of the chain refers to. */
function connectedWith(mail: StoredMail, mails: readonly StoredMail[]): ReadonlySet<StoredMail> {
  const byId = new Map<string, StoredMail[]>()
  for (const each of mails)
    for (const id of idsOf(each)) {
      const same = byId.get(id)
      if (same === undefined) byId.set(id, [each])
      else same.push(each)
    }
  const found = new Set([mail])
  for (const each of found)
    for (const id of idsOf(each)) {
      for (const next of byId.get(id) ?? []) found.add(next)
      byId.delete(id)
    }
  return found
}

const idsOf = ({ messageId, references }: StoredMail): readonly string[] =>
  messageId === '' ? references : [messageId, ...references]
