import type { Address } from '../../../core/address/address.ts'
import type { Policy } from '../../../core/policy/policy.ts'
import { MAX_STRANGERS } from '../../../core/reply/limits.ts'
import { participantsOf } from '../../../core/reply/participants.ts'
import type { ReplyHead } from '../../../core/reply/reply-head.ts'

export interface Writing {
  /** Of the message that is answered; its record is verified. */
  readonly policy: Policy
  /** Of the sealed reply. */
  readonly head: Pick<ReplyHead, 'kind' | 'to' | 'cc'>
  /** Verified by the portal, and named by the head. */
  readonly writer: Address
  /** True for an address that only stands for somebody: mail programs use it, writers do not. */
  readonly standsForAnother: (address: Address) => boolean
}

export type MayWrite =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly code: 'reply-not-allowed' }
  | {
      readonly allowed: false
      readonly code: 'recipient-not-allowed'
      /** Positions in `to` ‖ `cc`. */
      readonly recipients: readonly number[]
    }

/** Who may be written to. docs/replies.md §4. Pure. Attack: an open relay behind a reader's session. */
export function mayWriteTo({ policy, head, writer, standsForAnother }: Writing): MayWrite {
  const { reply, forward } = policy.permissions
  if (!(head.kind === 'forward' ? forward : reply))
    return { allowed: false, code: 'reply-not-allowed' }
  const people = [...head.to, ...head.cc]
  const participants = new Set(participantsOf(policy, writer))
  const isStranger = (address: Address): boolean => !participants.has(address)
  const strangers = positionsOf(people, isStranger)
  const tooMany = forward && strangers.length > MAX_STRANGERS
  const refused =
    !forward || tooMany
      ? strangers
      : positionsOf(people, address => isStranger(address) && standsForAnother(address))
  if (refused.length === 0) return { allowed: true }
  return { allowed: false, code: 'recipient-not-allowed', recipients: refused }
}

function positionsOf(
  people: readonly Address[],
  is: (address: Address) => boolean,
): readonly number[] {
  return people.flatMap((address, at) => (is(address) ? [at] : []))
}
