import { handOverSignatureInput, handedOverSignatureInput } from '../../core/reply/hand-over.ts'
import { ed25519Signer, generateSigningKeyPair } from '../crypto/ed25519.ts'
import { nodeHpke } from '../crypto/node-hpke.ts'
import { PASSCODE_LIFETIME_MS, SESSION_LIFETIME_MS } from '../identity/limits.ts'
import type { SecretRing } from '../identity/secret-ring.ts'
import type { Store } from '../store/store.ts'
import { fingerprintOf } from './certificate.ts'
import { noTrustedGateway } from './no-trusted-gateway.ts'
import { type OpenStanza, type PortalOrganisation, createStanzaOpener } from './open-stanza.ts'
import { INSTALLATION, ensureKey, ensureSecret, newStoredKey, unwrapKey } from './own-keys.ts'
import type { RootKey } from './root-key.ts'
import { openSecretRing, type KeptRing, type RingName } from './secret-ring.ts'
import { ensureSealingKeys, rotateSealingKeys } from './sealing-keys.ts'

export interface PortalKeyNeeds {
  readonly store: Pick<Store, 'organisationKeys'>
  readonly rootKey: RootKey
  readonly organisations: readonly PortalOrganisation[]
  /** Fingerprints of the gateways' certifying keys, from the portal's own configuration. */
  readonly trustedGateways: readonly string[]
  readonly clock: () => number
}

export type SecretName = 'rate' | 'association'

/** The two signatures by which a gateway knows what its portal hands over. docs/replies.md §3 */
export interface SignHandOver {
  ofHead(head: Uint8Array): Uint8Array
  /** @param digest SHA-256 of head and reply file */
  ofWhole(digest: Uint8Array): Uint8Array
}

/** What the portal holds: sealing keys, its certifying key, two secrets, and two that are renewed. */
export interface PortalKeys {
  readonly openStanza: OpenStanza
  /** 32 bytes that no other role and no other installation has. */
  secret(name: SecretName): Uint8Array
  ring(name: RingName): SecretRing
  /** What a gateway pins as `gateway.trustedPortal`: SHA-256 of the certifying key, hex. */
  fingerprint(): string
  readonly signHandOver: SignHandOver
  /** Makes the sealing keys of this month and the next two that are missing. */
  ensureSealingKeys(nowMs: number): Promise<void>
  /**
   * Marks the keys of which every message has expired, and destroys those that were marked a day ago; returns their ids.
   * `watchedMs`: what `ClockWatch.advance` said of a clock that it believes.
   */
  destroyExpired(nowMs: number, watchedMs: number): Promise<readonly string[]>
  /** Renews the secrets that are a month old, and destroys old ones that can open nothing valid any more. */
  tendSecrets(nowMs: number): Promise<void>
  /** New secrets of cookies and passcodes from now on; nobody is signed out. */
  rotateSecrets(nowMs: number): Promise<void>
  /** New sealing keys from now on; unexpired mail stays readable. */
  rotate(organisationId: string, nowMs: number): Promise<void>
}

/**
 * Opens the portal's keys and makes those that are missing.
 *
 * @throws KeyError `no-trusted-gateway`, `wrong-root-key`
 */
export async function openPortalKeys(needs: PortalKeyNeeds): Promise<PortalKeys> {
  const keys = needs.store.organisationKeys
  const certifying = await openCertifyingKey(needs)
  const secrets = await openSecrets(needs)
  const rings = await openRings(needs)
  const opener = createStanzaOpener({ ...needs, keys, hpke: nodeHpke })
  const maker = { keys, rootKey: needs.rootKey, sign: certifying.sign }
  const ensure = async (nowMs: number) => {
    for (const { id } of needs.organisations) await ensureSealingKeys(maker, id, nowMs)
  }
  await ensure(needs.clock())
  if (needs.trustedGateways.length === 0) throw await noTrustedGateway(keys, certifying.fingerprint)
  return {
    openStanza: opener.openStanza,
    secret: name => secrets[name],
    ring: name => rings[name],
    fingerprint: () => certifying.fingerprint,
    signHandOver: {
      ofHead: head => certifying.sign(handOverSignatureInput(head)),
      ofWhole: digest => certifying.sign(handedOverSignatureInput(digest)),
    },
    ensureSealingKeys: ensure,
    async destroyExpired(nowMs, watchedMs) {
      const ids = await keys.destroyExpired(nowMs, watchedMs)
      opener.forget(ids)
      await keys.scrub()
      return ids
    },
    tendSecrets: nowMs => forEach(rings, ring => ring.tend(nowMs)),
    rotateSecrets: nowMs => forEach(rings, ring => ring.rotate(nowMs)),
    rotate: (organisationId, nowMs) => rotateSealingKeys(maker, organisationId, nowMs),
  }
}

/** What the installation's portal keeps for ever. @throws KeyError `wrong-root-key` */
export async function openSecrets({
  store,
  rootKey,
  clock,
}: Pick<PortalKeyNeeds, 'store' | 'rootKey' | 'clock'>): Promise<
  Readonly<Record<SecretName, Uint8Array>>
> {
  const keys = store.organisationKeys
  return {
    rate: await ensureSecret(keys, rootKey, 'rate', clock()),
    association: await ensureSecret(keys, rootKey, 'association', clock()),
  }
}

type Rings = Readonly<Record<RingName, KeptRing>>

/** Each opens as long as what it seals: the longest of a cookie is a session. */
async function openRings({ store, rootKey, clock }: PortalKeyNeeds): Promise<Rings> {
  const needs = { keys: store.organisationKeys, rootKey, clock }
  return {
    cookie: await openSecretRing(needs, 'cookie', SESSION_LIFETIME_MS),
    passcode: await openSecretRing(needs, 'passcode', PASSCODE_LIFETIME_MS),
  }
}

async function forEach(rings: Rings, work: (ring: KeptRing) => Promise<void>): Promise<void> {
  for (const ring of Object.values(rings)) await work(ring)
}

async function openCertifyingKey({ store, rootKey, clock }: PortalKeyNeeds) {
  const stored = await ensureKey(store.organisationKeys, INSTALLATION, 'certifying', () =>
    newStoredKey(
      generateSigningKeyPair(),
      { organisationId: INSTALLATION, purpose: 'certifying', createdAtMs: clock() },
      rootKey,
    ),
  )
  return {
    sign: ed25519Signer(unwrapKey(rootKey, stored)),
    fingerprint: fingerprintOf(stored.publicKey),
  }
}
