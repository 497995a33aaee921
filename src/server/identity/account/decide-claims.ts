import { canonicalDomain, domainOf, parseAddress } from '../../../core/address/address.ts'
import type { Address } from '../../../core/address/address.ts'
import type { Assurance } from '../../../core/policy/policy.ts'
import { PERSONAL_TENANT } from './provider.ts'
import type { Provider } from './provider.ts'

/** What of a provider decides; the rest of it is for the way there. */
export type ProviderTrust = Pick<Provider, 'kind' | 'tenants' | 'trustedDomains' | 'mfa'> & {
  /** Issuer of its metadata; for several tenants with `{tenantid}` in it. */
  readonly metadataIssuer: string
}

/** Claims of an ID token whose signature, issuer, audience, times and nonce are checked. */
export type Claims = Readonly<Record<string, unknown>>

export type ClaimsDecision =
  | { readonly outcome: 'proven'; readonly address: Address; readonly assurance: Assurance }
  /** The account is valid; that this mailbox is its person's, it does not prove. */
  | { readonly outcome: 'needs-passcode' }
  | {
      readonly outcome: 'refused'
      readonly code: 'unknown-issuer' | 'tenant-not-allowed' | 'no-subject'
    }

const NEEDS_PASSCODE: ClaimsDecision = { outcome: 'needs-passcode' }
/** OpenID Connect Core §2 */
const MAX_SUBJECT_CHARACTERS = 255

/**
 * What an account proves. What is not said here proves nothing. protocol.md §3
 * @param wanted the only address that counts; null: whichever the account proves
 */
export function decideClaims(
  provider: ProviderTrust,
  claims: Claims,
  wanted: Address | null = null,
): ClaimsDecision {
  if (!isSubject(claims['sub'])) return { outcome: 'refused', code: 'no-subject' }
  if (!isIssuer(provider, claims)) return { outcome: 'refused', code: 'unknown-issuer' }
  if (!isTenantAllowed(provider, claims)) return { outcome: 'refused', code: 'tenant-not-allowed' }
  const address = typeof claims['email'] === 'string' ? parseAddress(claims['email']) : null
  if (address === null || !provesAddress(provider, claims, address)) return NEEDS_PASSCODE
  if (wanted !== null && wanted !== address) return NEEDS_PASSCODE
  return { outcome: 'proven', address, assurance: assuranceOf(provider, claims) }
}

function isSubject(subject: unknown): subject is string {
  return typeof subject === 'string' && subject !== '' && subject.length <= MAX_SUBJECT_CHARACTERS
}

/** At Microsoft the issuer is the tenant's own, whether one document stands for all or for one: both claims name the same. */
function isIssuer({ kind, metadataIssuer }: ProviderTrust, claims: Claims): boolean {
  if (kind !== 'microsoft') return claims['iss'] === metadataIssuer
  const tenant = claims['tid']
  if (typeof tenant !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(tenant))
    return false
  const issuer = issuerOfTenant(metadataIssuer, tenant)
  return claims['iss'] === issuer && issuer.split('/').includes(tenant)
}

/** `https://login.microsoftonline.com/{tenantid}/v2.0` → the tenant's own; others stay as they are. */
export function issuerOfTenant(metadataIssuer: string, tenant: string): string {
  return metadataIssuer.replace('{tenantid}', () => tenant)
}

function isTenantAllowed({ kind, tenants }: ProviderTrust, claims: Claims): boolean {
  if (kind !== 'microsoft' || tenants.length === 0) return true
  return tenants.some(tenant => tenant === claims['tid'])
}

function provesAddress(provider: ProviderTrust, claims: Claims, address: Address): boolean {
  switch (provider.kind) {
    case 'microsoft':
      return provesAtMicrosoft(claims)
    case 'google':
      return claims['email_verified'] === true && isGoogles(claims, address)
    case 'openid':
      return claims['email_verified'] === true && isTrustedFor(provider, address)
  }
}

/**
 * nOAuth (2023): whoever runs a tenant writes any `email` into its accounts. It counts where the owner
 * of the domain vouches for it (`xms_edov`) and the account is a member of that tenant, no guest; and
 * for personal accounts, whose addresses Microsoft itself has checked. Texts such as "true" count for
 * nothing: a tenant can add claims of its own, and those are texts.
 */
function provesAtMicrosoft(claims: Claims): boolean {
  const edov = claims['xms_edov']
  if (claims['tid'] === PERSONAL_TENANT) return edov === undefined || isTrue(edov)
  return isTrue(edov) && claims['acct'] === 0
}

/** Microsoft writes the flag as either. */
function isTrue(value: unknown): boolean {
  return value === true || value === 1
}

/** A Google account can have any address; Google is the mail server of these alone. */
function isGoogles(claims: Claims, address: Address): boolean {
  const domain = domainOf(address)
  if (domain === 'gmail.com') return true
  return typeof claims['hd'] === 'string' && canonicalDomain(claims['hd']) === domain
}

/** Whether a generic provider's word about an address is believed. Asked again at every release. */
export function isTrustedFor(
  { trustedDomains }: Pick<Provider, 'trustedDomains'>,
  address: Address,
): boolean {
  return trustedDomains.includes(domainOf(address))
}

function assuranceOf({ mfa }: ProviderTrust, claims: Claims): Assurance {
  const methods: readonly unknown[] = Array.isArray(claims['amr']) ? claims['amr'] : []
  const byMethods = mfa.amr.some(method => methods.includes(method))
  return byMethods || mfa.acr.some(level => level === claims['acr']) ? 'mfa' : 'account'
}
