import { createHmac, createSecretKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Verify } from '../../core/envelope/record.ts'
import type { SealingMaterial } from '../../core/envelope/seal.ts'
import { generateReplyKeyPair } from '../crypto/age-keys.ts'
import { ed25519PrivateKey, generateSigningKeyPair, signWith } from '../crypto/ed25519.ts'
import type { Store, StoredKey } from '../store/store.ts'
import { certify, isCertified } from './certificate.ts'
import { expiryClassOf, monthOf } from './expiry-class.ts'
import { certifySigningKey, openGatewayCertifier } from './gateway-certifier.ts'
import type { GatewayCertifier } from './gateway-certifier.ts'
import { KeyError } from './key-error.ts'
import { MATERIAL_MS } from './limits.ts'
import { ensureKey, ensureSecret, newStoredKey, unwrapKey } from './own-keys.ts'
import { createOwnRecordReader } from './own-records.ts'
import type { ReadOwnRecord } from './own-records.ts'
import type { RootKey } from './root-key.ts'
import { createPortalVerifier, trustedPortalKey } from './trusted-portal.ts'

export interface GatewayOrganisation {
  readonly id: string
  readonly escrowRecipients: readonly string[]
  readonly allowClassicalEscrow: boolean
}

export interface GatewayKeyNeeds {
  readonly store: Pick<Store, 'organisationKeys'>
  readonly rootKey: RootKey
  readonly organisations: readonly GatewayOrganisation[]
  /** Fingerprint of the portal's certifying key, from the gateway's own configuration. protocol.md §0 */
  readonly trustedPortal: string
  readonly clock: () => number
}

/** What the gateway holds: signing and reply keys of each organisation, and its MAC key. */
export interface GatewayKeys {
  /**
   * What seals a message that expires then; `nowMs` is when it was made.
   *
   * @throws KeyError `unknown-organisation`, `no-sealing-key`, `untrusted-portal`, `untrusted-sealing-key`
   */
  materialFor(
    organisationId: string,
    expiresAtMs: number | null,
    nowMs: number,
  ): Promise<SealingMaterial>
  /** HMAC-SHA-256 under the gateway's own key: 32 bytes. */
  mac(data: Uint8Array): Uint8Array
  /** The MAC key and the signing keys in use, by their id, for threads of this process. */
  readonly forThreads: {
    readonly mac: KeyObject
    readonly signing: (signingKeyId: string) => KeyObject | undefined
  }
  /** What a portal pins in `portal.trustedGateways`: SHA-256 of the certifying key, hex. */
  fingerprint(): string
  /** Vouches for a signing key that was retired before gateways had a certifying key; false when there is no such key. */
  certify(signingKeyId: string): Promise<boolean>
  /** The age identity for a reply recipient of ours, `AGE-SECRET-KEY-PQ-1…`; undefined when it is not ours. */
  replyIdentity(recipient: string): Promise<string | undefined>
  /** The record that a signing key of ours, one in use or an older one, has signed. */
  readonly readRecord: ReadOwnRecord
  /** Checks what the trusted portal signs. @throws KeyError `untrusted-portal` */
  portalVerifier(): Promise<Verify>
  /**
   * New signing keys; the old private halves are destroyed, the old public ones stay, so that what they signed can
   * still be checked. New reply keys; the old ones stay, for replies on their way.
   */
  rotate(organisationId: string, nowMs: number): Promise<void>
}

/**
 * Opens the gateway's keys and makes those that are missing.
 *
 * @throws KeyError `no-trusted-portal`, `wrong-root-key`
 */
