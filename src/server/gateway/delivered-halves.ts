import type { Address } from '../../core/address/address.ts'
import { utf8 } from '../../core/envelope/bytes.ts'
import type { DeliveredHalfStore } from '../store/store.ts'
import { deliveredHalfMs } from './limits.ts'
import type { MailFacts } from './mail-facts.ts'
import { deriveMessageId, messageIdOf } from './message-ids.ts'
import type { Mac } from './message-ids.ts'

export interface DeliveredHalvesNeeds {
  readonly deliveries: DeliveredHalfStore
  readonly mac: Mac
  readonly clock: () => number
}

/** What makes a mail the same mail when the client tries again. */
export interface MailIdentity {
  readonly facts: MailFacts
  readonly sender: Address
  /** MAIL FROM. */
  readonly envelopeSender: string
  /** Attack: a mail of another's that looks the same, so that the right one is never sent. */
  readonly user: string | undefined
}

/** Who has got a mail already, remembered as keyed hashes: Message-ID, sender, recipients. contract.md, Gateway */
export class DeliveredHalves {
  readonly #needs: DeliveredHalvesNeeds
  readonly #identity: readonly string[] | null

  constructor(needs: DeliveredHalvesNeeds, mail: MailIdentity) {
    this.#needs = needs
    this.#identity = identityOf(needs.mac, mail)
  }

  /** True when exactly these people have got it. */
  async has(people: readonly Address[]): Promise<boolean> {
    if (this.#identity === null) return false
    return this.#needs.deliveries.has(this.#hash(this.#identity, people), this.#needs.clock())
  }

  async add(people: readonly Address[]): Promise<void> {
    if (this.#identity === null) return
    const untilMs = this.#needs.clock() + deliveredHalfMs
    await this.#needs.deliveries.add(this.#hash(this.#identity, people), untilMs)
  }

  /** No part can hold NUL: header values and paths with control characters were refused or decoded away. */
  #hash(identity: readonly string[], people: readonly Address[]): Uint8Array {
    const parts = [...identity, ...people.toSorted()]
    return this.#needs.mac(utf8(parts.map(part => part.replaceAll('\0', '')).join('\0')))
  }
}

/**
 * The date tells two mails apart that wrongly carry one Message-ID, and RFC 5322 §3.6.6 a mail that somebody sends once
 * more. Null when nothing tells it from the next one, as of a device that writes neither: twice is better than never.
 */
function identityOf(mac: Mac, mail: MailIdentity): readonly string[] | null {
  const { facts, sender, envelopeSender, user = '' } = mail
  const date = facts.first('date')
  if (date === '' && messageIdOf(facts.fields) === null) return null
  const resent = [...facts.values('resent-message-id'), ...facts.values('resent-date')].join(' ')
  const messageId = deriveMessageId(mac, sender, facts.fields)
  return ['zegel.v1 delivered half', messageId, date, envelopeSender, user, resent]
}
