import type { Proof } from '../../core/policy/policy.ts'
import type { PasskeyStore } from '../store/store.ts'
import type { GroundTrust } from './account/ground-worth.ts'
import { standingOfPasskey } from './passkey-worth.ts'
import type { Standing } from './sessions.ts'

/** What sessions rest on: the trust in providers, and passkeys that are still there. protocol.md §3 */
export function standingOf(
  { worthOf, isAccepted }: GroundTrust,
  passkeys: Pick<PasskeyStore, 'byId'>,
  clock: () => number,
): Standing {
  return {
    isAccepted,
    async proof(proof) {
      switch (proof.method) {
        case 'passcode':
          return proof
        case 'account':
          return standingOfAccount(proof, worthOf)
        case 'passkey':
          return standingOfPasskey(proof, passkeys, worthOf, clock())
      }
    },
  }
}

function standingOfAccount(proof: Proof, worthOf: GroundTrust['worthOf']): Proof | null {
  const { organisationId, address, provider = '', realm = '' } = proof
  const { assurance } = proof
  const worth = worthOf({ ground: { provider, realm }, organisationId, address, assurance })
  return worth === null ? null : { ...proof, assurance: worth }
}
