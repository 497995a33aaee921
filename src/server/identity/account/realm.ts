import { keyedHash } from '../keyed-hash.ts'
import type { Claims } from './decide-claims.ts'
import type { Provider } from './provider.ts'

/** Where an account comes from: what must still be trusted whenever something that rests on it is used. */
export interface Ground {
  /** Id of the provider. */
  readonly provider: string
  /** What `realmOf` said when the account signed in. */
  readonly realm: string
}

/** 64 bits: enough to tell the issuers and tenants of a configuration from each other. */
const MARK_BYTES = 8

/**
 * Stands for the configured issuer and, at Microsoft, the account's tenant; who reads it without the key learns
 * of neither.
 * @returns base64url
 */
export function realmOf(
  secret: Uint8Array,
  provider: Pick<Provider, 'kind' | 'issuer'>,
  claims: Claims,
): string {
  const issuer = markOf(secret, 'issuer', provider.issuer)
  return provider.kind === 'microsoft' ? issuer + markTenant(secret, String(claims['tid'])) : issuer
}

/** False once the provider's id stands for another issuer, or the tenant is none of those that may sign in. */
export function isOfRealm(
  secret: Uint8Array,
  { kind, issuer, tenants }: Pick<Provider, 'kind' | 'issuer' | 'tenants'>,
  realm: string,
): boolean {
  const mark = markOf(secret, 'issuer', issuer)
  if (kind !== 'microsoft') return realm === mark
  if (tenants.length > 0) return tenants.some(tenant => realm === mark + markTenant(secret, tenant))
  return realm.length === 2 * mark.length && realm.startsWith(mark)
}

const markTenant = (secret: Uint8Array, tenant: string): string => markOf(secret, 'tenant', tenant)

function markOf(secret: Uint8Array, what: 'issuer' | 'tenant', name: string): string {
  return keyedHash(secret, `zegel ${what} of a realm`, name).toString('base64url', 0, MARK_BYTES)
}
