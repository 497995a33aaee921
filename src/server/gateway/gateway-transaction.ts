import { parseAddress } from '../../core/address/address.ts'
import type { Address } from '../../core/address/address.ts'
import type { SealingMaterial } from '../../core/envelope/seal.ts'
import type { Policy } from '../../core/policy/policy.ts'
import type { Config, OrganisationConfig } from '../config/schema.ts'
import type { TakeAllowance } from '../identity/rate-limiter.ts'
import type { DeliveredHalfStore, JournalStore } from '../store/store.ts'
import { decide } from './decide.ts'
import type { Decision, Rules } from './decide.ts'
import { DeliveredHalves } from './delivered-halves.ts'
import { concludeDelivery, deliver } from './delivery.ts'
import type { SealedStream } from './delivery.ts'
import { failureOf } from './failure-of.ts'
import { readHeaderBlock } from './header-block.ts'
import type { HeaderBlock } from './header-block.ts'
import { readHeaderFields, removeFields } from './header-fields.ts'
import { maxRecipientBytes } from './limits.ts'
import type { GatewayLimits } from './limits.ts'
import { checkLoopMark } from './loop-mark.ts'
import { MailFacts } from './mail-facts.ts'
import type { MailOutcome, OutcomeReason } from './mail-outcome.ts'
import type { Mac } from './message-ids.ts'
import { expiryOf, makePolicy } from './message-policy.ts'
import { namesARoute } from './names-a-route.ts'
import { Half } from './next-hop/half.ts'
import type { NextHop } from './next-hop/next-hop.ts'
import type { Notice } from './notice.ts'
import type { AliasTarget } from './replies/alias-target.ts'
import { passReportOn } from './replies/pass-report-on.ts'
import { isDeliveryReport } from './replies/read-delivery-report.ts'
import { refusalOf } from './refusal-of.ts'
import { startSealedStream } from './sealed-stream.ts'
import type { SealInThread } from './sealed-stream.ts'
import { readSmallBody } from './small-body.ts'
import type { SmallBody } from './small-body.ts'
import type { MailCommand, RcptCommand } from './smtp/command.ts'
import type { MailSource } from './smtp/mail-source.ts'
import { isSuccess, replies } from './smtp/reply.ts'
import type { Reply } from './smtp/reply.ts'
import type { Client, MailTransaction } from './smtp/transaction.ts'

export type MaterialFor = (
  organisationId: string,
  expiresAtMs: number | null,
  nowMs: number,
) => Promise<SealingMaterial>

export interface TransactionNeeds extends SealInThread {
  readonly rules: Rules
  readonly defaults: Config['policy']['default']
  readonly nextHop: NextHop
  readonly limits: GatewayLimits
  readonly materialFor: MaterialFor
  readonly mac: Mac
  readonly noticeOf: (organisation: OrganisationConfig) => Notice
  /** Null: the journal is off. */
  readonly journal: Pick<JournalStore, 'record'> | null
  readonly deliveries: DeliveredHalfStore
  readonly take: TakeAllowance
  readonly clock: () => number
  readonly report: (outcome: MailOutcome) => void
}

type Allowed = Extract<Decision, { allowed: true }>

interface Opened {
  readonly block: HeaderBlock
  readonly facts: MailFacts
  readonly decision: Allowed
}

/** Says that what somebody outside wrote did not arrive. */
interface OpenedReport {
  readonly block: HeaderBlock
  readonly facts: MailFacts
  readonly target: AliasTarget
}

const outside = ''

/** A recipient of the policy as JSON, and a comma. */
function recordBytesOf(address: Address): number {
  return Buffer.byteLength(JSON.stringify({ address, listed: false })) + 1
}

