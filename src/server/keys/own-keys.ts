import { randomBytes } from 'node:crypto'
import { keyIdOf } from '../../core/envelope/key-id.ts'
import type { KeyPurpose, OrganisationKeyStore, StoredKey } from '../store/store.ts'
import { KeyError } from './key-error.ts'
import { SECRET_BYTES } from './limits.ts'
import type { RootKey, SaltStore } from './root-key.ts'

/** What belongs to the installation and to no organisation. */
export const INSTALLATION = ''
/** Of a secret: it has no public half. */
export const NO_BYTES = new Uint8Array(0)

export interface NewKeyPair {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
}

/** A key that can be stored, its private half wrapped. */
export function newStoredKey(
  pair: NewKeyPair,
  fields: Pick<StoredKey, 'organisationId' | 'purpose' | 'createdAtMs'> & Partial<StoredKey>,
  rootKey: RootKey,
): StoredKey {
  const { organisationId, purpose } = fields
  const id =
    pair.publicKey.length > 0
      ? keyIdOf(organisationId, pair.publicKey)
      : randomBytes(16).toString('base64url')
  return {
    certificate: null,
    month: '',
    expiryClass: '',
    retiredAtMs: null,
    destroyAfterMs: null,
    ...fields,
    id,
    publicKey: pair.publicKey,
    wrappedPrivateKey: rootKey.wrap(pair.privateKey, { id, purpose, organisationId }),
  }
}

/** The key that is in use, or undefined. */
export async function currentKey(
  keys: OrganisationKeyStore,
  organisationId: string,
  purpose: KeyPurpose,
): Promise<StoredKey | undefined> {
  const all = await keys.list(organisationId, purpose)
  return all.findLast(key => key.retiredAtMs === null)
}

/** The key that is in use; made when there is none. Of several nodes that make one at once, one wins. */
export async function ensureKey(
  keys: OrganisationKeyStore,
  organisationId: string,
  purpose: KeyPurpose,
  make: () => StoredKey,
): Promise<StoredKey> {
  const found = await currentKey(keys, organisationId, purpose)
  if (found) return found
  const made = make()
  if (await keys.add(made)) return made
  const other = await currentKey(keys, organisationId, purpose)
  if (!other) throw new Error(`the ${purpose} key was made and is gone`)
  return other
}

/** 32 random bytes of the installation, made once. */
export async function ensureSecret(
  keys: OrganisationKeyStore,
  rootKey: RootKey,
  purpose: Extract<KeyPurpose, 'mac' | 'rate' | 'association'>,
  nowMs: number,
): Promise<Uint8Array> {
  const stored = await ensureKey(keys, INSTALLATION, purpose, () =>
    newStoredKey(
      { publicKey: NO_BYTES, privateKey: randomBytes(SECRET_BYTES) },
      { organisationId: INSTALLATION, purpose, createdAtMs: nowMs },
      rootKey,
    ),
  )
  return unwrapKey(rootKey, stored)
}

/**
 * The private half. The wrapping covers the id and the id covers the public half, so neither half can be exchanged
 * by who writes the database.
 *
 * @throws KeyError `altered-key`, `wrong-root-key`; Error when the key is destroyed
 */
export function unwrapKey(rootKey: RootKey, key: StoredKey): Uint8Array {
  const { id, organisationId, purpose, publicKey, wrappedPrivateKey } = key
  if (wrappedPrivateKey === null) throw new Error(`the ${purpose} key is destroyed`)
  if (publicKey.length > 0 && keyIdOf(organisationId, publicKey) !== id)
    throw new KeyError(
      'altered-key',
      `the public half of the ${purpose} key ${id} is another: someone may have changed the database`,
    )
  return rootKey.unwrap(wrappedPrivateKey, key)
}

/** The salt of a role's passphrase, in the table of keys: it is no secret, and every node needs it. */
export function saltStore(
  keys: OrganisationKeyStore,
  role: 'gateway' | 'portal',
  nowMs: number,
): SaltStore {
  const find = async () =>
    (await keys.list(INSTALLATION, 'salt')).find(key => key.expiryClass === role)
  return {
    async settle(fresh) {
      const found = await find()
      if (found) return found.publicKey
      await keys.add({
        id: randomBytes(16).toString('base64url'),
        organisationId: INSTALLATION,
        purpose: 'salt',
        publicKey: fresh,
        wrappedPrivateKey: null,
        certificate: null,
        month: '',
        expiryClass: role,
        createdAtMs: nowMs,
        retiredAtMs: null,
        destroyAfterMs: null,
      })
      return (await find())?.publicKey ?? fresh
    },
  }
}
