import type { Address } from '../address/address.ts'
import type { Assurance, Override, Policy, Proof, RefusalCode, Verdict } from './policy.ts'

const RANK: Readonly<Record<Assurance, number>> = { mailbox: 1, account: 2, mfa: 3 }

/** True when a proof of strength `given` satisfies a policy that needs `needed`. */
export function isAssuranceEnough(given: Assurance, needed: Assurance): boolean {
  return RANK[given] >= RANK[needed]
}

/**
 * Who may open the message now. protocol.md §4
 * What holds for everyone (revoked, expired) is said before sign-in; what holds for one
 * recipient is said only to that recipient. Without proofs it answers what `describe` needs.
 */
export function evaluate(
  policy: Policy,
  proofs: readonly Proof[],
  overrides: readonly Override[],
  nowMs: number,
): Verdict {
  const closed = closedForEveryone(policy, overrides, nowMs)
  if (closed !== null) return refused(closed)
  const own = proofs.filter(proof => proof.organisationId === policy.organisationId)
  if (own.length === 0) return refused('sign-in-required')
  const candidates = own.filter(proof => isRecipient(policy, proof.address))
  if (candidates.length === 0) return refused('not-a-recipient')
  return bestVerdict(candidates.map(proof => judge(policy, proof, overrides, nowMs)))
}

/** When the message ends for one recipient (null: for whoever no override of its own exists); null: never. */
export function effectiveExpiry(
  policy: Policy,
  overrides: readonly Override[],
  recipient: Address | null,
): number | null {
  const own = recipient === null ? undefined : lastExpiry(overrides, recipient)
  if (own !== undefined) return own
  const common = lastExpiry(overrides, null)
  return common === undefined ? policy.expiresAtMs : common
}

function lastExpiry(
  overrides: readonly Override[],
  recipient: Address | null,
): number | null | undefined {
  return overrides.findLast(
    override => override.recipient === recipient && override.expiresAtMs !== undefined,
  )?.expiresAtMs
}

function isRecipient(policy: Policy, address: Address): boolean {
  return policy.recipients.some(recipient => recipient.address === address)
}

function isRevoked(overrides: readonly Override[], recipient: Address | null): boolean {
  return overrides.some(
    override =>
      override.revoked && (override.recipient === null || override.recipient === recipient),
  )
}

function isPast(expiresAtMs: number | null, nowMs: number): boolean {
  return expiresAtMs !== null && nowMs >= expiresAtMs
}

function closedForEveryone(
  policy: Policy,
  overrides: readonly Override[],
  nowMs: number,
): RefusalCode | null {
  if (isRevoked(overrides, null)) return 'revoked'
  const open = policy.recipients.some(
    ({ address }) => !isPast(effectiveExpiry(policy, overrides, address), nowMs),
  )
  return open ? null : 'expired'
}

function judge(
  policy: Policy,
  proof: Proof,
  overrides: readonly Override[],
  nowMs: number,
): Verdict {
  if (isRevoked(overrides, proof.address)) return refused('revoked')
  if (isPast(effectiveExpiry(policy, overrides, proof.address), nowMs)) return refused('expired')
  if (!isAssuranceEnough(proof.assurance, policy.assurance)) return refused('assurance-too-low')
  return { allowed: true, proof }
}

/** The strongest proof that is allowed; else the refusal that the reader can do something about. */
function bestVerdict(verdicts: readonly Verdict[]): Verdict {
  const allowed = verdicts
    .filter(verdict => verdict.allowed)
    .toSorted((a, b) => RANK[b.proof.assurance] - RANK[a.proof.assurance])[0]
  if (allowed !== undefined) return allowed
  const weak = verdicts.find(verdict => !verdict.allowed && verdict.code === 'assurance-too-low')
  return weak ?? verdicts[0] ?? refused('not-a-recipient')
}

function refused(code: RefusalCode): Verdict {
  return { allowed: false, code }
}
