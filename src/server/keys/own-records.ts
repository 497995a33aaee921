import { EnvelopeError } from '../../core/envelope/errors.ts'
import { readRecord } from '../../core/envelope/record.ts'
import type { SealedRecord, Verify } from '../../core/envelope/record.ts'
import { ed25519Verifier } from '../crypto/ed25519.ts'
import type { OrganisationKeyStore } from '../store/store.ts'
import { isTrustedSigningKey } from './gateway-certifier.ts'
import { KeyCache } from './key-cache.ts'

export interface OwnRecordNeeds {
  readonly keys: Pick<OrganisationKeyStore, 'find'>
  /** The gateway's own certifying key: it alone says which signing keys are the gateway's. */
  readonly certifyingKey: Uint8Array
  readonly clock: () => number
}

/** The record that this gateway signed for the organisation; undefined for any other bytes. */
export type ReadOwnRecord = (
  organisationId: string,
  padded: Uint8Array,
) => Promise<SealedRecord | undefined>

interface SigningKey {
  readonly organisationId: string
  readonly verify: Verify
}

/** Signing keys that are retired count too: what they signed can still be answered. docs/replies.md §4 */
export function createOwnRecordReader(needs: OwnRecordNeeds): ReadOwnRecord {
  const cache = new KeyCache<SigningKey>()
  return async (organisationId, padded) => {
    try {
      const unverified = readRecord(padded)
      const signing = await findSigningKey(needs, cache, unverified.signingKeyId)
      if (signing?.organisationId !== organisationId) return undefined
      const record = unverified.verify(signing.verify)
      return record.policy.organisationId === organisationId ? record : undefined
    } catch (error) {
      if (error instanceof EnvelopeError) return undefined
      throw error
    }
  }
}

/** Attack: a key that somebody put into the database. */
async function findSigningKey(
  { keys, certifyingKey, clock }: OwnRecordNeeds,
  cache: KeyCache<SigningKey>,
  id: string,
): Promise<SigningKey | undefined> {
  const known = cache.get(id, clock())
  if (known !== undefined) return known
  const stored = await keys.find(id)
  if (stored === undefined || !isTrustedSigningKey(stored, [certifyingKey])) return undefined
  const { organisationId, publicKey } = stored
  const key = { organisationId, verify: ed25519Verifier(publicKey) }
  cache.set(id, key, clock())
  return key
}
