import type { Address } from '../../core/address/address.ts'

/** Whom a passcode is asked for. */
export interface PasscodeTarget {
  readonly address: Address
  /** False: typed, and no recipient. */
  readonly real: boolean
  /** True: typed; false: picked from the listed recipients. */
  readonly typed: boolean
}

/**
 * What the limit of an address counts by. Attack: who has any message types the address of a person whom nobody wrote
 * to, until that person gets no passcode for their own; so what is no mail to somebody takes nothing of theirs, and
 * what was typed nothing of what was picked. An address never begins with these words: it has no blank outside quotes.
 */
export function passcodeSubject({ address, real, typed }: PasscodeTarget): string {
  if (!typed) return address
  return real ? `typed ${address}` : `no recipient ${address}`
}
