import type { Address } from '../../../core/address/address.ts'
import type { PolicyRecipient } from '../../../core/policy/policy.ts'
import type { ReplyHead } from '../../../core/reply/reply-head.ts'
import type { Config, OrganisationConfig } from '../../config/schema.ts'
import type { AuditStore, JournalStore } from '../../store/store.ts'
import { deliver } from '../delivery.ts'
import type { SealedStream } from '../delivery.ts'
import type { MaterialFor } from '../gateway-transaction.ts'
import { preparedHereBytes } from '../limits.ts'
import type { GatewayLimits } from '../limits.ts'
import type { Mac } from '../message-ids.ts'
import type { NextHop } from '../next-hop/next-hop.ts'
import type { Notice } from '../notice.ts'
import { startSealedMail } from '../seal-mail.ts'
import type { PrepareMail } from '../seal-mail.ts'
import type { AnsweredMessage } from './answered-message.ts'
import type { OpenedReply } from './open-reply.ts'
import { ReplyHalf } from './reply-half.ts'
import { startReplyMail } from './reply-mail.ts'
import type { ReplyMail, VerifiedWriter } from './reply-mail.ts'
import { outsideRecipients, replyExpiry, replyPolicy } from './reply-policy.ts'
import { ReplyRefusal } from './reply-refusal.ts'
import { failureOfReply, refusalAtData, refusalOfAnswers } from './smtp-refusal.ts'
import type { Submission } from './submission.ts'
import { leadsBack, writerAddress } from './writer-address.ts'

export interface ReplyDeliveryNeeds {
  readonly nextHop: NextHop
  readonly limits: GatewayLimits
  readonly defaults: Config['policy']['default']
  readonly materialFor: MaterialFor
  readonly mac: Mac
  readonly prepareMail: PrepareMail
  readonly noticeOf: (organisation: OrganisationConfig) => Notice
  /** True for an address of this organisation that leads nowhere else: it gets an ordinary mail. */
  readonly isInside: (address: Address, organisation: OrganisationConfig) => boolean
  /** Null: the journal, the audit are off. */
  readonly journal: Pick<JournalStore, 'record'> | null
  readonly audit: Pick<AuditStore, 'append'> | null
  readonly random: (bytes: number) => Uint8Array
  readonly clock: () => number
}

/** A reply that may be sent. */
export interface ReplyToDeliver {
  readonly answered: AnsweredMessage
  readonly writer: VerifiedWriter
  readonly opened: OpenedReply
  readonly submission: Submission
  /** Once all of it has come, before anything is written down or delivered. @throws {ReplyRefusal} */
  readonly checkEnd: () => Promise<void>
}

/** How many got it now: as an ordinary mail, and sealed. */
export interface DeliveredReply {
  readonly plainRecipients: number
  readonly sealedRecipients: number
}

/** Everybody who is written to. */
interface People {
  readonly inside: readonly Address[]
  readonly outside: readonly PolicyRecipient[]
}

/**
 * Asks for every recipient, streams, and sends the final dots when all is known to be as it must. Nobody gets anything
 * when one recipient is refused. What was delivered by an earlier try is left out. docs/replies.md §4
 * @throws {ReplyRefusal} and what a fault of ours throws; nothing was delivered then, unless it says `half`
 */
export async function deliverReply(
  needs: ReplyDeliveryNeeds & { readonly ending: AbortSignal },
  reply: ReplyToDeliver,
): Promise<DeliveredReply> {
  const people = peopleOf(needs, reply)
  const mail = startMail(needs, reply)
  const halves = await freshHalves(needs, reply, people, mail)
  const abandon = (): void => {
    for (const { half } of halves) half.abandon()
  }
  needs.ending.addEventListener('abort', abandon)
  try {
    needs.ending.throwIfAborted()
    await askAll(halves, reply.opened.head)
    await stream(needs, reply, people, mail, halves)
  } catch (error) {
    abandon()
    throw failureOfReply(error)
  } finally {
    needs.ending.removeEventListener('abort', abandon)
  }
  const count = (kind: ReplyHalf['kind']): number =>
    halves.find(half => half.kind === kind)?.people.length ?? 0
  return { plainRecipients: count('inside'), sealedRecipients: count('outside') }
}

function peopleOf(needs: ReplyDeliveryNeeds, { answered, opened }: ReplyToDeliver): People {
  const { head } = opened
  const people = [...head.to, ...head.cc]
  const isInside = (address: Address): boolean => needs.isInside(address, answered.organisation)
  const outside = people.filter(address => !isInside(address))
  return {
    inside: people.filter(isInside),
    outside: outsideRecipients(outside, head, people.includes(head.writer)),
  }
}

function startMail(
  { mac, clock, random }: ReplyDeliveryNeeds,
  { opened, writer, answered }: ReplyToDeliver,
): ReplyMail {
  const { organisation } = answered
  return startReplyMail({ head: opened.head, writer, organisation, mac, nowMs: clock(), random })
}

/** Those that no earlier try has delivered. */
async function freshHalves(
  needs: ReplyDeliveryNeeds,
  { answered, writer, submission }: ReplyToDeliver,
  { inside, outside }: People,
  mail: ReplyMail,
): Promise<readonly ReplyHalf[]> {
  const alias = writerAddress(needs.mac, writer.address, answered.organisation)
  const path = leadsBack(alias) ? alias : ''
  const halves: ReplyHalf[] = []
  for (const [kind, people] of [
    ['inside', inside],
    ['outside', outside.map(({ address }) => address)],
  ] as const) {
    if (people.length === 0 || (await submission.hasGone(kind, people))) continue
    halves.push(new ReplyHalf(needs, { kind, people, path, mail }))
  }
  return halves
}

