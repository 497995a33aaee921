import type { MailPart } from './mail-part.ts'

/** Calendar programs send the invitation twice: among the alternatives and as a file. */
export function hasSameBytes({ bytes: a }: MailPart, { bytes: b }: MailPart): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
