import { evaluate } from '../../core/policy/evaluate.ts'
import type { Override, Policy } from '../../core/policy/policy.ts'
import type { Brand } from './brand.ts'
import type { OpenStanza, OverridesOf } from './portal-types.ts'
import { PortalProblem } from './problem.ts'

/** A message that can be opened now, by whoever proves to be a recipient. */
export interface OpenedMessage {
  readonly policy: Policy
  /** The sealed record that it stands in, as it was sealed. */
  readonly padded: Uint8Array
  readonly overrides: readonly Override[]
  readonly brand: Brand
}

export interface OpenedMessageNeeds {
  readonly openStanza: OpenStanza
  readonly overridesOf: OverridesOf
  readonly brands: ReadonlyMap<string, Brand>
  readonly clock: () => number
}

/**
 * Opens a stanza and checks what holds for everyone.
 * @throws PortalProblem `unknown-key`, `bad-envelope`, `expired`, `revoked`
 */
export async function openMessage(
  needs: OpenedMessageNeeds,
  stanza: string,
): Promise<OpenedMessage> {
  const opened = await needs.openStanza(stanza)
  if (!opened.ok) throw new PortalProblem(opened.code)
  const { record, padded } = opened
  const { policy } = record
  const brand = needs.brands.get(policy.organisationId)
  if (brand === undefined) throw new PortalProblem('unknown-key')
  const overrides = await needs.overridesOf(policy)
  const verdict = evaluate(policy, [], overrides, needs.clock())
  if (!verdict.allowed && verdict.code !== 'sign-in-required') throw new PortalProblem(verdict.code)
  return { policy, padded, overrides, brand }
}
