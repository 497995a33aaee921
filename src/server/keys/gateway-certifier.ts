import type { Sign } from '../../core/envelope/record.ts'
import { ed25519Signer, generateSigningKeyPair } from '../crypto/ed25519.ts'
import type { OrganisationKeyStore, StoredKey } from '../store/store.ts'
import { certify, fingerprintOf, isCertified } from './certificate.ts'
import { INSTALLATION, ensureKey, newStoredKey, unwrapKey } from './own-keys.ts'
import type { RootKey } from './root-key.ts'

/** Vouches for signing keys, so that the portal believes none that somebody slipped into the database. */
export interface GatewayCertifier {
  readonly publicKey: Uint8Array
  /** What a portal pins in `portal.trustedGateways`. */
  readonly fingerprint: string
  readonly sign: Sign
}

export interface GatewayCertifierNeeds {
  readonly keys: OrganisationKeyStore
  /** The gateway's. */
  readonly rootKey: RootKey
  readonly clock: () => number
}

/**
 * Opens the gateway's certifying key; makes it when there is none.
 *
 * @throws KeyError `wrong-root-key`, `altered-key`
 */
export async function openGatewayCertifier(
  needs: GatewayCertifierNeeds,
): Promise<GatewayCertifier> {
  const { keys, rootKey, clock } = needs
  const stored = await ensureKey(keys, INSTALLATION, 'gateway-certifying', () =>
    newStoredKey(
      generateSigningKeyPair(),
      { organisationId: INSTALLATION, purpose: 'gateway-certifying', createdAtMs: clock() },
      rootKey,
    ),
  )
  const sign = ed25519Signer(unwrapKey(rootKey, stored))
  return { publicKey: stored.publicKey, fingerprint: fingerprintOf(stored.publicKey), sign }
}

/** The certifying keys in the database that carry one of these fingerprints, retired ones too. */
export async function trustedCertifyingKeys(
  keys: Pick<OrganisationKeyStore, 'list'>,
  trustedGateways: readonly string[],
): Promise<readonly Uint8Array[]> {
  const stored = await keys.list(INSTALLATION, 'gateway-certifying')
  return stored
    .map(({ publicKey }) => publicKey)
    .filter(publicKey => trustedGateways.includes(fingerprintOf(publicKey)))
}

/** True when a gateway that is trusted vouches for the signing key. */
export function isTrustedSigningKey(
  key: StoredKey,
  certifyingKeys: readonly Uint8Array[],
): boolean {
  return (
    key.purpose === 'signing' && certifyingKeys.some(certifying => isCertified(key, certifying))
  )
}

/** Gives a signing key its certificate. The caller knows that the key is the gateway's own. */
export async function certifySigningKey(
  keys: Pick<OrganisationKeyStore, 'setCertificate'>,
  certifier: GatewayCertifier,
  key: StoredKey,
): Promise<void> {
  if (isCertified(key, certifier.publicKey)) return
  await keys.setCertificate(key.id, certify(key, certifier.sign))
}
