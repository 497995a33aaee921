import type { Address } from '../../core/address/address.ts'
import { addressKey } from './account/account-key.ts'
import { ALLOWANCES } from './limits.ts'
import { passcodeSubject } from './passcode-subject.ts'
import { passkeyAddressHash } from './passkey-address-hash.ts'
import { rateKey } from './rate-limiter.ts'

/** Under what an address is kept where it does not stand itself. */
export interface AddressHashes {
  readonly association: Uint8Array
  readonly passkey: Uint8Array
  /** Keys of the limits that count by this address, today. */
  readonly limits: readonly string[]
}

export interface HashSecrets {
  readonly association: Uint8Array
  readonly rate: Uint8Array
}

/** Picked, typed, and typed though no recipient. */
const PASSCODE_TARGETS = [
  { typed: false, real: true },
  { typed: true, real: true },
  { typed: true, real: false },
] as const

export function addressHashes(
  secrets: HashSecrets,
  organisationId: string,
  address: Address,
  nowMs: number,
): AddressHashes {
  const passkey = passkeyAddressHash(secrets.association, organisationId, address)
  const keysOf = (name: 'passcode-address' | 'passkey-address', subject: string) =>
    ALLOWANCES[name].map(({ windowMs }) => rateKey(secrets.rate, nowMs, name, subject, windowMs))
  return {
    association: addressKey(secrets.association, organisationId, address),
    passkey: new Uint8Array(passkey),
    limits: [
      ...PASSCODE_TARGETS.flatMap(target =>
        keysOf('passcode-address', passcodeSubject({ address, ...target })),
      ),
      ...keysOf('passkey-address', passkey.toString('base64url')),
    ],
  }
}
