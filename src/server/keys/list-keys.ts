import type { OrganisationKeyStore, KeyPurpose, StoredKey } from '../store/store.ts'
import { fingerprintOf } from './certificate.ts'

/** A key as `zegel keys list` shows it: nothing of its private half. */
export interface ListedKey {
  readonly id: string
  /** Empty for what belongs to the installation. */
  readonly organisationId: string
  readonly purpose: KeyPurpose
  readonly owner: 'gateway' | 'portal'
  readonly month: string
  readonly expiryClass: string
  readonly state: 'current' | 'retired' | 'destroyed'
  readonly createdAtMs: number
  readonly destroyAfterMs: number | null
  /**
   * SHA-256 of the public half, hex; of a certifying key it is what `gateway.trustedPortal` (or, of a
   * gateway's, `portal.trustedGateways`) holds. Empty for a secret.
   */
  readonly fingerprint: string
}

const GATEWAY: ReadonlySet<KeyPurpose> = new Set(['signing', 'reply', 'mac', 'gateway-certifying'])

export async function listKeys(keys: OrganisationKeyStore): Promise<readonly ListedKey[]> {
  return (await keys.all()).filter(({ purpose }) => purpose !== 'salt').map(listed)
}

function listed(key: StoredKey): ListedKey {
  return {
    id: key.id,
    organisationId: key.organisationId,
    purpose: key.purpose,
    owner: GATEWAY.has(key.purpose) ? 'gateway' : 'portal',
    month: key.month,
    expiryClass: key.expiryClass,
    state: stateOf(key),
    createdAtMs: key.createdAtMs,
    destroyAfterMs: key.destroyAfterMs,
    fingerprint: key.publicKey.length > 0 ? fingerprintOf(key.publicKey) : '',
  }
}

function stateOf(key: StoredKey): ListedKey['state'] {
  if (key.wrappedPrivateKey === null) return 'destroyed'
  return key.retiredAtMs === null ? 'current' : 'retired'
}
