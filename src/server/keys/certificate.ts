import { createHash } from 'node:crypto'
import type { Sign } from '../../core/envelope/record.ts'
import { keyIdOf } from '../../core/envelope/key-id.ts'
import { ed25519Verifier } from '../crypto/ed25519.ts'
import type { StoredKey } from '../store/store.ts'

type Certified = Pick<
  StoredKey,
  'id' | 'organisationId' | 'purpose' | 'month' | 'expiryClass' | 'publicKey'
>

/** SHA-256 of a certifying key, in hex: what `gateway.trustedPortal` and `portal.trustedGateways` hold. */
export function fingerprintOf(certifyingKey: Uint8Array): string {
  return createHash('sha256').update(certifyingKey).digest('hex')
}

/** Its owner says: this key is mine, for this organisation and purpose, and a sealing key for this month and class. */
export function certify(key: Certified, sign: Sign): Uint8Array {
  return sign(certifiedBytes(key))
}

/**
 * True when the owner of this certifying key vouches for the key as it stands in the database. Who can write the
 * database can neither put another key there nor move one to another organisation, purpose, month or class.
 */
export function isCertified(
  key: Certified & Pick<StoredKey, 'certificate'>,
  certifyingKey: Uint8Array,
): boolean {
  if (key.certificate === null) return false
  if (keyIdOf(key.organisationId, key.publicKey) !== key.id) return false
  return ed25519Verifier(certifyingKey)(certifiedBytes(key), key.certificate)
}

/** No field can hold a zero byte except the last, so no two keys have the same bytes. */
function certifiedBytes({ id, organisationId, purpose, month, expiryClass, publicKey }: Certified) {
  const fields = [`zegel.v1 ${purpose} key`, organisationId, month, expiryClass, id]
  return new Uint8Array(Buffer.concat([Buffer.from(`${fields.join('\0')}\0`, 'utf8'), publicKey]))
}
