import { parseAddress } from '../../../core/address/address.ts'
import type { Verify } from '../../../core/envelope/record.ts'
import {
  HAND_OVER_SIGNATURE_BYTES,
  handOverSignatureInput,
  readHandOver,
} from '../../../core/reply/hand-over.ts'
import type { HandOver } from '../../../core/reply/hand-over.ts'
import { HAND_OVER_MS, MAX_HAND_OVER_HEAD_BYTES } from '../../../core/reply/limits.ts'
import type { HandOverSource } from './hand-over-source.ts'
import type { VerifiedWriter } from './reply-mail.ts'
import { ReplyRefusal } from './reply-refusal.ts'

/** The beginning of a hand-over, once it is known that the portal said it, and just now. */
export interface VerifiedHandOver {
  readonly head: HandOver
  readonly writer: VerifiedWriter
  /** The head as it came: the second signature covers it too. */
  readonly headBytes: Buffer
  /** The answered message's padded sealed record. */
  readonly record: Uint8Array
}

export interface ReadHandOverNeeds {
  readonly portalVerifier: () => Promise<Verify>
  readonly clock: () => number
}

/** Checks the first signature before anything else is done. docs/replies.md §3 @throws {ReplyRefusal} */
export async function readVerifiedHandOver(
  needs: ReadHandOverNeeds,
  source: HandOverSource,
): Promise<VerifiedHandOver> {
  const length = (await source.take(4)).readUInt32BE()
  if (length > MAX_HAND_OVER_HEAD_BYTES) throw new ReplyRefusal('bad-request', { reason: 'head' })
  const headBytes = await source.take(length)
  const signature = await source.take(HAND_OVER_SIGNATURE_BYTES)
  const verify = await needs.portalVerifier()
  if (!verify(handOverSignatureInput(headBytes), signature))
    throw new ReplyRefusal('replies-unavailable', { reason: 'signature' })
  const head = readHandOver(headBytes)
  if (head === null) throw new ReplyRefusal('bad-request', { reason: 'head' })
  checkFreshness(head, needs.clock())
  return { head, writer: writerOf(head), headBytes, record: Buffer.from(head.record, 'base64') }
}

/** Attack: a hand-over that was recorded. */
function checkFreshness({ atMs, writer }: HandOver, nowMs: number): void {
  const isFresh = Math.abs(nowMs - atMs) <= HAND_OVER_MS
  if (!isFresh || writer.provenAtMs > atMs + HAND_OVER_MS)
    throw new ReplyRefusal('replies-unavailable', { reason: 'clock' })
}

function writerOf({ writer }: HandOver): VerifiedWriter {
  const address = parseAddress(writer.address)
  if (address === null || address !== writer.address)
    throw new ReplyRefusal('bad-request', { reason: 'head' })
  return { ...writer, address }
}
