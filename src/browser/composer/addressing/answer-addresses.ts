import { parseAddress } from '../../../core/address/address.ts'
import type { Address } from '../../../core/address/address.ts'
import { MAX_REPLY_RECIPIENTS } from '../../../core/reply/limits.ts'
import type { ReplyKind } from '../../../core/reply/reply-head.ts'
import type { Letter } from '../../viewer/letter/letter.ts'
import type { ShownMailbox } from '../../viewer/mail/addresses.ts'
import type { Correspondent } from '../draft.ts'

export interface Answered {
  /** Null for a letter that no program could read. */
  readonly letter: Pick<Letter, 'from' | 'replyTo' | 'to' | 'cc'> | null
  /** Canonical addresses of the reader. */
  readonly own: readonly string[]
  /** Canonical addresses of the conversation: nobody else is proposed. */
  readonly participants: readonly string[]
  /** Whom the organisation vouches for. */
  readonly sender: { readonly address: string; readonly name: string }
}

export interface AnswerAddresses {
  readonly to: readonly Correspondent[]
  readonly cc: readonly Correspondent[]
  /** As written: whom the letter names, and who is not in the conversation. */
  readonly leftOut: readonly string[]
  /** True when more take part than one message can go to. */
  readonly tooMany: boolean
}

/**
 * Whom an answer goes to. Reply-To comes before From (RFC 5322 §3.6.3), an own letter is answered to those whom it was
 * written to, and the reader is left out. A forwarded letter is addressed to nobody yet.
 */
export function answerAddresses(kind: ReplyKind, answered: Answered): AnswerAddresses {
  if (kind === 'forward') return { to: [], cc: [], leftOut: [], tooMany: false }
  const { letter } = answered
  const first = writers(answered)
  const isOwn = first.length === 0
  const toAll = isOwn || kind === 'reply-all'
  const list = new List(answered)
  const to = list.take([...first, ...(toAll ? (letter?.to ?? []) : [])])
  const cc = kind === 'reply-all' ? list.take(letter?.cc ?? []) : []
  const { leftOut, tooMany } = list
  return { to: to.length > 0 ? to : list.take([verified(answered)]), cc, leftOut, tooMany }
}

/** Reply-To, else From, each only when the answer may reach somebody by it; nobody for a letter of the reader's own. */
function writers({ letter, own, participants }: Answered): readonly ShownMailbox[] {
  const isOther = ({ canonical }: ShownMailbox): boolean =>
    canonical !== null && !own.includes(canonical)
  const reached = (mailboxes: readonly ShownMailbox[]): boolean =>
    mailboxes.some(one => isOther(one) && participants.includes(one.canonical ?? ''))
  const { replyTo = [], from = [] } = letter ?? {}
  if (reached(replyTo)) return replyTo
  const isOwnLetter = [...replyTo, ...from].some(one => own.includes(one.canonical ?? ''))
  return isOwnLetter && !reached(from) ? [] : from
}

function verified({ sender: { address, name } }: Answered): ShownMailbox {
  return { address, name, canonical: parseAddress(address), group: null, ambiguous: false }
}

/** Nobody twice, in To and Cc together. */
class List {
  readonly leftOut: string[] = []
  tooMany = false
  readonly #taken = new Set<Address>()
  readonly #answered: Answered

  constructor(answered: Answered) {
    this.#answered = answered
  }

  take(mailboxes: readonly ShownMailbox[]): Correspondent[] {
    return mailboxes.flatMap(mailbox => this.#one(mailbox))
  }

  #one({ canonical, address, name }: ShownMailbox): Correspondent[] {
    const { own, participants } = this.#answered
    if (canonical !== null && (own.includes(canonical) || this.#taken.has(canonical))) return []
    const isIn = canonical !== null && participants.includes(canonical)
    if (!isIn) {
      const words = address === '' ? name : address
      if (words !== '' && !this.leftOut.includes(words)) this.leftOut.push(words)
      return []
    }
    this.tooMany ||= this.#taken.size >= MAX_REPLY_RECIPIENTS
    if (this.tooMany) return []
    this.#taken.add(canonical)
    return [{ address: canonical, name }]
  }
}
