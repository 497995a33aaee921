import type { Address } from '../../core/address/address.ts'
import { keyedHash } from './keyed-hash.ts'

/** What a passcode belongs to; another value in any field gives another code. protocol.md §3 */
export interface PasscodeSubject {
  readonly challengeId: string
  readonly organisationId: string
  readonly address: Address
  readonly expiresAtMs: number
  /** Hash of the browser's binding cookie. */
  readonly browser: string
}

const CODES = 100_000_000
/** Largest multiple of CODES below 2^32: greater words are drawn again, so that every code is as likely. */
const FAIR_WORDS = Math.floor(2 ** 32 / CODES) * CODES

/** The eight digits of a passcode. Never stored: they are derived again when they come back. */
export function derivePasscode(key: Uint8Array, subject: PasscodeSubject): string {
  for (let round = 0; ; round += 1) {
    const word = fairWord(
      keyedHash(
        key,
        'zegel passcode',
        subject.challengeId,
        subject.organisationId,
        subject.address,
        String(subject.expiresAtMs),
        subject.browser,
        String(round),
      ),
    )
    if (word !== undefined) return String(word % CODES).padStart(8, '0')
  }
}

/** Undefined when all eight words are above the fair range: once in 10^13. */
function fairWord(block: Buffer): number | undefined {
  return [0, 4, 8, 12, 16, 20, 24, 28]
    .map(offset => block.readUInt32BE(offset))
    .find(word => word < FAIR_WORDS)
}