/** @throws {ReplyRefusal} for one recipient that is refused */
async function askAll(halves: readonly ReplyHalf[], head: ReplyHead): Promise<void> {
  const answers = await Promise.all(halves.map(half => half.ask()))
  const refusal = refusalOfAnswers(answers.flat(), [...head.to, ...head.cc])
  if (refusal === undefined) return
  await Promise.all(halves.map(({ half }) => half.reset()))
  throw refusal
}

async function stream(
  needs: ReplyDeliveryNeeds,
  reply: ReplyToDeliver,
  people: People,
  mail: ReplyMail,
  halves: readonly ReplyHalf[],
): Promise<void> {
  if (halves.length === 0) return readToTheEnd(reply)
  const of = (kind: ReplyHalf['kind']) => halves.filter(half => half.kind === kind)
  let record = (): Promise<void> => Promise.resolve()
  const outcome = await deliver({
    plain: of('inside').map(({ half }) => half),
    sealed: of('outside').map(({ half }) => half),
    header: asBuffer(mail.header),
    sealedHeader: mail.header,
    rest: Buffer.alloc(0),
    source: mailSource(mail, reply.opened),
    seal: async () => {
      const sealed = await seal(needs, reply, people, mail)
      record = sealed.record
      return sealed.stream
    },
    beforeFinalDot: async () => {
      await reply.checkEnd()
      await record()
      await writeAudit(needs, reply)
    },
  })
  const positions = [...reply.opened.head.to, ...reply.opened.head.cc]
  if (outcome.kind === 'refused')
    throw refusalAtData(
      outcome.reply,
      halves.flatMap(half => half.people),
      positions,
    )
  await conclude(reply, halves, outcome.answers, positions)
}

/** All was delivered by earlier tries: what is asked now is answered, as far as it is genuine. */
async function readToTheEnd({ opened, checkEnd }: ReplyToDeliver): Promise<void> {
  for await (const _ of opened.parts);
  await checkEnd()
}

/** The mail's bytes behind its header. */
function mailSource(
  mail: ReplyMail,
  { parts }: OpenedReply,
): { readonly next: () => Promise<Buffer | null> } {
  const bytes = mailBytes(mail, parts)
  return {
    next: async () => {
      const { done, value } = await bytes.next()
      return done === true ? null : asBuffer(value)
    },
  }
}

async function* mailBytes(
  mail: ReplyMail,
  parts: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, undefined> {
  for await (const piece of parts) yield* mail.push(piece)
  yield* mail.finish()
}

async function seal(
  needs: ReplyDeliveryNeeds,
  { answered, writer, opened }: ReplyToDeliver,
  { inside, outside }: People,
  mail: ReplyMail,
): Promise<{ readonly stream: SealedStream; readonly record: () => Promise<void> }> {
  const { mac, defaults, materialFor, noticeOf, prepareMail, journal } = needs
  const { organisation } = answered
  const nowMs = needs.clock()
  const expiresAtMs = replyExpiry(defaults, opened.head, answered, nowMs)
  const material = await materialFor(organisation.id, expiresAtMs, nowMs)
  const { replyRecipient } = material
  const alias = writerAddress(mac, writer.address, organisation)
  const { header } = mail
  const { head } = opened
  const about = { answered, head, writer, alias, header, inside, outside, expiresAtMs, mac, nowMs }
  const policy = replyPolicy({ ...about, replyRecipient })
  const request = { header, policy, material, notice: noticeOf(organisation), mac, nowMs }
  const isLarge = mail.contentBytes > preparedHereBytes
  const stream = await startSealedMail(request, isLarge ? undefined : prepareMail)
  const entry = {
    messageId: policy.messageId,
    organisationId: policy.organisationId,
    // The person, not the address that stands for them: what is stored is found by it.
    sender: writer.address,
    recipients: outside.map(({ address }) => address),
    createdAtMs: policy.createdAtMs,
    expiresAtMs: policy.expiresAtMs,
    template: policy.template,
  }
  return { stream, record: async () => journal?.record(entry) }
}

async function writeAudit(
  { audit, clock }: ReplyDeliveryNeeds,
  { answered, writer, opened }: ReplyToDeliver,
): Promise<void> {
  await audit?.append({
    organisationId: answered.organisation.id,
    messageId: answered.policy.messageId,
    event: opened.head.kind === 'forward' ? 'forwarded' : 'replied',
    recipient: writer.address,
    method: writer.method,
    assurance: writer.assurance,
    atMs: clock(),
  })
}

/** @throws {ReplyRefusal} when a half was refused at its final dot; the other one is remembered */
async function conclude(
  { submission }: ReplyToDeliver,
  halves: readonly ReplyHalf[],
  answers: Parameters<typeof ReplyHalf.split>[1],
  positions: readonly Address[],
): Promise<void> {
  const { gone, failed } = ReplyHalf.split(halves, answers)
  const [first] = failed
  if (first === undefined) return
  for (const { kind, people } of gone) await submission.setGone(kind, people)
  const refusal = refusalAtData(first.answer, first.half.people, positions)
  throw gone.length === 0
    ? refusal
    : new ReplyRefusal(refusal.code, { ...refusal.extras, reason: 'half' })
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
