import type { ShownMailbox } from '../mail/addresses.ts'

/** How the sender line inside a message compares with the sender whom the organisation vouches for. */
export type SenderCheck =
  | { readonly kind: 'same' }
  | { readonly kind: 'differs' | 'several'; readonly inner: readonly string[] }
  | { readonly kind: 'unreadable' }

/** @param verified canonical address of the policy; only this one is ever shown as the sender */
export function checkSender(from: readonly ShownMailbox[], verified: string): SenderCheck {
  const [only, ...others] = from
  if (only === undefined) return { kind: 'unreadable' }
  if (others.length > 0) return { kind: 'several', inner: from.map(nameOf) }
  if (only.canonical !== verified) return { kind: 'differs', inner: [nameOf(only)] }
  return only.ambiguous ? { kind: 'unreadable' } : { kind: 'same' }
}

/** Replies to the original would go here; null when they go to the verified sender. */
export function strangeReplyTo(
  replyTo: readonly ShownMailbox[],
  verified: string,
): readonly string[] | null {
  const strange = replyTo.filter(mailbox => mailbox.canonical !== verified)
  return strange.length === 0 ? null : strange.map(nameOf)
}

function nameOf(mailbox: ShownMailbox): string {
  if (mailbox.address === '') return mailbox.name
  return mailbox.name === '' ? mailbox.address : `${mailbox.name} <${mailbox.address}>`
}
