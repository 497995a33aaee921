import { MAX_PROVIDER_BYTES } from './limits.ts'
import { ProviderError } from './provider-error.ts'

/** As `fetch`, as far as it is used here. */
export type Fetch = (url: string, init: ProviderRequest) => Promise<Response>

export interface ProviderRequest {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: URLSearchParams | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks a provider: within a time, for so many bytes, without following redirects (a key set or a token
 * comes from where the discovery document says, or not at all).
 * @throws ProviderError `provider-down` when no answer comes or it is a server's fault; `failed` when it is too long
 */
export function providerFetch(fetch: typeof globalThis.fetch): Fetch {
  return async (url, { method, headers, body = null, signal = null }) => {
    try {
      const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' })
      if (response.status >= 500 || response.status === 429) {
        await response.body?.cancel()
        throw new ProviderError('provider-down')
      }
      const bytes = await readLimited(response)
      const type = response.headers.get('content-type')
      return new Response(bytes.length === 0 ? null : bytes, {
        status: response.status,
        headers: type === null ? {} : { 'content-type': type },
      })
    } catch (cause) {
      throw cause instanceof ProviderError ? cause : new ProviderError('provider-down', { cause })
    }
  }
}

async function readLimited(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > MAX_PROVIDER_BYTES) throw new ProviderError('failed')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
