import type { Address } from '../../../core/address/address.ts'
import { utf8 } from '../../../core/envelope/bytes.ts'
import type { DeliveredHalfStore } from '../../store/store.ts'
import { deliveredHalfMs } from '../limits.ts'
import type { Mac } from '../message-ids.ts'

export interface SubmissionNeeds {
  readonly deliveries: DeliveredHalfStore
  readonly mac: Mac
  readonly clock: () => number
  /** How long a claim holds before it is prolonged. */
  readonly claimMs: number
}

/** What makes a submission the same when it is handed over again. */
export interface SubmissionIdentity {
  readonly organisationId: string
  readonly writer: Address
  /** Of the message that is answered. */
  readonly messageId: string
  readonly submissionId: string
}

/** One submission: what of it was delivered, remembered for 5 days as keyed hashes. docs/replies.md §4 */
export class Submission {
  readonly #needs: SubmissionNeeds
  readonly #identity: SubmissionIdentity

  constructor(needs: SubmissionNeeds, identity: SubmissionIdentity) {
    this.#needs = needs
    this.#identity = identity
  }

  isDelivered(): Promise<boolean> {
    return this.#has(this.#hash('delivered', []))
  }

  async setDelivered(): Promise<void> {
    await this.#add(this.#hash('delivered', []))
  }

  /** True when exactly these people have got it as this kind of mail. */
  hasGone(kind: 'inside' | 'outside', people: readonly Address[]): Promise<boolean> {
    return this.#has(this.#hash(kind, people))
  }

  async setGone(kind: 'inside' | 'outside', people: readonly Address[]): Promise<void> {
    await this.#add(this.#hash(kind, people))
  }

  /** For whoever delivers it now, of all gateways; undefined while another one does. */
  claim(): Promise<Claim | undefined> {
    return Claim.take(this.#needs, this.#hash('claim', []))
  }

  #has(hash: Uint8Array): Promise<boolean> {
    return this.#needs.deliveries.has(hash, this.#needs.clock())
  }

  #add(hash: Uint8Array): Promise<void> {
    return this.#needs.deliveries.add(hash, this.#needs.clock() + deliveredHalfMs)
  }

  /** No part can hold NUL: ids have an alphabet, canonical addresses no control characters. */
  #hash(kind: string, people: readonly Address[]): Uint8Array {
    const { organisationId, writer, messageId, submissionId } = this.#identity
    const parts = ['zegel.v1 submission', kind, organisationId, writer, messageId, submissionId]
    return this.#needs.mac(utf8([...parts, ...people.toSorted()].join('\0')))
  }
}

/**
 * The right to deliver a submission. It is prolonged while the process lives, so that the claim of one that died ends
 * soon. Its end in the table tells whose it is: two claims never end at the same time.
 */
export class Claim {
  readonly #needs: SubmissionNeeds
  readonly #hash: Uint8Array
  #untilMs: number
  #isLost = false
  #last: Promise<unknown> = Promise.resolve()
  readonly #timer: NodeJS.Timeout

  private constructor(needs: SubmissionNeeds, hash: Uint8Array, untilMs: number) {
    this.#needs = needs
    this.#hash = hash
    this.#untilMs = untilMs
    const prolong = (): void => void this.keep(needs.claimMs)
    this.#timer = setInterval(prolong, needs.claimMs / 4).unref()
  }

  static async take(needs: SubmissionNeeds, hash: Uint8Array): Promise<Claim | undefined> {
    const nowMs = needs.clock()
    const untilMs = nowMs + needs.claimMs
    const isTaken = await needs.deliveries.claim(hash, nowMs, untilMs)
    return isTaken ? new Claim(needs, hash, untilMs) : undefined
  }

  /** Holds it for so long from now, at least; false when it is lost, and never true again. */
  keep(ms: number): Promise<boolean> {
    const kept = this.#last.then(() => this.#prolong(ms))
    this.#last = kept
    return kept
  }

  /** Gives it back. */
  async end(): Promise<void> {
    clearInterval(this.#timer)
    await this.#last
    if (!this.#isLost) await this.#needs.deliveries.giveUp(this.#hash, this.#untilMs)
  }

  async #prolong(ms: number): Promise<boolean> {
    const untilMs = Math.max(this.#needs.clock() + ms, this.#untilMs)
    if (this.#isLost || untilMs === this.#untilMs) return !this.#isLost
    try {
      this.#isLost = !(await this.#needs.deliveries.prolong(this.#hash, this.#untilMs, untilMs))
      this.#untilMs = untilMs
    } catch {
      // Whether it was written is not known, so whose the claim is neither.
      this.#isLost = true
    }
    return !this.#isLost
  }
}
