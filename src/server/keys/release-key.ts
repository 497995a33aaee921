import { domainOf, parseAddress } from '../../core/address/address.ts'
import type { ReleaseAnswer } from '../../core/api/messages.ts'
import { EnvelopeError } from '../../core/envelope/errors.ts'
import type { SealedRecord } from '../../core/envelope/record.ts'
import { effectiveExpiry, evaluate } from '../../core/policy/evaluate.ts'
import type { Override, Policy, Proof, RefusalCode } from '../../core/policy/policy.ts'
import { sealRelease } from '../crypto/seal-release.ts'
import type { AuditStore, OverrideStore, StoredOverride } from '../store/store.ts'
import type { OpenStanza } from './open-stanza.ts'
import { replyOffer } from './reply-offer.ts'
import type { OfferReplies } from './reply-offer.ts'

export interface ReleaseKeyRequest {
  /** The exact text of the stanza. */
  readonly stanza: string
  /** One-time P-256 public key, 65 bytes uncompressed. */
  readonly browserKey: Uint8Array
  /** What the session has proven. */
  readonly proofs: readonly Proof[]
  readonly nowMs: number
}

export type ReleaseKeyResult =
  | { readonly ok: true; readonly answer: ReleaseAnswer }
  | { readonly ok: false; readonly code: RefusalCode }

/** ④ Hands the portal's share to a browser that may have it. protocol.md §4 */
export type ReleaseKey = (request: ReleaseKeyRequest) => Promise<ReleaseKeyResult>

export interface ReleaseKeyNeeds {
  readonly openStanza: OpenStanza
  readonly overrides: Pick<OverrideStore, 'list'>
  /** Null: audit is off. */
  readonly audit: Pick<AuditStore, 'append'> | null
  readonly offerReplies: OfferReplies
}

/** The share is sealed before the audit row is written, and given out only after: no row lies, no release is without one. */
export function createReleaseKey(needs: ReleaseKeyNeeds): ReleaseKey {
  const { openStanza, overrides, audit, offerReplies } = needs
  return async ({ stanza, browserKey, proofs, nowMs }) => {
    const opened = await openStanza(stanza)
    if (!opened.ok) return opened
    const { policy, portalShare } = opened.record
    const decided = await overridesOf(overrides, policy)
    const verdict = evaluate(policy, proofs, decided, nowMs)
    if (!verdict.allowed) return { ok: false, code: verdict.code }
    const sealed = await sealFor(browserKey, stanza, portalShare)
    if (sealed === undefined) return { ok: false, code: 'bad-envelope' }
    await audit?.append(auditEntry(policy, verdict.proof, nowMs))
    const expiresAtMs = effectiveExpiry(policy, decided, verdict.proof.address)
    const answer = {
      ...answerFor(opened.record, opened.signingPublicKey, verdict.proof),
      ...sealed,
      expiresAtMs,
      reply: replyOffer(offerReplies(policy.organisationId), policy, verdict.proof.address),
    }
    return { ok: true, answer }
  }
}

/** What was decided after sealing, by the organisation that sent the message. */
export async function overridesOf(
  store: Pick<OverrideStore, 'list'>,
  policy: Policy,
): Promise<readonly Override[]> {
  const stored = await store.list(policy.messageId)
  return stored
    .filter(({ organisationId }) => organisationId === policy.organisationId)
    .map(readOverride)
}

function readOverride(stored: StoredOverride): Override {
  const { recipient, revoked, changesExpiry, expiresAtMs } = stored
  const address = recipient === null ? null : parseAddress(recipient)
  if (recipient !== null && address === null)
    throw new Error('an override names a recipient that is no address')
  return { recipient: address, revoked, expiresAtMs: changesExpiry ? expiresAtMs : undefined }
}

/** Undefined when the browser's key is none. */
async function sealFor(
  browserKey: Uint8Array,
  stanza: string,
  share: Uint8Array,
): Promise<Pick<ReleaseAnswer, 'enc' | 'ct'> | undefined> {
  try {
    const { enc, ct } = await sealRelease(browserKey, stanza, share)
    return { enc: base64(enc), ct: base64(ct) }
  } catch (error) {
    if (error instanceof EnvelopeError) return undefined
    throw error
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

function auditEntry(policy: Policy, proof: Proof, atMs: number) {
  return {
    organisationId: policy.organisationId,
    messageId: policy.messageId,
    event: 'released',
    recipient: proof.address,
    method: proof.method,
    assurance: proof.assurance,
    atMs,
  } as const
}

function answerFor({ policy, signingKeyId }: SealedRecord, signingKey: Uint8Array, proof: Proof) {
  return {
    signingKeyId,
    signingKey: base64(signingKey),
    recipient: proof.address,
    sender: { address: policy.writer?.address ?? policy.sender, name: policy.senderName },
    vouchedBy: domainOf(policy.sender),
    ...(policy.writer && {
      writer: { method: policy.writer.method, assurance: policy.writer.assurance },
    }),
    permissions: policy.permissions,
    createdAtMs: policy.createdAtMs,
  }
}
