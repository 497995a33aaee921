import { calculatePKCECodeChallenge } from 'oauth4webapi'
import type { JWKSCacheInput } from 'oauth4webapi'
import type { Address } from '../../../core/address/address.ts'
import type { SignInPage, SignInPrompt } from '../../../core/api/sign-in-results.ts'
import type { Proof } from '../../../core/policy/policy.ts'
import type { RateStore } from '../../store/store.ts'
import { bindingHash } from '../browser-binding.ts'
import { sameText } from '../keyed-hash.ts'
import { createTokenBox } from '../sealed-token.ts'
import type { SessionAccount } from '../session.ts'
import { accountKey } from './account-key.ts'
import { accountLabel } from './account-label.ts'
import { decideClaims, isTrustedFor } from './decide-claims.ts'
import type { Claims, ClaimsDecision } from './decide-claims.ts'
import { createDiscovery } from './discovery.ts'
import type { Metadata } from './discovery.ts'
import { exchangeCode } from './exchange-code.ts'
import { TRANSACTION_LIFETIME_MS } from './limits.ts'
import { isOffered } from './provider.ts'
import type { Provider } from './provider.ts'
import { ProviderError } from './provider-error.ts'
import type { ProviderErrorCode } from './provider-error.ts'
import { providerFetch } from './provider-fetch.ts'
import { openTransaction, sealTransaction, transactionName } from './transaction.ts'
import type { Transaction } from './transaction.ts'

export interface AccountNeeds {
  readonly providers: readonly Provider[]
  /** `https://mail.example.com` */
  readonly origin: string
  /** Seals what is on its way. */
  readonly cookieSecret: Uint8Array
  /** Key of the hashes that associations are kept under. */
  readonly associationSecret: Uint8Array
  /** A sign-in comes back once, whatever node it comes to. */
  readonly rates: RateStore
  readonly fetch: typeof globalThis.fetch
  readonly clock: () => number
  readonly randomBytes: (length: number) => Uint8Array
  /** A surprise, or a provider out of order; its text is not for the log. */
  readonly onError: (provider: Provider, error: unknown) => void
}

export interface StartWish {
  readonly organisationId: string
  readonly privateComputer: boolean
  readonly prompt: SignInPrompt
  readonly page: SignInPage
  /** The browser's binding cookie. */
  readonly binding: string
  /** An address that the person has proven; shown to the provider. Null: none. */
  readonly hint: Address | null
}

export type Started =
  | {
      readonly ok: true
      readonly location: string
      /** Names the transaction's cookie. */
      readonly name: string
      readonly token: string
    }
  | { readonly ok: false; readonly result: ProviderErrorCode }

export interface CallbackAnswer {
  readonly parameters: URLSearchParams
  readonly binding: string | null
  /** The cookie of a transaction's name; null when there is none. */
  readonly tokenOf: (name: string) => string | null
}

export type Finished =
  | {
      readonly ok: true
      readonly transaction: Transaction
      readonly name: string
      readonly account: SessionAccount
      /** Null: the account proves no address. */
      readonly proof: Proof | null
    }
  | {
      readonly ok: false
      readonly result: ProviderErrorCode | 'account-refused' | 'stale'
      readonly page: SignInPage
      /** The cookie that is used up; null: none was. */
      readonly name: string | null
    }

/** Signing in with accounts of other providers. protocol.md §3 */
export interface Accounts {
  /** What an organisation offers, in the order of the configuration. */
  offered(organisationId: string): readonly Provider[]
  /** Undefined for an id that is not configured, or not offered by this organisation. */
  find(id: string, organisationId?: string): Provider | undefined
  start(provider: Provider, wish: StartWish): Promise<Started>
  finish(provider: Provider, answer: CallbackAnswer): Promise<Finished>
  /** False for a proof of an account whose provider is not trusted for it any more. */
  isTrusted(proof: Proof): boolean
}

interface Client {
  readonly provider: Provider
  readonly redirectUri: string
  readonly discover: () => Promise<Metadata>
  readonly keys: JWKSCacheInput
}