/** One mail on its way from the client to the next hop. */
export class GatewayTransaction implements MailTransaction {
  readonly #needs: TransactionNeeds
  readonly #mail: MailCommand
  readonly #client: Client
  /** By the organisation of the recipients; `outside` for those of none. */
  readonly #halves = new Map<string, Half>()
  /** Accepted addresses that stand for people outside. */
  readonly #aliases = new Map<Address, AliasTarget>()
  /** What the accepted recipients take in a sealed record. */
  #recordBytes = 0
  #sealedRecipients = 0
  #plainRecipients = 0
  /** Of `performance.now()`: when the next hop began to get final dots. */
  #finalDotsAtMs: number | undefined

  constructor(needs: TransactionNeeds, mail: MailCommand, client: Client) {
    this.#needs = needs
    this.#mail = mail
    this.#client = client
  }

  async recipient(command: RcptCommand): Promise<Reply> {
    const address = parseAddress(command.path)
    if (address === null) return replies.badAddress
    const target = this.#needs.rules.aliasOf(address)
    if (target === 'unknown') return replies.unknownAlias
    // RFC 5321 §4.5.5: what has the null sender has one recipient; so the notice on a report has.
    const isAlone = this.#mail.path === '' && (this.#aliases.size > 0 || target !== undefined)
    if (isAlone && this.#halves.size > 0) return replies.tooManyRecipients
    if (target === undefined) return this.#accept(command, address)
    const { writer } = target
    const isNamed = this.#halfFor(writer).recipients.includes(writer)
    const answer = isNamed
      ? replies.recipientOk
      : await this.#accept({ ...command, path: writer }, writer)
    if (isSuccess(answer)) this.#aliases.set(address, target)
    return answer
  }

  async #accept(command: RcptCommand, address: Address): Promise<Reply> {
    const bytes = recordBytesOf(address)
    if (this.#recordBytes + bytes > maxRecipientBytes) return replies.tooManyRecipients
    const answer = await this.#halfFor(address).add(command, address)
    if (isSuccess(answer)) this.#recordBytes += bytes
    return answer
  }

  async deliver(source: MailSource): Promise<Reply> {
    try {
      return await this.#deliver(source)
    } catch (error) {
      this.abandon()
      const { answer, result, reason, fault } = failureOf(error)
      this.#report(source, result, reason, answer, fault)
      return answer
    }
  }

  abandon(): void {
    for (const half of this.#halves.values()) half.abandon()
  }

  clientLeft(): void {
    if (this.#finalDotsAtMs === undefined) this.abandon()
  }

  #halfFor(address: Address): Half {
    const key = this.#homeOf(address)
    const known = this.#halves.get(key)
    if (known !== undefined) return known
    const { nextHop, limits } = this.#needs
    const half = new Half({
      nextHop,
      limits,
      mail: this.#mail,
      probablySealed: key === outside,
      bouncesHeadersOnly: key !== outside && this.#bouncesLeave(key),
    })
    this.#halves.set(key, half)
    return half
  }

  /** Attack: an address inside that leads outside. */
  #homeOf(address: Address): string {
    if (namesARoute(address)) return outside
    return this.#needs.rules.organisationOf(address)?.id ?? outside
  }

  /** Attack: MAIL FROM outside, so that a bounce carries the original there. The null sender gets none. */
  #bouncesLeave(key: string): boolean {
    const { path } = this.#mail
    if (path === '') return false
    const sender = parseAddress(path)
    return sender === null || this.#homeOf(sender) !== key
  }

