import type { Address } from '../../core/address/address.ts'
import { isAssuranceEnough } from '../../core/policy/evaluate.ts'
import type { Assurance, Proof } from '../../core/policy/policy.ts'
import type { PasskeyStore, StoredPasskey } from '../store/store.ts'
import type { WorthOfWord } from './account/ground-worth.ts'

/**
 * What a passkey gives now: as much as remains of the proof that it was made under. Null: nothing, until a
 * passcode proves its mailbox. protocol.md §3
 */
export function passkeyWorth(
  passkey: StoredPasskey,
  address: Address,
  worthOf: WorthOfWord,
): Assurance | null {
  const { ground, organisationId, assurance, mailboxProven } = passkey
  const worth = ground === null ? null : worthOf({ ground, organisationId, address, assurance })
  return worth ?? (mailboxProven ? 'mailbox' : null)
}

/** A proof by passkey as far as it counts now; null once the passkey is removed, has lapsed or gives nothing. */
export async function standingOfPasskey(
  proof: Proof,
  store: Pick<PasskeyStore, 'byId'>,
  worthOf: WorthOfWord,
  nowMs: number,
): Promise<Proof | null> {
  const { organisationId, address, passkey: id = '' } = proof
  const passkey = await store.byId(organisationId, id, nowMs)
  const worth = passkey === undefined ? null : passkeyWorth(passkey, address, worthOf)
  if (worth === null) return null
  return isAssuranceEnough(worth, proof.assurance) ? proof : { ...proof, assurance: worth }
}
