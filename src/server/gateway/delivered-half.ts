import type { Address } from '../../core/address/address.ts'
import { utf8 } from '../../core/envelope/bytes.ts'
import type { MailFacts } from './mail-facts.ts'
import { deriveMessageId } from './message-ids.ts'
import type { Mac } from './message-ids.ts'

/** What makes a half of a mail the same half when the client tries again. */
export interface HalfIdentity {
  readonly facts: MailFacts
  readonly sender: Address
  /** MAIL FROM. */
  readonly envelopeSender: string
  readonly recipients: readonly Address[]
}

/**
 * The keyed hash by which a delivered half is remembered: Message-ID, sender, recipients, and the date,
 * which tells two mails apart that wrongly carry one Message-ID. contract.md, Gateway
 */
export function deliveredHalfHash(mac: Mac, half: HalfIdentity): Uint8Array {
  const { facts, sender } = half
  const parts = [
    'zegel.v1 delivered half',
    deriveMessageId(mac, sender, facts.fields),
    facts.first('date'),
    half.envelopeSender,
    ...half.recipients.toSorted(),
  ]
  // No part can hold NUL: header values and paths with control characters were refused or decoded away.
  return mac(utf8(parts.map(part => part.replaceAll('\0', '')).join('\0')))
}