export async function openGatewayKeys(needs: GatewayKeyNeeds): Promise<GatewayKeys> {
  const keys = needs.store.organisationKeys
  const macKey = createSecretKey(await ensureSecret(keys, needs.rootKey, 'mac', needs.clock()))
  const certifier = await openGatewayCertifier({ ...needs, keys })
  const maker = { ...needs, certifier }
  const own = new Map<string, OwnKeys>()
  for (const { id } of needs.organisations) own.set(id, await openOwnKeys(maker, id))
  // Only now: a portal elsewhere needs this gateway's fingerprint before this gateway can have the portal's.
  if (!/^[0-9a-f]{64}$/.test(needs.trustedPortal))
    throw new KeyError(
      'no-trusted-portal',
      `gateway.trustedPortal is empty: write the fingerprint that zegel check shows on the portal's host (this gateway's is ${certifier.fingerprint})`,
    )
  const materials = new Map<string, CachedMaterial>()
  return {
    materialFor: (organisationId, expiresAtMs, nowMs) =>
      cachedMaterial(maker, { own, materials }, { organisationId, expiresAtMs, nowMs }),
    mac: data => new Uint8Array(createHmac('sha256', macKey).update(data).digest()),
    forThreads: {
      mac: macKey,
      signing: id => [...own.values()].find(({ signingKeyId }) => signingKeyId === id)?.signingKey,
    },
    fingerprint: () => certifier.fingerprint,
    certify: signingKeyId => certifyOld(maker, signingKeyId),
    replyIdentity: recipient => findReplyIdentity(needs, recipient),
    readRecord: createOwnRecordReader({ ...needs, keys, certifyingKey: certifier.publicKey }),
    portalVerifier: createPortalVerifier(keys, needs.trustedPortal),
    async rotate(organisationId, nowMs) {
      await rotateOwnKeys(maker, organisationId, nowMs)
      own.set(organisationId, await openOwnKeys(maker, organisationId))
      materials.clear()
    },
  }
}

/** What makes and certifies keys. */
interface OwnKeyNeeds extends GatewayKeyNeeds {
  readonly certifier: GatewayCertifier
}

async function certifyOld(
  { store, certifier, organisations }: OwnKeyNeeds,
  signingKeyId: string,
): Promise<boolean> {
  const key = await store.organisationKeys.find(signingKeyId)
  if (key?.purpose !== 'signing' || organisations.every(({ id }) => id !== key.organisationId))
    return false
  await certifySigningKey(store.organisationKeys, certifier, key)
  return true
}

/** An organisation's keys that the gateway has unwrapped. */
interface OwnKeys {
  readonly signingKeyId: string
  readonly signingKey: KeyObject
  readonly sign: SealingMaterial['sign']
  readonly replyRecipient: string
}

async function openOwnKeys(needs: OwnKeyNeeds, organisationId: string): Promise<OwnKeys> {
  const { store, rootKey, clock, certifier } = needs
  const keys = store.organisationKeys
  const signing = await ensureKey(keys, organisationId, 'signing', () =>
    newSigningKey(needs, organisationId, clock()),
  )
  const reply = await ensureKey(keys, organisationId, 'reply', () =>
    newReplyKey(rootKey, organisationId, clock()),
  )
  unwrapKey(rootKey, reply) // replies are sealed to it: its public half must be ours too
  const signingKey = ed25519PrivateKey(unwrapKey(rootKey, signing))
  await certifySigningKey(keys, certifier, signing) // one of before gateways had a certifying key
  return {
    signingKeyId: signing.id,
    signingKey,
    sign: signWith(signingKey),
    replyRecipient: Buffer.from(reply.publicKey).toString('utf8'),
  }
}

function newSigningKey(
  { rootKey, certifier }: OwnKeyNeeds,
  organisationId: string,
  nowMs: number,
): StoredKey {
  const fields = { organisationId, purpose: 'signing', createdAtMs: nowMs } as const
  const key = newStoredKey(generateSigningKeyPair(), fields, rootKey)
  return { ...key, certificate: certify(key, certifier.sign) }
}

/** Both halves are stored as age writes them. */
function newReplyKey(rootKey: RootKey, organisationId: string, nowMs: number): StoredKey {
  const { recipient, identity } = generateReplyKeyPair()
  const pair = { publicKey: utf8(recipient), privateKey: utf8(identity) }
  return newStoredKey(pair, { organisationId, purpose: 'reply', createdAtMs: nowMs }, rootKey)
}

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'))

async function rotateOwnKeys(
  needs: OwnKeyNeeds,
  organisationId: string,
  nowMs: number,
): Promise<void> {
  const keys = needs.store.organisationKeys
  const old = await keys.list(organisationId, 'signing')
  await keys.replace(newSigningKey(needs, organisationId, nowMs))
  await keys.replace(newReplyKey(needs.rootKey, organisationId, nowMs))
  await keys.destroy(
    old.map(({ id }) => id),
    nowMs,
  )
}

