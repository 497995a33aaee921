import * as oauth from 'oauth4webapi'
import { issuerOfTenant } from './decide-claims.ts'
import type { Claims } from './decide-claims.ts'
import type { Metadata } from './discovery.ts'
import { CLOCK_TOLERANCE_SECONDS } from './limits.ts'
import type { Provider } from './provider.ts'
import { ProviderError } from './provider-error.ts'
import { requestOptions } from './request-options.ts'
import type { Fetch } from './provider-fetch.ts'

/** What came back with the reader, and what must belong to it. */
export interface CodeAnswer {
  /** The query of the callback. */
  readonly parameters: URLSearchParams
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

export interface ExchangeNeeds {
  readonly provider: Provider
  readonly metadata: Metadata
  /** The provider's key set; kept between sign-ins, five minutes at most. */
  readonly keys: oauth.JWKSCacheInput
  readonly fetch: Fetch
}

/** The claims that are looked at; everything else that a provider says is dropped. */
const CLAIMS = [
  'iss',
  'sub',
  'tid',
  'email',
  'email_verified',
  'hd',
  'xms_edov',
  'acct',
  'amr',
  'acr',
  // What the account is called, where its address is not vouched for: account-label.ts
  'preferred_username',
  'name',
] as const

/**
 * Exchanges a code for an ID token, checks it, and returns its claims; the tokens end here.
 * OpenID Connect Core §3.1.3.7, RFC 9207
 * @throws ProviderError
 */
export async function exchangeCode(needs: ExchangeNeeds, answer: CodeAnswer): Promise<Claims> {
  try {
    return await exchange(needs, answer)
  } catch (cause) {
    throw asProviderError(cause)
  }
}

async function exchange(needs: ExchangeNeeds, answer: CodeAnswer): Promise<Claims> {
  const { provider, metadata, fetch, keys } = needs
  const client = { client_id: provider.clientId, [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS }
  const asked = withTenant(metadata, answer.parameters.get('iss'))
  const parameters = oauth.validateAuthResponse(asked, client, answer.parameters, answer.state)
  const options = requestOptions(provider, fetch)
  const response = await oauth.authorizationCodeGrantRequest(
    asked,
    client,
    clientAuthentication(provider, metadata),
    parameters,
    answer.redirectUri,
    answer.codeVerifier,
    options,
  )
  const server = withTenant(asked, await issuerIn(response.clone()))
  const checks = { expectedNonce: answer.nonce, requireIdToken: true }
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, checks)
  await oauth.validateApplicationLevelSignature(server, response, {
    ...options,
    [oauth.jwksCache]: keys,
  })
  const claims: Claims = { ...oauth.getValidatedIdTokenClaims(tokens) }
  requireKeyOf(String(claims['iss']), String(claims['tid']), tokens.id_token, keys)
  return Object.fromEntries(CLAIMS.map(name => [name, claims[name]]))
}

/** Where one document stands for all tenants, its issuer is that of the tenant that speaks; `decideClaims` looks whether that may be. */
function withTenant(metadata: Metadata, issuer: string | null): Metadata {
  if (issuer === null || !metadata.issuer.includes('{tenantid}')) return metadata
  const tenant = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(issuer)?.[0] ?? ''
  return { ...metadata, issuer: issuerOfTenant(metadata.issuer, tenant) }
}

/** What an ID token says, before it is checked: only to know which tenant to check it against. */
async function issuerIn(response: Response): Promise<string | null> {
  const body: unknown = await response.json().catch(() => null)
  if (typeof body !== 'object' || body === null || !('id_token' in body)) return null
  const payload = readPart(String(body.id_token), 1)
  return typeof payload['iss'] === 'string' ? payload['iss'] : null
}

/**
 * Microsoft's key set for all tenants says of each key whose it is: a key of one tenant signs for no other.
 * @throws ProviderError
 */
function requireKeyOf(
  issuer: string,
  tenant: string,
  idToken: string | undefined,
  keys: oauth.JWKSCacheInput,
): void {
  const kid = readPart(idToken ?? '', 0)['kid']
  const key = 'jwks' in keys ? keys.jwks.keys.find(each => each.kid === kid) : undefined
  const owner = key !== undefined && 'issuer' in key ? key.issuer : undefined
  if (typeof owner === 'string' && issuerOfTenant(owner, tenant) !== issuer)
    throw new ProviderError('failed')
}

function readPart(token: string, index: 0 | 1): Readonly<Record<string, unknown>> {
  try {
    const text = Buffer.from(token.split('.')[index] ?? '', 'base64url').toString('utf8')
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** RFC 8414 §2: without a word about it, a provider takes HTTP Basic. */
function clientAuthentication(
  { clientSecret }: Provider,
  { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] }: Metadata,
): oauth.ClientAuth {
  if (clientSecret === null) return oauth.None()
  return methods.includes('client_secret_post')
    ? oauth.ClientSecretPost(clientSecret)
    : oauth.ClientSecretBasic(clientSecret)
}

const SAID_NO = new Set([
  'access_denied',
  'consent_required',
  'interaction_required',
  'login_required',
])
const CANNOT = new Set(['server_error', 'temporarily_unavailable'])

function asProviderError(cause: unknown): ProviderError {
  if (cause instanceof ProviderError) return cause
  if (cause instanceof oauth.AuthorizationResponseError) {
    if (SAID_NO.has(cause.error)) return new ProviderError('consent-refused')
    if (CANNOT.has(cause.error)) return new ProviderError('provider-down')
  }
  return new ProviderError('failed', { cause })
}
