/** A provider of accounts, as the portal knows it: the configuration with names and defaults filled in. */
export interface Provider {
  readonly id: string
  readonly kind: 'microsoft' | 'google' | 'openid'
  /** **Sign in with NAME**. */
  readonly name: string
  /** Path of its image on the portal, or empty. */
  readonly logo: string
  readonly order: number
  /** Where its discovery document stands, without `/.well-known/openid-configuration`. */
  readonly issuer: string
  readonly clientId: string
  /** Null: a public client. */
  readonly clientSecret: string | null
  /** Microsoft: the only tenants whose accounts may sign in; empty: all. */
  readonly tenants: readonly string[]
  /** Domains for which the `email_verified` of a generic provider is believed. */
  readonly trustedDomains: readonly string[]
  /** The only organisation that offers it; null: all. */
  readonly organisationId: string | null
  readonly acrValues: readonly string[]
  /** How it says that several factors were used; empty: it is never believed to. */
  readonly mfa: { readonly acr: readonly string[]; readonly amr: readonly string[] }
}

/** Microsoft accounts of every kind: personal, work, school. */
export const MICROSOFT_ISSUER = 'https://login.microsoftonline.com/common/v2.0'
export const GOOGLE_ISSUER = 'https://accounts.google.com'
/** The tenant of personal Microsoft accounts. */
export const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** True when tenants that nobody has named are believed about two factors, of which some speak for themselves. */
export function believesForeignFactors({ kind, issuer, tenants, mfa }: Provider): boolean {
  const isForMany = /\/(?:common|organizations)\//.test(issuer)
  const isBelieved = mfa.acr.length + mfa.amr.length > 0
  return kind === 'microsoft' && isForMany && tenants.length === 0 && isBelieved
}

/** True when the organisation offers this provider. */
export function isOffered(provider: Provider, organisationId: string): boolean {
  return provider.organisationId === null || provider.organisationId === organisationId
}
