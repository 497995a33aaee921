import { parseAddress } from '../../core/address/address.ts'
import type { Address } from '../../core/address/address.ts'
import type { Config } from '../config/schema.ts'
import { addressHashes } from '../identity/address-hashes.ts'
import type { Subject } from '../store/subject-store.ts'
import type { Store } from '../store/store.ts'
import type { Option } from './command.ts'
import { CommandError, UsageError } from './command-error.ts'
import { openHashSecrets } from './open-keys.ts'
import type { KeyNeeds } from './open-keys.ts'

export const subjectOptions = {
  organisation: {
    type: 'string',
    value: 'ID',
    multiple: true,
    help: 'before this organisation; needed where there are several',
  },
} as const satisfies Readonly<Record<string, Option>>

/** @throws UsageError */
export function readSubjectAddress(text: string): Address {
  const address = parseAddress(text)
  if (address === null) throw new UsageError(`${text} is no address`)
  return address
}

/** A person before each organisation that was asked for. */
export interface FoundSubject {
  readonly address: Address
  readonly subjects: readonly Subject[]
  /** Keys of the limits that count by this address. */
  readonly limits: readonly string[]
}

/**
 * Each organisation decides about its own records alone, so with several it has to be said whose are meant.
 * @throws CommandError when none is named, or one that is not there; what opening the portal's root key throws
 */
export async function subjectOf(
  needs: KeyNeeds & { readonly store: Store },
  address: Address,
  named: readonly string[],
): Promise<FoundSubject> {
  const ids = await chooseOrganisations(needs, named)
  const secrets = await openHashSecrets(needs)
  const found = ids.map(organisationId => {
    const hashes = addressHashes(secrets, organisationId, address, needs.clock())
    const { association: associationHash, passkey: passkeyHash } = hashes
    return {
      limits: hashes.limits,
      subject: { organisationId, address, associationHash, passkeyHash },
    }
  })
  return {
    address,
    subjects: found.map(({ subject }) => subject),
    limits: [...new Set(found.flatMap(({ limits }) => limits))],
  }
}

/** One that is no longer configured is known by its keys, which stay. */
async function chooseOrganisations(
  { config, store }: { readonly config: KeyNeeds['config']; readonly store: Store },
  named: readonly string[],
): Promise<readonly string[]> {
  const configured = config.organisations.map(({ id }) => id)
  if (named.length === 0 && configured.length === 1) return configured
  if (named.length === 0)
    throw new CommandError(
      `say whose records are meant, because each organisation decides about its own: --organisation ${configured.join(' or --organisation ')}`,
    )
  for (const id of named)
    if (!configured.includes(id) && (await store.organisationKeys.list(id)).length === 0)
      throw new CommandError(`there is no organisation ${id}, and never was`)
  return [...new Set(named)]
}

/** Where the configuration names the address: `organisations[0].privacyAddress`. */
export function placesInConfig(config: Config, address: Address): readonly string[] {
  return walk(config, '', address)
}

function walk(value: unknown, path: string, address: Address): readonly string[] {
  if (typeof value === 'string') return parseAddress(value) === address ? [path] : []
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => walk(item, `${path}[${index}]`, address))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) =>
    walk(item, path === '' ? key : `${path}.${key}`, address),
  )
}
