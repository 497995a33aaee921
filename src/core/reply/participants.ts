import type { Address } from '../address/address.ts'
import type { Policy } from '../policy/policy.ts'

/**
 * Who takes part in the conversation of a message, as far as this reader may know: never somebody else in Bcc. The
 * address that stands for a writer outside is of use to mail programs alone: here it is the writer. docs/replies.md §4
 */
export function participantsOf(policy: Policy, reader: Address): readonly Address[] {
  const listed = policy.recipients.filter(recipient => recipient.listed)
  return [
    ...new Set([
      policy.writer?.address ?? policy.sender,
      ...(policy.inside ?? []),
      ...listed.map(({ address }) => address),
      reader,
    ]),
  ]
}
