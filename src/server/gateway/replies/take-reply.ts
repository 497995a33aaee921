import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Address } from '../../../core/address/address.ts'
import type { Verify } from '../../../core/envelope/record.ts'
import {
  HAND_OVER_SIGNATURE_BYTES,
  handedOverSignatureInput,
} from '../../../core/reply/hand-over.ts'
import type { ReplyHead, ReplyKind } from '../../../core/reply/reply-head.ts'
import type { TakeAllowance } from '../../identity/rate-limiter.ts'
import type { DeliveredHalfStore } from '../../store/store.ts'
import { readAnsweredMessage } from './answered-message.ts'
import type { AnsweredMessage, AnsweredMessageNeeds } from './answered-message.ts'
import type { HandOverSource } from './hand-over-source.ts'
import type { ReplyLimits } from './limits.ts'
import { mayWriteTo } from './may-write-to.ts'
import { openReply } from './open-reply.ts'
import type { OpenedReply } from './open-reply.ts'
import type { Places } from './places.ts'
import { readVerifiedHandOver } from './read-hand-over.ts'
import type { VerifiedHandOver } from './read-hand-over.ts'
import { deliverReply } from './reply-delivery.ts'
import type { DeliveredReply, ReplyDeliveryNeeds } from './reply-delivery.ts'
import { ReplyRefusal } from './reply-refusal.ts'
import { Submission } from './submission.ts'
import type { Claim } from './submission.ts'

export interface TakeReplyNeeds extends AnsweredMessageNeeds, ReplyDeliveryNeeds {
  /** Checks what the portal signs that this gateway trusts. */
  readonly portalVerifier: () => Promise<Verify>
  /** The age identity for a reply recipient of ours; undefined when it is not ours. */
  readonly replyIdentity: (recipient: string) => Promise<string | undefined>
  readonly deliveries: DeliveredHalfStore
  readonly take: TakeAllowance
  readonly places: Places
  readonly replyLimits: ReplyLimits
  /** Bytes of a reply file. */
  readonly maxFileBytes: number
  /** True for an address under a domain that is kept for writers outside. */
  readonly standsForAnother: (address: Address) => boolean
  readonly reportFault: (fault: unknown) => void
}

/** One that is delivered; by an earlier try when nobody got it now. */
export interface TakenReply extends DeliveredReply {
  readonly kind: ReplyKind
  readonly isRepeated: boolean
}

/** From the first byte of a hand-over to the final dots. docs/replies.md §4 @throws {ReplyRefusal} */
export async function takeReply(
  needs: TakeReplyNeeds,
  source: HandOverSource,
  ending: AbortSignal,
): Promise<TakenReply> {
  const handOver = await readVerifiedHandOver(needs, source)
  if (handOver.head.bytes > needs.maxFileBytes) throw new ReplyRefusal('too-large')
  const answered = await readAnsweredMessage(needs, handOver)
  await takeAllowances(needs, handOver)
  const writer = `${answered.organisation.id} ${handOver.writer.address}`
  return needs.places.run(writer, source, ending, () =>
    takeAnswer({ ...needs, ending }, source, handOver, answered),
  )
}

/** Attack: a mail bomb to the people of a conversation. */
async function takeAllowances(
  { take }: TakeReplyNeeds,
  { head, writer }: VerifiedHandOver,
): Promise<void> {
  for (const [name, subject] of [
    ['reply-writer', `${head.organisationId} ${writer.address}`],
    ['reply-organisation', head.organisationId],
  ] as const) {
    const taken = await take(name, subject)
    if (taken.allowed) continue
    const { retryAfterSeconds } = taken
    throw new ReplyRefusal('rate-limited', { retryAfterSeconds })
  }
}

