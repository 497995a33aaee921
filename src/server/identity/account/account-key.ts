import type { Address } from '../../../core/address/address.ts'
import { keyedHash } from '../keyed-hash.ts'
import type { Claims } from './decide-claims.ts'

/**
 * What stands for an account: who knows the account cannot find it without the key, and it differs
 * from organisation to organisation.
 * @returns base64url
 */
export function accountKey(secret: Uint8Array, organisationId: string, claims: Claims): string {
  const [issuer, subject] = [claims['iss'], claims['sub']].map(String)
  const parts = [organisationId, issuer ?? '', subject ?? '']
  return keyedHash(secret, 'zegel account', ...parts).toString('base64url')
}

/** What stands for an address in an association. */
export function addressKey(
  secret: Uint8Array,
  organisationId: string,
  address: Address,
): Uint8Array {
  return new Uint8Array(keyedHash(secret, 'zegel associated address', organisationId, address))
}
