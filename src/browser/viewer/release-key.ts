import { fromBase64, toBase64 } from '../../core/envelope/base64.ts'
import { createReleaseReceiver } from '../../core/envelope/release.ts'
import type { ReleaseReceiver } from '../../core/envelope/release.ts'
import { SHARE_BYTES, joinShares } from '../../core/envelope/share.ts'
import type { ReleaseAnswer } from '../../core/api/messages.ts'
import type { Answer, PortalApi } from './portal-api.ts'

/** The file key, and what the portal said with it. Nothing of it is shown before the file signature holds. */
export interface ReleasedKey {
  /** 16 bytes; a wrong one fails the header MAC. */
  readonly fileKey: Uint8Array
  readonly release: ReleaseAnswer
}

/**
 * Asks the portal for its share, sealed to a key that exists for this one answer and that not even
 * this page can read out (where the browser has P-256), and joins it with the envelope's. protocol.md §4
 */
export async function releaseKey(
  portal: Pick<PortalApi, 'release'>,
  stanza: string,
  envelopeShare: Uint8Array,
): Promise<Answer<ReleasedKey>> {
  const receiver = await createReleaseReceiver().catch(receiverWithoutCurve)
  const answer = await portal.release({ stanza, browserKey: toBase64(receiver.publicKey) })
  if (!answer.ok) return answer
  const share = await openShare(receiver, answer.value, stanza)
  if (share?.length !== SHARE_BYTES) return { ok: false, refusal: { code: 'bad-envelope' } }
  return { ok: true, value: { fileKey: joinShares(share, envelopeShare), release: answer.value } }
}

async function receiverWithoutCurve(): Promise<ReleaseReceiver> {
  const { nobleAgreementKey } = await import('./agreement-key.ts')
  return createReleaseReceiver(nobleAgreementKey())
}

/** Null when what the portal sealed is not meant for this key and this stanza. */
async function openShare(
  receiver: ReleaseReceiver,
  release: ReleaseAnswer,
  stanza: string,
): Promise<Uint8Array | null> {
  const [enc, ct] = [fromBase64(release.enc), fromBase64(release.ct)]
  if (enc === null || ct === null) return null
  return receiver.open({ enc, ct }, stanza).catch(() => null)
}