async function findReplyIdentity(
  { store, rootKey, organisations }: GatewayKeyNeeds,
  recipient: string,
): Promise<string | undefined> {
  const wanted = utf8(recipient)
  for (const { id } of organisations) {
    const found = (await store.organisationKeys.list(id, 'reply')).find(
      key => key.wrappedPrivateKey !== null && Buffer.compare(key.publicKey, wanted) === 0,
    )
    if (found) return Buffer.from(unwrapKey(rootKey, found)).toString('utf8')
  }
  return undefined
}

interface MaterialRequest {
  readonly organisationId: string
  readonly expiresAtMs: number | null
  readonly nowMs: number
}

interface CachedMaterial {
  readonly material: Promise<SealingMaterial>
  readonly readAtMs: number
}

interface Caches {
  readonly own: Map<string, OwnKeys>
  readonly materials: Map<string, CachedMaterial>
}

/** Mails that come at the same time ask the database once. */
async function cachedMaterial(
  needs: OwnKeyNeeds,
  caches: Caches,
  request: MaterialRequest,
): Promise<SealingMaterial> {
  const month = monthOf(request.nowMs)
  const expiryClass = expiryClassOf(request.expiresAtMs, request.nowMs)
  const name = `${request.organisationId} ${month} ${expiryClass}`
  const known = caches.materials.get(name)
  const nowMs = needs.clock()
  if (known && Math.abs(nowMs - known.readAtMs) < MATERIAL_MS) return known.material
  const material = readMaterial(needs, caches.own, request.organisationId, month, expiryClass)
  caches.materials.set(name, { material, readAtMs: nowMs })
  material.catch(() => caches.materials.delete(name))
  return material
}

async function readMaterial(
  needs: OwnKeyNeeds,
  own: Map<string, OwnKeys>,
  organisationId: string,
  month: string,
  expiryClass: string,
): Promise<SealingMaterial> {
  const organisation = needs.organisations.find(({ id }) => id === organisationId)
  if (!organisation)
    throw new KeyError('unknown-organisation', `no organisation is called ${organisationId}`)
  const sealing = await findSealingKey(needs, organisationId, month, expiryClass)
  const { signingKey: _ofThreads, ...keys } = await currentOwnKeys(needs, own, organisationId)
  return {
    organisationId,
    sealingKeyId: sealing.id,
    sealingPublicKey: sealing.publicKey,
    ...keys,
    escrowRecipients: organisation.escrowRecipients,
    allowClassicalEscrow: organisation.allowClassicalEscrow,
  }
}

/** Another process may have rotated the keys. */
async function currentOwnKeys(
  needs: OwnKeyNeeds,
  own: Map<string, OwnKeys>,
  organisationId: string,
): Promise<OwnKeys> {
  const known = own.get(organisationId)
  const stored = known && (await needs.store.organisationKeys.find(known.signingKeyId))
  if (known && stored && stored.retiredAtMs === null) return known
  const fresh = await openOwnKeys(needs, organisationId)
  own.set(organisationId, fresh)
  return fresh
}

/** Only the certificate makes a key in the database one to seal with. */
async function findSealingKey(
  { store, trustedPortal }: GatewayKeyNeeds,
  organisationId: string,
  month: string,
  expiryClass: string,
): Promise<StoredKey> {
  const keys = store.organisationKeys
  const certifyingKey = await trustedPortalKey(keys, trustedPortal)
  const found = (await keys.list(organisationId, 'sealing')).find(
    key =>
      key.month === month &&
      key.expiryClass === expiryClass &&
      key.retiredAtMs === null &&
      key.wrappedPrivateKey !== null,
  )
  if (!found)
    throw new KeyError(
      'no-sealing-key',
      `the portal has made no sealing key of ${organisationId} for ${month}: start the portal`,
    )
  if (!isCertified(found, certifyingKey))
    throw new KeyError(
      'untrusted-sealing-key',
      `the trusted portal does not vouch for the sealing key ${found.id}: someone may have changed the database`,
    )
  return found
}
