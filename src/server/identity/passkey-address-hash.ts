import type { Address } from '../../core/address/address.ts'
import { keyedHash } from './keyed-hash.ts'

/** What stands for an address in a passkey: 32 bytes, another for each organisation. */
export function passkeyAddressHash(
  secret: Uint8Array,
  organisationId: string,
  address: Address,
): Buffer {
  return keyedHash(secret, 'zegel passkey address', organisationId, address)
}
