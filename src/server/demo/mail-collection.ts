import { parseAddress } from '../../core/address/address.ts'
import { MAX_MAILS, MAX_TOTAL_BYTES } from './limits.ts'
import type { StoredMail } from './stored-mail.ts'

/** Everyone's mail, in memory. */
export interface MailCollection {
  /** Puts a mail in and lets the oldest go that no longer fit. */
  add(mail: StoredMail): void
  /** Newest first; null: everyone's. */
  list(owner: string | null): readonly StoredMail[]
  find(id: string): StoredMail | undefined
  /** False when there is no such mail. */
  remove(id: string): boolean
  /** Null: everyone's. A mail to several people goes when the last of them removes it. */
  clear(owner: string | null): void
  /** Every recipient there is mail for, with how much, in alphabetical order. */
  owners(): readonly { readonly address: string; readonly count: number }[]
  /** Calls back after each change; returns how to stop. */
  watch(onChange: () => void): () => void
}

export function createMailCollection(
  limits = { maxMails: MAX_MAILS, maxTotalBytes: MAX_TOTAL_BYTES },
): MailCollection {
  let mails: readonly StoredMail[] = []
  const watchers = new Set<() => void>()
  const change = (next: readonly StoredMail[]): void => {
    mails = next
    for (const watcher of watchers) watcher()
  }
  return {
    add: mail => change(keepNewest([mail, ...mails], limits)),
    list: owner => (owner === null ? mails : mails.filter(mail => belongsTo(mail, owner))),
    find: id => mails.find(mail => mail.id === id),
    remove(id) {
      const rest = mails.filter(mail => mail.id !== id)
      if (rest.length === mails.length) return false
      change(rest)
      return true
    },
    clear: owner => change(owner === null ? [] : mails.flatMap(mail => withoutOwner(mail, owner))),
    owners: () => countOwners(mails),
    watch(onChange) {
      watchers.add(onChange)
      return () => watchers.delete(onChange)
    },
  }
}

/** The canonical form of an address; for what is none, its lower-case text. */
export const mailboxName = (address: string): string =>
  parseAddress(address) ?? address.trim().toLowerCase()

function belongsTo(mail: StoredMail, owner: string): boolean {
  const wanted = mailboxName(owner)
  return mail.to.some(address => mailboxName(address) === wanted)
}

function withoutOwner(mail: StoredMail, owner: string): readonly StoredMail[] {
  const wanted = mailboxName(owner)
  const to = mail.to.filter(address => mailboxName(address) !== wanted)
  if (to.length === mail.to.length) return [mail]
  return to.length === 0 ? [] : [{ ...mail, to }]
}

function keepNewest(
  mails: readonly StoredMail[],
  { maxMails, maxTotalBytes }: { maxMails: number; maxTotalBytes: number },
): readonly StoredMail[] {
  let bytes = 0
  const firstTooMany = mails.findIndex((mail, index) => {
    bytes += mail.raw.length
    return index >= maxMails || (bytes > maxTotalBytes && index > 0)
  })
  return firstTooMany === -1 ? mails : mails.slice(0, firstTooMany)
}

function countOwners(mails: readonly StoredMail[]): { address: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const mail of mails)
    for (const name of new Set(mail.to.map(mailboxName)))
      counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .map(([address, count]) => ({ address, count }))
    .sort((a, b) => (a.address < b.address ? -1 : 1))
}