export function createAccounts(needs: AccountNeeds): Accounts {
  const box = createTokenBox(needs.cookieSecret, 'sign-in')
  const fetch = providerFetch(needs.fetch)
  const clients = new Map<string, Client>(
    needs.providers.map(provider => [
      provider.id,
      {
        provider,
        redirectUri: `${needs.origin}/auth/${provider.id}/callback`,
        discover: createDiscovery(provider, fetch, needs.clock),
        keys: {},
      },
    ]),
  )
  const find = (id: string, organisationId?: string) => {
    const provider = clients.get(id)?.provider
    if (provider === undefined || organisationId === undefined) return provider
    return isOffered(provider, organisationId) ? provider : undefined
  }
  const clientOf = ({ id }: Provider): Client => {
    const client = clients.get(id)
    if (client === undefined) throw new RangeError('a provider that is not configured')
    return client
  }
  return {
    offered: organisationId =>
      needs.providers.filter(provider => isOffered(provider, organisationId)),
    find,
    async start(provider, wish) {
      const transaction = newTransaction(needs, provider, wish)
      try {
        const location = await authorizationUrl(clientOf(provider), transaction, wish)
        const name = transactionName(needs.cookieSecret, transaction.state)
        return { ok: true, location, name, token: await sealTransaction(box, transaction) }
      } catch (error) {
        return { ok: false, result: failureOf(needs, provider, error) }
      }
    },
    async finish(provider, answer) {
      const state = answer.parameters.get('state') ?? ''
      const name = transactionName(needs.cookieSecret, state)
      const token = answer.tokenOf(name)
      const transaction = token === null ? null : await openTransaction(box, token)
      const used = {
        page: transaction?.page ?? 'read',
        name: token === null ? null : name,
      } as const
      const isHere =
        transaction !== null &&
        isLive(needs, transaction, provider, state, answer.binding) &&
        (await isFirstUse(needs.rates, name, transaction))
      if (!isHere) return { ok: false, result: 'stale', ...used }
      try {
        const claims = await claimsOf(clientOf(provider), fetch, transaction, answer.parameters)
        return await finished(needs, clientOf(provider), transaction, name, claims)
      } catch (error) {
        return { ok: false, result: failureOf(needs, provider, error), ...used }
      }
    },
    isTrusted(proof) {
      if (proof.method !== 'account') return true
      const provider = find(proof.provider ?? '', proof.organisationId)
      if (provider === undefined) return false
      return provider.kind !== 'openid' || isTrustedFor(provider, proof.address)
    },
  }
}

function newTransaction(needs: AccountNeeds, provider: Provider, wish: StartWish): Transaction {
  const random = () => Buffer.from(needs.randomBytes(32)).toString('base64url')
  return {
    provider: provider.id,
    organisationId: wish.organisationId,
    state: random(),
    nonce: random(),
    codeVerifier: random(),
    browser: bindingHash(wish.binding),
    privateComputer: wish.privateComputer,
    page: wish.page,
    startedAtMs: needs.clock(),
  }
}

/** OpenID Connect Core §3.1.2.1, RFC 7636 */
async function authorizationUrl(
  { provider, redirectUri, discover }: Client,
  { state, nonce, codeVerifier }: Transaction,
  { prompt, hint }: StartWish,
): Promise<string> {
  const { authorization_endpoint: endpoint } = await discover()
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
export function canCreate({ kind, tenants }: Provider): boolean {
  return kind === 'microsoft' && tenants.length === 0
}

/** Begun by this browser, with this provider, not long ago, for an organisation that still offers it. */
function isLive(
  needs: AccountNeeds,
  transaction: Transaction,
  provider: Provider,
  state: string,
  binding: string | null,
): boolean {
  const ageMs = needs.clock() - transaction.startedAtMs
  return (
    sameText(transaction.state, state) &&
    transaction.provider === provider.id &&
    isOffered(provider, transaction.organisationId) &&
    binding !== null &&
    sameText(bindingHash(binding), transaction.browser) &&
    ageMs >= 0 &&
    ageMs < TRANSACTION_LIFETIME_MS
  )
}

/** Replay of a callback: an allowance of one, taken in one atomic statement. */
async function isFirstUse(
  rates: RateStore,
  name: string,
  { startedAtMs }: Transaction,
): Promise<boolean> {
  const endMs = startedAtMs + TRANSACTION_LIFETIME_MS
  return (await rates.take(`sign-in.${name}`, startedAtMs, endMs)) === 1
}

async function claimsOf(
  { provider, discover, keys, redirectUri }: Client,
  fetch: ReturnType<typeof providerFetch>,
  { state, nonce, codeVerifier }: Transaction,
  parameters: URLSearchParams,
): Promise<Claims> {
  const metadata = await discover()
  const answer = { parameters, redirectUri, state, nonce, codeVerifier }
  return exchangeCode({ provider, metadata, keys, fetch }, answer)
}

async function finished(
  needs: AccountNeeds,
  { provider, discover }: Client,
  transaction: Transaction,
  name: string,
  claims: Claims,
): Promise<Finished> {
  const { issuer: metadataIssuer } = await discover()
  const decision = decideClaims({ ...provider, metadataIssuer }, claims)
  if (decision.outcome === 'refused')
    return { ok: false, result: 'account-refused', page: transaction.page, name }
  const { organisationId } = transaction
  const nowMs = needs.clock()
  const account = {
    provider: provider.id,
    key: accountKey(needs.associationSecret, organisationId, claims),
    label: accountLabel(claims),
    signedInAtMs: nowMs,
    addresses: [],
  }
  const proof = proofOf(decision, provider, organisationId, nowMs)
  return { ok: true, transaction, name, account, proof }
}

function proofOf(
  decision: Exclude<ClaimsDecision, { outcome: 'refused' }>,
  provider: Provider,
  organisationId: string,
  provenAtMs: number,
): Proof | null {
  if (decision.outcome !== 'proven') return null
  const { address, assurance } = decision
  return {
    organisationId,
    address,
    method: 'account',
    assurance,
    provenAtMs,
    provider: provider.id,
  }
}

function failureOf(needs: AccountNeeds, provider: Provider, error: unknown): ProviderErrorCode {
  const code = error instanceof ProviderError ? error.code : 'failed'
  if (code !== 'consent-refused') needs.onError(provider, error)
  return code
}
