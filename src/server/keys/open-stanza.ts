import { domainOf } from '../../core/address/address.ts'
import { EnvelopeError } from '../../core/envelope/errors.ts'
import type { Hpke } from '../../core/envelope/hpke.ts'
import { type SealedRecord, type Verify, readRecord } from '../../core/envelope/record.ts'
import { openStanza } from '../../core/envelope/sealed-stanza.ts'
import { type ZegelStanza, parseStanza } from '../../core/envelope/stanza.ts'
import type { Policy } from '../../core/policy/policy.ts'
import { ed25519Verifier } from '../crypto/ed25519.ts'
import type { OrganisationKeyStore } from '../store/store.ts'
import { isTrustedSigningKey, trustedCertifyingKeys } from './gateway-certifier.ts'
import { KeyCache } from './key-cache.ts'
import { MAX_STANZA_CHARACTERS } from './limits.ts'
import { unwrapKey } from './own-keys.ts'
import type { RootKey } from './root-key.ts'

/** What a stanza says, once it is known who says it. */
export type OpenedStanza =
  | {
      readonly ok: true
      readonly record: SealedRecord
      /** The record as it was sealed, signature and padding included: the gateway checks it again. */
      readonly padded: Uint8Array
      readonly signingPublicKey: Uint8Array
    }
  | { readonly ok: false; readonly code: StanzaRefusal }

/** `expired`: the sealing key is destroyed, so every message under it has expired. */
export type StanzaRefusal = 'unknown-key' | 'bad-envelope' | 'expired'

/** Opens the exact text of a stanza and checks the record inside. Says nothing about who may read. */
export type OpenStanza = (stanza: string) => Promise<OpenedStanza>

export interface PortalOrganisation {
  readonly id: string
  readonly domains: readonly string[]
  /** Of the addresses that stand for people outside who wrote in the portal, today's and former ones. docs/replies.md */
  readonly replyDomains: readonly string[]
}

export interface OpenStanzaNeeds {
  readonly keys: Pick<OrganisationKeyStore, 'find' | 'list'>
  readonly rootKey: RootKey
  readonly organisations: readonly PortalOrganisation[]
  /** Fingerprints of the gateways' certifying keys, from the portal's own configuration. */
  readonly trustedGateways: readonly string[]
  readonly hpke: Hpke
  readonly clock: () => number
}

interface SealingKey {
  readonly organisationId: string
  readonly privateKey: Uint8Array
}

interface SigningKey {
  readonly organisationId: string
  readonly publicKey: Uint8Array
  readonly verify: Verify
}

export interface StanzaOpener {
  readonly openStanza: OpenStanza
  /** Drops the keys that are destroyed. */
  forget(ids: readonly string[]): void
}

export function createStanzaOpener(needs: OpenStanzaNeeds): StanzaOpener {
  const sealingKeys = new KeyCache<SealingKey>()
  const signingKeys = new KeyCache<SigningKey>()
  return {
    openStanza: async text => {
      const stanza = text.length <= MAX_STANZA_CHARACTERS ? parseStanza(text) : null
      if (stanza === null) return refused('bad-envelope')
      const sealing = await findSealingKey(needs, sealingKeys, stanza.keyId)
      if (typeof sealing === 'string') return refused(sealing)
      const padded = await openRecord(needs.hpke, sealing, stanza)
      if (padded === undefined) return refused('bad-envelope')
      return checkRecord(needs, signingKeys, sealing, padded)
    },
    forget(ids) {
      for (const id of ids) sealingKeys.delete(id)
    },
  }
}

function refused(code: StanzaRefusal): OpenedStanza {
  return { ok: false, code }
}

async function findSealingKey(
  { keys, rootKey, clock }: OpenStanzaNeeds,
  cache: KeyCache<SealingKey>,
  id: string,
): Promise<SealingKey | StanzaRefusal> {
  const nowMs = clock()
  const known = cache.get(id, nowMs)
  if (known) return known
  const stored = await keys.find(id)
  if (stored?.purpose !== 'sealing') return 'unknown-key'
  if (stored.wrappedPrivateKey === null) return 'expired'
  if (stored.destroyAfterMs !== null && nowMs >= stored.destroyAfterMs) return 'expired'
  const { organisationId } = stored
  const key = { organisationId, privateKey: unwrapKey(rootKey, stored) }
  cache.set(id, key, nowMs)
  return key
}

async function openRecord(
  hpke: Hpke,
  { privateKey }: SealingKey,
  stanza: ZegelStanza,
): Promise<Uint8Array | undefined> {
  try {
    return await openStanza(hpke, privateKey, stanza)
  } catch (error) {
    if (error instanceof EnvelopeError) return undefined
    throw error
  }
}

/**
 * Signature first, then the content; and the sealing key, the signing key, the organisation and the sender's domain
 * must belong together. envelope.md §2
 */
async function checkRecord(
  needs: OpenStanzaNeeds,
  cache: KeyCache<SigningKey>,
  sealing: SealingKey,
  padded: Uint8Array,
): Promise<OpenedStanza> {
  try {
    const unverified = readRecord(padded)
    const signing = await findSigningKey(needs, cache, unverified.signingKeyId)
    if (signing?.organisationId !== sealing.organisationId) return refused('bad-envelope')
    const record = unverified.verify(signing.verify)
    if (!belongsTo(needs.organisations, sealing.organisationId, record))
      return refused('bad-envelope')
    return { ok: true, record, padded, signingPublicKey: signing.publicKey }
  } catch (error) {
    if (error instanceof EnvelopeError) return refused('bad-envelope')
    throw error
  }
}

/** Only the certificate makes a key in the database one to believe. Undefined when there is none to believe. */
async function findSigningKey(
  { keys, trustedGateways, clock }: OpenStanzaNeeds,
  cache: KeyCache<SigningKey>,
  id: string,
): Promise<SigningKey | undefined> {
  const nowMs = clock()
  const known = cache.get(id, nowMs)
  if (known) return known
  const stored = await keys.find(id)
  if (stored === undefined) return undefined
  if (!isTrustedSigningKey(stored, await trustedCertifyingKeys(keys, trustedGateways)))
    return undefined
  const { organisationId, publicKey } = stored
  const key = { organisationId, publicKey, verify: ed25519Verifier(publicKey) }
  cache.set(id, key, nowMs)
  return key
}

function belongsTo(
  organisations: readonly PortalOrganisation[],
  organisationId: string,
  { policy }: SealedRecord,
): boolean {
  const organisation = organisations.find(({ id }) => id === organisationId)
  return (
    policy.organisationId === organisationId &&
    organisation !== undefined &&
    mayStandFor(organisation, policy)
  )
}

/** Somebody outside is never shown as sent by the organisation, and nobody inside as somebody outside. */
function mayStandFor({ domains, replyDomains }: PortalOrganisation, policy: Policy): boolean {
  const domain = domainOf(policy.sender)
  return (policy.writer === undefined ? domains : replyDomains).includes(domain)
}
