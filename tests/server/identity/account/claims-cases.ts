import type { Address } from '../../../../src/core/address/address.ts'
import { issuerOfTenant } from '../../../../src/server/identity/account/decide-claims.ts'
import type {
  Claims,
  ClaimsDecision,
  ProviderTrust,
} from '../../../../src/server/identity/account/decide-claims.ts'
import { PERSONAL_TENANT } from '../../../../src/server/identity/account/provider.ts'

/** Rows of the table in decide-claims.test.ts: a provider, what it says, the address that counts, the decision. */
export const TEMPLATE = 'https://login.microsoftonline.com/{tenantid}/v2.0'
export const WORK = '11111111-2222-3333-4444-555555555555'
export const EVIL = '66666666-7777-8888-9999-aaaaaaaaaaaa'
export const GOOGLE = 'https://accounts.google.com'
export const KEYCLOAK = 'https://id.example.org/realms/all'

export const trust = (
  fields: Partial<ProviderTrust> & Pick<ProviderTrust, 'kind'>,
): ProviderTrust => ({
  metadataIssuer: TEMPLATE,
  tenants: [],
  trustedDomains: [],
  mfa: { acr: [], amr: [] },
  ...fields,
})
export const microsoft = trust({ kind: 'microsoft' })
export const google = trust({ kind: 'google', metadataIssuer: GOOGLE })
export const generic = trust({
  kind: 'openid',
  metadataIssuer: KEYCLOAK,
  trustedDomains: ['example.org', 'xn--mnchen-3ya.example'],
})

export const ofTenant = (tid: string, more: Claims): Claims => ({
  sub: 's',
  tid,
  iss: issuerOfTenant(TEMPLATE, tid),
  ...more,
})
export const work = (more: Claims): Claims =>
  ofTenant(WORK, { email: 'bob@example.org', xms_edov: true, acct: 0, ...more })
export const evil = (more: Claims): Claims => ofTenant(EVIL, { email: 'bob@example.org', ...more })
export const personal = (more: Claims): Claims =>
  ofTenant(PERSONAL_TENANT, { email: 'bob@outlook.com', ...more })
export const atGoogle = (more: Claims): Claims => ({
  sub: 's',
  iss: GOOGLE,
  email_verified: true,
  ...more,
})
export const atKeycloak = (more: Claims): Claims => ({
  sub: 's',
  iss: KEYCLOAK,
  email: 'bob@example.org',
  email_verified: true,
  ...more,
})

export const proven = (
  address: string,
  assurance: 'account' | 'mfa' = 'account',
): ClaimsDecision => ({
  outcome: 'proven',
  address: address as Address,
  assurance,
})
export const passcode: ClaimsDecision = { outcome: 'needs-passcode' }
export const refused = (
  code: 'unknown-issuer' | 'tenant-not-allowed' | 'no-subject',
): ClaimsDecision => ({
  outcome: 'refused',
  code,
})

export type Row = readonly [
  what: string,
  ProviderTrust,
  Claims,
  wanted: string | null,
  ClaimsDecision,
]
