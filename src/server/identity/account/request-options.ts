import * as oauth from 'oauth4webapi'
import { PROVIDER_TIMEOUT_MS } from './limits.ts'
import type { Provider } from './provider.ts'
import type { Fetch } from './provider-fetch.ts'

/** For every request to a provider. Without TLS only where the issuer is this machine's own. */
export function requestOptions({ issuer }: Provider, fetch: Fetch) {
  return {
    [oauth.customFetch]: fetch,
    [oauth.allowInsecureRequests]: issuer.startsWith('http:'),
    signal: () => AbortSignal.timeout(PROVIDER_TIMEOUT_MS),
  }
}