  async #deliver(source: MailSource): Promise<Reply> {
    const opened = await this.#open(source)
    if ('code' in opened) {
      await this.#reset(this.#halves.values())
      return opened
    }
    if ('target' in opened) return this.#done(source, await this.#passReportOn(source, opened))
    const { fresh, isRetry } = await this.#freshHalves(opened)
    if (fresh.length === 0) return this.#done(source, isRetry ? replies.ok : replies.noRecipients)
    const outcome = await this.#stream(source, opened, fresh)
    if (outcome.kind === 'refused') {
      this.abandon()
      return this.#done(source, outcome.reply)
    }
    const { reply, finished } = concludeDelivery(outcome.answers)
    const isUnheard = isSuccess(reply) && this.#mayBeUnheard(source)
    const fault = await this.#remember(opened, isUnheard ? fresh : finished)
    return this.#done(source, reply, fault)
  }

  /** The header block and the decision; a reply when the mail goes no further. */
  async #open(source: MailSource): Promise<Opened | OpenedReport | Reply> {
    const { limits, rules, mac } = this.#needs
    const block = await readHeaderBlock(source, limits.headerBytes)
    if (block === 'too-large') return this.#refuse(source, replies.headerTooLarge, 'header-size')
    const fields = readHeaderFields(block.header)
    if (fields.length > limits.headerFields)
      return this.#refuse(source, replies.headerTooLarge, 'header-fields')
    const facts = new MailFacts(fields)
    const hops = facts.values('received').length
    const isLoop = hops > limits.receivedFields || checkLoopMark(mac, fields) === 'valid'
    if (isLoop) return this.#refuse(source, replies.loop, 'loop')
    const [target] = this.#aliases.values()
    if (target !== undefined && this.#mail.path === '' && isDeliveryReport(facts))
      return { block, facts, target }
    const incoming = { facts, client: this.#client, writesToAlias: target !== undefined }
    const decision = decide(rules, incoming)
    if (!decision.allowed) return this.#refuse(source, refusalOf(decision.reason), decision.reason)
    // Never an open relay: an address of one organisation is of no use to another.
    const own = [...this.#aliases.values()].every(
      each => each.organisation === decision.organisation,
    )
    if (!own) return this.#refuse(source, replies.unknownAlias, 'not-allowed-from')
    return { block, facts, decision }
  }

  async #passReportOn(source: MailSource, { block, facts, target }: OpenedReport): Promise<Reply> {
    const half = this.#halfFor(target.writer)
    return passReportOn(this.#needs, { facts, rest: block.rest, source, target, half })
  }

  /** The halves that are to be delivered now: a retry leaves out what was finished before. */
  async #freshHalves(
    opened: Opened,
  ): Promise<{ readonly fresh: readonly Half[]; readonly isRetry: boolean }> {
    const fresh: Half[] = []
    const stale: Half[] = []
    let isRetry = false
    const delivered = this.#deliveredOf(opened)
    for (const half of this.#halves.values()) {
      const { recipients } = half
      const isFinished = recipients.length > 0 && (await delivered.has(recipients))
      isRetry ||= isFinished
      ;(recipients.length > 0 && !isFinished ? fresh : stale).push(half)
    }
    await this.#reset(stale)
    return { fresh, isRetry }
  }

  #deliveredOf({ facts, decision }: Opened): DeliveredHalves {
    return new DeliveredHalves(this.#needs, {
      facts,
      sender: decision.sender.address,
      envelopeSender: this.#mail.path,
      user: this.#client.user,
    })
  }

  /** RFC 1047: a client that has left, or has lost its patience, sends again what was delivered. */
  #mayBeUnheard(source: MailSource): boolean {
    const tookMs = performance.now() - (this.#finalDotsAtMs ?? 0)
    return source.clientHasEnded || tookMs > this.#needs.limits.patienceMs
  }

  /** @returns why it could not: the mail is delivered all the same, and the client hears so */
  async #remember(opened: Opened, finished: readonly Half[]): Promise<unknown> {
    const delivered = this.#deliveredOf(opened)
    try {
      for (const half of finished) await delivered.add(half.recipients)
    } catch (fault) {
      return fault
    }
    return undefined
  }

  async #stream(source: MailSource, opened: Opened, halves: readonly Half[]) {
    const { block, decision } = opened
    const sealed = halves.filter(half => this.#isSealed(decision, half))
    const plain = halves.filter(half => !sealed.includes(half))
    const recipients = [...new Set(sealed.flatMap(half => half.recipients))]
    this.#sealedRecipients = recipients.length
    this.#plainRecipients = plain.flatMap(half => half.recipients).length
    const sealedHeader = removeFields(block.header, this.#unsealedFields())
    const body =
      sealed.length > 0
        ? await readSmallBody(source, block.rest)
        : { begun: block.rest, isWhole: false }
    let policy: Policy | undefined
    return deliver({
      plain,
      sealed,
      header: block.header,
      sealedHeader,
      rest: body.begun,
      source,
      seal: async () => {
        const { stream, policy: made } = await this.#seal(opened, recipients, sealedHeader, body)
        policy = made
        return stream
      },
      beforeFinalDot: async () => {
        if (policy !== undefined) await this.#writeJournal(policy)
        this.#finalDotsAtMs = performance.now()
      },
    })
  }

  /** What is not for the people outside. envelope.md §5: what is submitted with AUTH loses its Bcc. */
  #unsealedFields(): readonly string[] {
    const { tenantFields } = this.#needs.rules.membership
    return this.#client.user === undefined ? tenantFields : ['Bcc', 'Resent-Bcc', ...tenantFields]
  }

  #isSealed(decision: Allowed, half: Half): boolean {
    if (decision.sealed !== 'outside') return decision.sealed === 'all'
    return this.#halves.get(decision.organisation.id) !== half
  }

  async #seal(
    { facts, decision }: Opened,
    recipients: readonly Address[],
    header: Uint8Array,
    body: SmallBody,
  ): Promise<{ readonly stream: SealedStream; readonly policy: Policy }> {
    const { mac, clock, defaults, materialFor, noticeOf } = this.#needs
    const { organisation, sender } = decision
    const nowMs = clock()
    const material = await materialFor(organisation.id, expiryOf(defaults.expires, nowMs), nowMs)
    const policy = makePolicy({
      facts,
      organisation,
      sender,
      recipients,
      writers: new Map([...this.#aliases].map(([alias, { writer }]) => [alias, writer])),
      permissions: decision.permissions,
      conversationId: decision.conversationId,
      defaults,
      replyRecipient: material.replyRecipient,
      mac,
      nowMs,
    })
    const notice = noticeOf(organisation)
    const request = { header, policy, material, notice, mac, nowMs }
    return { stream: await startSealedStream(this.#needs, request, body, this.#mail.size), policy }
  }

  async #writeJournal(policy: Policy): Promise<void> {
    await this.#needs.journal?.record({
      messageId: policy.messageId,
      organisationId: policy.organisationId,
      sender: policy.sender,
      recipients: policy.recipients.map(recipient => recipient.address),
      createdAtMs: policy.createdAtMs,
      expiresAtMs: policy.expiresAtMs,
      template: policy.template,
    })
  }

  async #reset(halves: Iterable<Half>): Promise<void> {
    await Promise.all([...halves].map(half => half.reset()))
  }

  #refuse(source: MailSource, answer: Reply, reason: OutcomeReason): Reply {
    this.#report(source, 'refused', reason, answer)
    return answer
  }

  #done(source: MailSource, answer: Reply, fault?: unknown): Reply {
    const isHalf = answer === replies.halfDelivered
    this.#report(
      source,
      isSuccess(answer) ? 'delivered' : isHalf ? 'half' : 'failed',
      'answered',
      answer,
      fault,
    )
    return answer
  }

  #report(
    source: MailSource,
    result: MailOutcome['result'],
    reason: OutcomeReason,
    answer: Reply,
    fault?: unknown,
  ): void {
    this.#needs.report({
      result,
      reason,
      code: answer.code,
      bytes: source.bytes,
      sealedRecipients: this.#sealedRecipients,
      plainRecipients: this.#plainRecipients,
      ...(fault === undefined ? {} : { fault }),
    })
  }
}
