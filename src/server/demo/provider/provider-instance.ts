import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JWK, Provider } from 'oidc-provider'
import type { AccountBook } from './account-book.ts'
import { memoryAdapter } from './memory-adapter.ts'

/** The portal, as the provider knows it. */
export interface SimulatedClient {
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUris: readonly string[]
}

/** One issuer: a tenant of the simulated Microsoft, or the simulated Google. */
export interface ProviderInstance {
  /** Answers a request whose path begins with the issuer's. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
}

export interface InstanceNeeds {
  readonly issuer: string
  readonly clients: readonly SimulatedClient[]
  readonly accounts: AccountBook
  readonly key: JWK
  /** A code was issued; asked for by the one token endpoint of many tenants. */
  readonly onCode: (code: string) => void
}

/** As `login_hint`: the person says no. */
export const REFUSAL = 'refused'

/** Whatever a claim of our accounts is called. */
const CLAIMS = [
  'sub',
  'amr',
  'tid',
  'acct',
  'xms_edov',
  'hd',
  'email',
  'email_verified',
  'name',
  'preferred_username',
]

/**
 * A real OpenID provider without a login of its own: whom the page has chosen comes as `login_hint`.
 * @throws when oidc-provider, an optional dependency, is not installed
 */
export async function createInstance(needs: InstanceNeeds): Promise<ProviderInstance> {
  const { default: OidcProvider } = await import('oidc-provider')
  const { issuer, accounts } = needs
  const mount = new URL(issuer).pathname
  const provider = new OidcProvider(issuer, {
    adapter: memoryAdapter(),
    clients: needs.clients.map(client => ({
      client_id: client.clientId,
      client_secret: client.clientSecret,
      redirect_uris: [...client.redirectUris],
      token_endpoint_auth_method: 'client_secret_post',
    })),
    claims: { openid: CLAIMS, email: [], profile: [] },
    conformIdTokenClaims: false,
    cookies: { keys: [crypto.randomUUID()] },
    features: { devInteractions: { enabled: false }, userinfo: { enabled: false } },
    jwks: { keys: [needs.key] },
    interactions: { url: (_, { uid }) => `${mount}/interaction/${uid}` },
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 300,
      Interaction: 600,
      Session: 600,
    },
    findAccount: (_, sub) => {
      const account = accounts.find(sub)
      return account && { accountId: sub, claims: () => ({ ...account.claims, sub }) }
    },
    renderError(context, { error }) {
      context.type = 'text/plain'
      context.body = `The simulated provider refuses: ${error}\n`
    },
    // Whoever picks an account has agreed.
    async loadExistingGrant(context) {
      const { client, session, provider: own } = context.oidc
      if (client === undefined || session?.accountId === undefined) return undefined
      const grant = new own.Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  provider.proxy = true
  provider.on('authorization_code.saved', code => needs.onCode(code.jti))
  const answer = provider.callback()
  return {
    async handle(request, response) {
      const path = (request.url ?? '').slice(mount.length)
      if (path.startsWith('/interaction/')) return finish(provider, accounts, request, response)
      // So it knows below which path it stands, as below a router.
      Object.assign(request, { url: path, baseUrl: mount, originalUrl: request.url })
      await answer(request, response)
    },
  }
}

async function finish(
  provider: Provider,
  accounts: AccountBook,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response)
  const account = accounts.find(String(params['login_hint']))
  const result =
    account === undefined
      ? { error: 'access_denied', error_description: 'the person said no' }
      : { login: { accountId: account.id, amr: [...account.amr], remember: false } }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
}
