import { ed25519Verifier } from '../crypto/ed25519.ts'
import type { Verify } from '../../core/envelope/record.ts'
import type { OrganisationKeyStore } from '../store/store.ts'
import { fingerprintOf } from './certificate.ts'
import { KeyError } from './key-error.ts'
import { INSTALLATION } from './own-keys.ts'

/** The certifying key with the fingerprint that the gateway pins. @throws KeyError `untrusted-portal` */
export async function trustedPortalKey(
  keys: Pick<OrganisationKeyStore, 'list'>,
  trustedPortal: string,
): Promise<Uint8Array> {
  const found = (await keys.list(INSTALLATION, 'certifying')).find(
    key => fingerprintOf(key.publicKey) === trustedPortal,
  )
  if (found) return found.publicKey
  throw new KeyError(
    'untrusted-portal',
    'the portal of gateway.trustedPortal has no key in this database: start the portal, or compare the fingerprint with zegel keys list',
  )
}

/**
 * Checks what the portal signs with its certifying key. The key is looked up once: its fingerprint is in the
 * configuration, so it can be no other one later.
 */
export function createPortalVerifier(
  keys: Pick<OrganisationKeyStore, 'list'>,
  trustedPortal: string,
): () => Promise<Verify> {
  let known: Verify | undefined
  return async () => (known ??= ed25519Verifier(await trustedPortalKey(keys, trustedPortal)))
}
