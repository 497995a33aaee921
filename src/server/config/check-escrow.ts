import { Encrypter } from 'age-encryption'

/** Bech32 has no `1`, `b`, `i`, `o` in its data: a plugin's `age1name1…` is not one of these. */
const CLASSICAL = /^age1[02-9ac-hj-np-z]+$/

/** `post-quantum` for `age1pq1…`, `classical` for `age1…`; undefined when it is no recipient of age's own. */
export function escrowKind(recipient: string): 'post-quantum' | 'classical' | undefined {
  const kind = recipient.startsWith('age1pq1')
    ? 'post-quantum'
    : CLASSICAL.test(recipient)
      ? 'classical'
      : undefined
  return kind !== undefined && isRecipient(recipient) ? kind : undefined
}

function isRecipient(recipient: string): boolean {
  try {
    new Encrypter().addRecipient(recipient)
    return true
  } catch {
    return false
  }
}
