import type { ShownMailbox } from '../mail/parse-mail.ts'

/** Name and address, isolated, so that a name in another direction cannot swallow its address. */
export function mailboxWords({ name, address }: ShownMailbox): string {
  const one = name === '' ? address : address === '' ? name : `${name} <${address}>`
  return `\u2068${one}\u2069`
}
