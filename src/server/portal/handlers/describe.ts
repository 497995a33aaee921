import { maskAddress } from '../../../core/address/address.ts'
import type { DescribeAnswer, MaskedRecipient } from '../../../core/api/messages.ts'
import { describeRequest } from '../../../core/api/requests.ts'
import { effectiveExpiry, evaluate, isAssuranceEnough } from '../../../core/policy/evaluate.ts'
import type { Policy } from '../../../core/policy/policy.ts'
import type { Accounts } from '../../identity/account/accounts.ts'
import type { Associations } from '../../identity/account/associations.ts'
import type { TakeAllowance } from '../../identity/rate-limiter.ts'
import { openMessage } from '../opened-message.ts'
import type { OpenedMessage, OpenedMessageNeeds } from '../opened-message.ts'
import { providerViews } from '../provider-views.ts'
import { readJson } from '../read-json.ts'
import type { Handler } from '../route.ts'
import type { ReadSession } from '../session-cookie.ts'
import { requireAllowance } from './require-allowance.ts'

/** `POST /api/describe`: what a reader may know before signing in. protocol.md §1 */
export function describeHandler(
  needs: OpenedMessageNeeds & {
    readonly take: TakeAllowance
    readonly readSession: ReadSession
    readonly accounts: Pick<Accounts, 'offered'>
    readonly associations: Pick<Associations, 'proofsFor'>
  },
): Handler {
  return async context => {
    await requireAllowance(needs.take, 'describe-network', context.get('network'))
    const { stanza } = await readJson(context, describeRequest)
    const message = await openMessage(needs, stanza)
    await requireAllowance(needs.take, 'describe-organisation', message.policy.organisationId)
    const session = await needs.readSession(context)
    const proofs =
      session === null ? [] : await needs.associations.proofsFor(session, message.policy)
    const signedIn = evaluate(message.policy, proofs, message.overrides, needs.clock()).allowed
    return context.json(describeMessage(needs.accounts, message, signedIn))
  }
}

/** What anybody who has the message may know. */
export function describeMessage(
  accounts: Pick<Accounts, 'offered'>,
  { policy, overrides, brand }: OpenedMessage,
  signedIn: boolean,
): DescribeAnswer {
  const offered = accounts.offered(policy.organisationId)
  return {
    organisation: brand.view,
    sender: { address: policy.writer?.address ?? policy.sender, name: policy.senderName },
    external: policy.writer !== undefined,
    recipients: maskedRecipients(policy),
    methods: {
      passcode: isAssuranceEnough('mailbox', policy.assurance),
      providers: providerViews(offered, policy),
    },
    createdAtMs: policy.createdAtMs,
    expiresAtMs: effectiveExpiry(policy, overrides, null),
    permissions: policy.permissions,
    assurance: policy.assurance,
    signedIn,
  }
}

/** Who was in Bcc never stands here. */
function maskedRecipients(policy: Policy): MaskedRecipient[] {
  return policy.recipients
    .filter(recipient => recipient.listed)
    .map((recipient, index) => ({ index, masked: maskAddress(recipient.address) }))
}