async function takeAnswer(
  needs: TakeReplyNeeds & { readonly ending: AbortSignal },
  source: HandOverSource,
  handOver: VerifiedHandOver,
  answered: AnsweredMessage,
): Promise<TakenReply> {
  const hash = createHash('sha256').update(handOver.headBytes)
  const opened = await open(needs, source, handOver, answered, hash)
  const { head } = opened
  checkBelongs(head, handOver, answered)
  checkRecipients(needs, head, answered)
  const submission = submissionOf(needs, answered, head)
  const checkEnd = (): Promise<void> => checkSignature(needs, source, hash)
  const claim = await claimOf(needs, submission)
  if (claim === 'delivered') {
    await readToTheEnd(opened, checkEnd)
    return { kind: head.kind, isRepeated: true, plainRecipients: 0, sealedRecipients: 0 }
  }
  try {
    const { writer } = handOver
    const reply = {
      answered,
      writer,
      opened,
      submission,
      checkEnd: () => checkAll(checkEnd, claim),
    }
    const delivered = await deliverReply(needs, reply)
    await submission.setDelivered().catch(needs.reportFault)
    return { kind: head.kind, isRepeated: false, ...delivered }
  } finally {
    await claim.end().catch(needs.reportFault)
  }

  /** A final dot may take long: the claim is prolonged until then, by a gateway that lives. */
  async function checkAll(check: () => Promise<void>, held: Claim): Promise<void> {
    await check()
    if (!(await held.keep(needs.replyLimits.claimMs)))
      throw new ReplyRefusal('replies-unavailable', { reason: 'claim-lost' })
  }
}

async function open(
  needs: TakeReplyNeeds,
  source: HandOverSource,
  { head: { bytes } }: VerifiedHandOver,
  { policy }: AnsweredMessage,
  hash: Hash,
): Promise<OpenedReply> {
  const identity = await needs.replyIdentity(policy.replyRecipient)
  if (identity === undefined) throw new ReplyRefusal('bad-reply', { reason: 'reply-key' })
  const { ageHeaderBytes } = needs.replyLimits
  return openReply({ pieces: hashed(source.pieces(bytes), hash), bytes, identity, ageHeaderBytes })
}

async function* hashed(
  pieces: AsyncIterable<Uint8Array>,
  hash: Hash,
): AsyncGenerator<Uint8Array, undefined> {
  for await (const piece of pieces) {
    hash.update(piece)
    yield piece
  }
}

/** Attack: another's sealed reply, submitted as one's own; a reply to one message, submitted for another. */
function checkBelongs(
  head: ReplyHead,
  { writer }: VerifiedHandOver,
  { policy }: AnsweredMessage,
): void {
  if (head.writer !== writer.address) throw new ReplyRefusal('not-the-writer')
  if (head.messageId !== policy.messageId || head.conversationId !== policy.conversationId)
    throw new ReplyRefusal('bad-reply', { reason: 'record' })
}

function checkRecipients(
  { standsForAnother }: TakeReplyNeeds,
  head: ReplyHead,
  { policy }: AnsweredMessage,
): void {
  const verdict = mayWriteTo({ policy, head, writer: head.writer, standsForAnother })
  if (verdict.allowed) return
  const { code } = verdict
  throw new ReplyRefusal(code, 'recipients' in verdict ? { recipients: verdict.recipients } : {})
}

function submissionOf(
  { deliveries, mac, clock, replyLimits }: TakeReplyNeeds,
  { organisation, policy }: AnsweredMessage,
  { writer, submissionId }: ReplyHead,
): Submission {
  const needs = { deliveries, mac, clock, claimMs: replyLimits.claimMs }
  const { messageId } = policy
  return new Submission(needs, { organisationId: organisation.id, writer, messageId, submissionId })
}

/** Of the same submission, handed over several times at once, here or elsewhere, one is delivered. */
async function claimOf(
  {
    replyLimits: { sameMs, sameEveryMs },
    ending,
  }: { readonly replyLimits: ReplyLimits; readonly ending: AbortSignal },
  submission: Submission,
): Promise<Claim | 'delivered'> {
  const untilMs = performance.now() + sameMs
  for (;;) {
    const claim = await submission.claim()
    if (await submission.isDelivered()) {
      await claim?.end()
      return 'delivered'
    }
    if (claim !== undefined) return claim
    if (ending.aborted || performance.now() >= untilMs)
      throw new ReplyRefusal('replies-unavailable', { reason: 'claimed' })
    await delay(sameEveryMs)
  }
}

async function readToTheEnd({ parts }: OpenedReply, checkEnd: () => Promise<void>): Promise<void> {
  for await (const _ of parts);
  await checkEnd()
}

/** The second signature: the portal has passed on all of it, and it is what has come. */
async function checkSignature(
  { portalVerifier }: TakeReplyNeeds,
  source: HandOverSource,
  hash: Hash,
): Promise<void> {
  const signature = await source.take(HAND_OVER_SIGNATURE_BYTES)
  await source.end()
  const verify = await portalVerifier()
  if (!verify(handedOverSignatureInput(hash.digest()), signature))
    throw new ReplyRefusal('replies-unavailable', { reason: 'second-signature' })
}
