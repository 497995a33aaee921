import type { Address } from '../../../core/address/address.ts'
import type { Assurance } from '../../../core/policy/policy.ts'
import { isTrustedFor } from './decide-claims.ts'
import type { Provider } from './provider.ts'
import { isOfRealm } from './realm.ts'
import type { Ground } from './realm.ts'

/** What an account said of an address, and how much it was worth then. */
export interface AccountWord {
  readonly ground: Ground
  readonly organisationId: string
  readonly address: Address
  readonly assurance: Assurance
}

/** What an account's word is worth now; null: nothing. Trust can fall between two requests. protocol.md §3 */
export type WorthOfWord = (word: AccountWord) => Assurance | null

/** True while an account from there may sign in. */
export type IsAccepted = (organisationId: string, ground: Ground) => boolean

export interface GroundTrust {
  readonly worthOf: WorthOfWord
  readonly isAccepted: IsAccepted
}

/** @param find undefined for a provider that the organisation does not offer */
export function groundTrust(
  find: (id: string, organisationId: string) => Provider | undefined,
  secret: Uint8Array,
): GroundTrust {
  const trusted = (organisationId: string, { provider: id, realm }: Ground) => {
    const provider = find(id, organisationId)
    return provider !== undefined && isOfRealm(secret, provider, realm) ? provider : undefined
  }
  return {
    isAccepted: (organisationId, ground) => trusted(organisationId, ground) !== undefined,
    worthOf({ ground, organisationId, address, assurance }) {
      const provider = trusted(organisationId, ground)
      if (provider === undefined) return null
      if (provider.kind === 'openid' && !isTrustedFor(provider, address)) return null
      return assurance === 'mfa' && !saysFactors(provider) ? 'account' : assurance
    },
  }
}

const saysFactors = ({ mfa }: Provider): boolean => mfa.acr.length + mfa.amr.length > 0
