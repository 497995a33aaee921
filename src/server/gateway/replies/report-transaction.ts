import { parseAddress } from '../../../core/address/address.ts'
import { failureOf } from '../failure-of.ts'
import { readHeaderBlock } from '../header-block.ts'
import { readHeaderFields } from '../header-fields.ts'
import type { GatewayLimits } from '../limits.ts'
import { checkLoopMark } from '../loop-mark.ts'
import { MailFacts } from '../mail-facts.ts'
import type { MailOutcome, OutcomeReason } from '../mail-outcome.ts'
import { Half } from '../next-hop/half.ts'
import type { NextHop } from '../next-hop/next-hop.ts'
import type { MailCommand, RcptCommand } from '../smtp/command.ts'
import type { MailSource } from '../smtp/mail-source.ts'
import { isSuccess, replies } from '../smtp/reply.ts'
import type { Reply } from '../smtp/reply.ts'
import type { MailTransaction } from '../smtp/transaction.ts'
import type { AliasTarget, ResolveAlias } from './alias-target.ts'
import { passReportOn } from './pass-report-on.ts'
import type { ReportNeeds } from './pass-report-on.ts'
import { isDeliveryReport } from './read-delivery-report.ts'

export interface ReportTransactionNeeds extends ReportNeeds {
  readonly aliasOf: ResolveAlias
  readonly nextHop: NextHop
  readonly limits: GatewayLimits
  readonly report: (outcome: MailOutcome) => void
}

/**
 * One mail that came in from outside for an address under a reply domain: only a delivery report is taken. Attack: a mail
 * from outside that says it is from inside, and would be sealed in the organisation's name.
 */
export class ReportTransaction implements MailTransaction {
  readonly #needs: ReportTransactionNeeds
  readonly #mail: MailCommand
  #target: AliasTarget | undefined
  #half: Half | undefined

  constructor(needs: ReportTransactionNeeds, mail: MailCommand) {
    this.#needs = needs
    this.#mail = mail
  }

  /** Whatever the sender is: a mail server that asks whether an address is there uses one of its own. */
  async recipient(command: RcptCommand): Promise<Reply> {
    const address = parseAddress(command.path)
    if (address === null) return replies.badAddress
    const target = this.#needs.aliasOf(address)
    if (target === undefined) return replies.reportsOnly
    if (target === 'unknown') return replies.unknownAlias
    if (this.#half !== undefined) return replies.tooManyRecipients
    const { nextHop, limits } = this.#needs
    const half = new Half({
      nextHop,
      limits,
      mail: this.#mail,
      probablySealed: false,
      bouncesHeadersOnly: false,
    })
    const answer = await half.add({ ...command, path: target.writer }, target.writer)
    if (!isSuccess(answer)) return answer
    this.#half = half
    this.#target = target
    return answer
  }

  async deliver(source: MailSource): Promise<Reply> {
    try {
      return await this.#deliver(source)
    } catch (error) {
      this.abandon()
      const { answer, result, reason, fault } = failureOf(error)
      return this.#told(source, answer, result, reason, fault)
    }
  }

  abandon(): void {
    this.#half?.abandon()
  }

  clientLeft(): void {
    this.abandon()
  }

  async #deliver(source: MailSource): Promise<Reply> {
    const { limits, mac } = this.#needs
    const [half, target] = [this.#half, this.#target]
    if (half === undefined || target === undefined) return replies.noRecipients
    const block = await readHeaderBlock(source, limits.headerBytes)
    const fields = block === 'too-large' ? [] : readHeaderFields(block.header)
    if (block === 'too-large' || fields.length > limits.headerFields)
      return this.#refuse(source, half, replies.headerTooLarge, 'header-size')
    const facts = new MailFacts(fields)
    const hops = facts.values('received').length
    if (hops > limits.receivedFields || checkLoopMark(mac, fields) === 'valid')
      return this.#refuse(source, half, replies.loop, 'loop')
    if (this.#mail.path !== '' || !isDeliveryReport(facts))
      return this.#refuse(source, half, replies.reportsOnly, 'not-allowed-from')
    const coming = { facts, rest: block.rest, source, target, half }
    const answer = await passReportOn(this.#needs, coming)
    return this.#told(source, answer, isSuccess(answer) ? 'delivered' : 'failed', 'answered')
  }

  async #refuse(
    source: MailSource,
    half: Half,
    answer: Reply,
    reason: OutcomeReason,
  ): Promise<Reply> {
    await half.reset()
    return this.#told(source, answer, 'refused', reason)
  }

  #told(
    { bytes }: MailSource,
    answer: Reply,
    result: MailOutcome['result'],
    reason: OutcomeReason,
    fault?: unknown,
  ): Reply {
    const { code } = answer
    const outcome = { result, reason, code, bytes, sealedRecipients: 0, plainRecipients: 0 }
    this.#needs.report(fault === undefined ? outcome : { ...outcome, fault })
    return answer
  }
}
