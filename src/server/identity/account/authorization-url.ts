import { calculatePKCECodeChallenge } from 'oauth4webapi'
import type { Address } from '../../../core/address/address.ts'
import type { SignInPrompt } from '../../../core/api/sign-in-results.ts'
import type { Metadata } from './discovery.ts'
import type { Provider } from './provider.ts'
import { ProviderError } from './provider-error.ts'
import type { Transaction } from './transaction.ts'

export interface AuthorizationWish {
  readonly prompt: SignInPrompt
  /** Shown to the provider; null: nothing. */
  readonly hint: Address | null
}

/**
 * Where a sign-in leads the reader to. OpenID Connect Core §3.1.2.1, RFC 7636
 * @throws ProviderError when the provider names no such place
 */
export async function authorizationUrl(
  provider: Provider,
  { authorization_endpoint: endpoint }: Metadata,
  redirectUri: string,
  { state, nonce, codeVerifier }: Transaction,
  { prompt, hint }: AuthorizationWish,
): Promise<string> {
  if (endpoint === undefined) throw new ProviderError('failed')
  const url = new URL(endpoint)
  const parameters = {
    response_type: 'code',
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    scope: 'openid email profile',
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    ...(provider.acrValues.length === 0 ? {} : { acr_values: provider.acrValues.join(' ') }),
    ...(prompt === 'choose' ? { prompt: 'select_account' } : {}),
    ...(prompt === 'create' && canCreate(provider) ? { prompt: 'create' } : {}),
    ...(hint === null ? {} : { login_hint: hint }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** Whether the provider has a page for making an account (Initiating User Registration 1.0). */
export function canCreate({ kind, tenants }: Pick<Provider, 'kind' | 'tenants'>): boolean {
  return kind === 'microsoft' && tenants.length === 0
}
