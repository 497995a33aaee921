import type { ReleaseAnswer } from '../../../core/api/messages.ts'
import type { ShownMailbox } from '../mail/addresses.ts'
import type { Letter } from './letter.ts'

/** How the sender line inside a message compares with the sender whom the organisation vouches for. */
export type SenderCheck =
  | { readonly kind: 'same' }
  | { readonly kind: 'differs' | 'several'; readonly inner: readonly string[] }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'misleads'; readonly name: string }

/** What there is to say of a sender besides who was verified. */
export interface SenderRemarks {
  readonly check: SenderCheck
  /** A name that can be taken for something that somebody vouches for; empty when it cannot. */
  readonly misleading: string
  readonly onBehalf: readonly string[] | null
  readonly replyTo: readonly string[] | null
}

/** @returns null when everything in the message agrees with who was verified */
export function remarksOn(
  letter: Pick<Letter, 'from' | 'sender' | 'replyTo'>,
  { sender: { address, name }, writer }: Pick<ReleaseAnswer, 'sender' | 'writer'>,
): SenderRemarks | null {
  // The gateway writes the header of what comes from outside: From is an address of its own that stands for the writer.
  const check = checkSender(writer === undefined ? letter.from : letter.replyTo, address)
  const misleading = check.kind === 'misleads' ? check.name : nameMisleads(name) ? name : ''
  const onBehalf = othersThan(address, letter.sender)
  const replyTo = othersThan(address, letter.replyTo)
  const isFine = check.kind === 'same' && misleading === '' && onBehalf === null && replyTo === null
  return isFine ? null : { check, misleading, onBehalf, replyTo }
}

/** @param verified canonical address of the policy; only this one is ever shown as the sender */
export function checkSender(from: readonly ShownMailbox[], verified: string): SenderCheck {
  const [only, ...others] = from
  if (only === undefined) return { kind: 'unreadable' }
  if (others.length > 0) return { kind: 'several', inner: from.map(nameOf) }
  if (only.canonical !== verified) return { kind: 'differs', inner: [nameOf(only)] }
  if (nameMisleads(only.name)) return { kind: 'misleads', name: only.name }
  return only.ambiguous ? { kind: 'unreadable' } : { kind: 'same' }
}

/** An address, a site, or a mark of approval in a name. */
const posing =
  /@|(?<![\w.])(?:[\w-]{3,}\.)+(?:com|net|org|info|biz|gov|edu|int|bank|app|dev|online|shop|xyz|[a-z]{2}|xn--[\w-]+)(?![\w.])|[\u2705\u2713\u2714\u2611\u{1F5F8}\u{1F512}\u{1F510}\u{1F6E1}\u{1F3C5}\u{1F396}]/iu
/** Letters of scripts that look alike: a word of several is made to be misread. */
const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u]

/** True when a name can be taken for something that somebody vouches for. */
export function nameMisleads(name: string): boolean {
  const isMixed = (word: string): boolean => scripts.filter(script => script.test(word)).length > 1
  return posing.test(name.normalize('NFKC')) || name.split(/[\s.,()-]+/).some(isMixed)
}

/** Who is named in Reply-To or Sender besides the verified sender; null when nobody is. */
export function othersThan(
  verified: string,
  mailboxes: readonly ShownMailbox[],
): readonly string[] | null {
  const strange = mailboxes.filter(mailbox => mailbox.canonical !== verified)
  return strange.length === 0 ? null : strange.map(nameOf)
}

function nameOf(mailbox: ShownMailbox): string {
  if (mailbox.address === '') return mailbox.name
  return mailbox.name === '' ? mailbox.address : `${mailbox.name} <${mailbox.address}>`
}
