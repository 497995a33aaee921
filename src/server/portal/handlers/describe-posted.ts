import type { DescribeAnswer } from '../../../core/api/messages.ts'
import { readAgeHeader } from '../../../core/envelope/open.ts'
import type { Accounts } from '../../identity/account/accounts.ts'
import type { TakeAllowance } from '../../identity/rate-limiter.ts'
import { DESCRIBE_POSTED_WITHIN_MS, MAX_POSTED_HEADER_BYTES } from '../limits.ts'
import { openMessage } from '../opened-message.ts'
import type { OpenedMessageNeeds } from '../opened-message.ts'
import { describeMessage } from './describe.ts'
import { requireAllowance } from './require-allowance.ts'

export type DescribePostedNeeds = OpenedMessageNeeds & {
  readonly take: TakeAllowance
  readonly accounts: Pick<Accounts, 'offered'>
}

/**
 * What `POST /api/describe` would say about a posted message to who is not signed in, so that its page
 * need not ask; a post from a disk brings no cookie along. Null for whatever that would refuse or fail at,
 * where too many are posted, and where the database does not answer soon: the page asks then, and hears
 * why. Never throws. protocol.md §1
 * @param envelope base64 with line ends in it, of the right alphabet
 */
export async function describePosted(
  needs: DescribePostedNeeds,
  envelope: Uint8Array,
  network: string,
): Promise<DescribeAnswer | null> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<null>(resolve => {
    timer = setTimeout(resolve, DESCRIBE_POSTED_WITHIN_MS, null)
  })
  const description = await Promise.race([describeNow(needs, envelope, network), tooLate])
  clearTimeout(timer)
  return description
}

async function describeNow(
  needs: DescribePostedNeeds,
  envelope: Uint8Array,
  network: string,
): Promise<DescribeAnswer | null> {
  try {
    await requireAllowance(needs.take, 'posted-network', network)
    const message = await openMessage(needs, stanzaOf(envelope))
    await requireAllowance(needs.take, 'posted-organisation', message.policy.organisationId)
    return describeMessage(needs.accounts, message, false)
  } catch {
    return null
  }
}

/** @throws EnvelopeError */
function stanzaOf(envelope: Uint8Array): string {
  const start = Buffer.from(envelope.subarray(0, MAX_POSTED_HEADER_BYTES)).toString('latin1')
  return readAgeHeader(Buffer.from(start, 'base64')).stanzaText
}
