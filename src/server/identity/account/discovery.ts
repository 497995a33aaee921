import * as oauth from 'oauth4webapi'
import { DISCOVERY_LIFETIME_MS, DISCOVERY_PAUSE_MS, STALE_DISCOVERY_MS } from './limits.ts'
import { PERSONAL_TENANT } from './provider.ts'
import type { Provider } from './provider.ts'
import { ProviderError } from './provider-error.ts'
import { requestOptions } from './request-options.ts'
import type { Fetch } from './provider-fetch.ts'

/** What a provider says about itself; `issuer` has `{tenantid}` in it where one document stands for all tenants. */
export type Metadata = oauth.AuthorizationServer

/** Signatures that only the provider can make; no shared secrets, so a public key is never taken for one. */
const ALGORITHMS = [
  'RS256',
  'PS256',
  'ES256',
  'RS384',
  'RS512',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

/**
 * The discovery document of a provider, fetched when it is needed, kept for an hour, and used for a day
 * while the provider is out of reach. One that does not answer is not asked again for some seconds.
 * @returns a function that throws ProviderError `provider-down` or `failed`
 */
export function createDiscovery(
  provider: Provider,
  fetch: Fetch,
  clock: () => number,
): () => Promise<Metadata> {
  let known: { readonly metadata: Metadata; readonly atMs: number } | null = null
  let failed: { readonly error: unknown; readonly atMs: number } | null = null
  let running: Promise<Metadata> | null = null
  const refresh = async (): Promise<Metadata> => {
    try {
      const metadata = await discover(provider, fetch)
      known = { metadata, atMs: clock() }
      failed = null
      return metadata
    } catch (error) {
      failed = { error, atMs: clock() }
      if (known !== null && clock() - known.atMs < STALE_DISCOVERY_MS) return known.metadata
      throw error
    } finally {
      running = null
    }
  }
  return async () => {
    const nowMs = clock()
    if (known !== null && nowMs - known.atMs < DISCOVERY_LIFETIME_MS) return known.metadata
    if (failed !== null && nowMs - failed.atMs < DISCOVERY_PAUSE_MS) {
      if (known !== null && nowMs - known.atMs < STALE_DISCOVERY_MS) return known.metadata
      throw failed.error
    }
    running ??= refresh()
    return running
  }
}

async function discover(provider: Provider, fetch: Fetch): Promise<Metadata> {
  const options = requestOptions(provider, fetch)
  const response = await oauth.discoveryRequest(new URL(provider.issuer), options)
  const expected = await expectedIssuer(provider, response.clone())
  try {
    const metadata = await oauth.processDiscoveryResponse(new URL(expected), response)
    const { authorization_endpoint: endpoint = '', id_token_signing_alg_values_supported: algs } =
      metadata
    if (!isEndpoint(endpoint, provider)) throw new ProviderError('failed')
    return {
      ...metadata,
      id_token_signing_alg_values_supported: ALGORITHMS.filter(
        algorithm => algs?.includes(algorithm) ?? algorithm === 'RS256',
      ),
    }
  } catch (cause) {
    throw cause instanceof ProviderError ? cause : new ProviderError('failed', { cause })
  }
}

/** The issuer that the document names, when it is one that it may name. OpenID Connect Discovery §4.3 */
async function expectedIssuer(provider: Provider, response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null)
  const named = typeof body === 'object' && body !== null && 'issuer' in body ? body.issuer : null
  const found = issuersOf(provider).find(issuer => issuer === named)
  if (found === undefined) throw new ProviderError('failed')
  return found
}

/** Microsoft's documents for many tenants name a template, the one for personal accounts their tenant. */
function issuersOf({ kind, issuer }: Provider): readonly string[] {
  if (kind !== 'microsoft') return [issuer]
  return [
    issuer,
    issuer.replace(/\/(?:common|organizations)(?=\/)/, '/{tenantid}'),
    issuer.replace(/\/consumers(?=\/)/, `/${PERSONAL_TENANT}`),
  ]
}

/** Readers are sent there: never to anything but a page, over TLS unless it is this machine's own. */
function isEndpoint(endpoint: string, { issuer }: Provider): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol } = new URL(endpoint)
  return protocol === 'https:' || protocol === new URL(issuer).protocol
}
