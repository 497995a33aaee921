import type { JWKSCacheInput } from 'oauth4webapi'
import type { SignInPage } from '../../../core/api/sign-in-results.ts'
import type { Proof } from '../../../core/policy/policy.ts'
import type { RateStore } from '../../store/store.ts'
import { bindingHash } from '../browser-binding.ts'
import { sameText } from '../keyed-hash.ts'
import { createTokenBox } from '../sealed-token.ts'
import type { TokenBox } from '../sealed-token.ts'
import type { SecretRing } from '../secret-ring.ts'
import type { SessionAccount } from '../session.ts'
import { accountKey } from './account-key.ts'
import { accountLabel } from './account-label.ts'
import { authorizationUrl } from './authorization-url.ts'
import type { AuthorizationWish } from './authorization-url.ts'
import { decideClaims } from './decide-claims.ts'
import type { Claims, ClaimsDecision } from './decide-claims.ts'
import { createDiscovery } from './discovery.ts'
import type { Metadata } from './discovery.ts'
import { exchangeCode } from './exchange-code.ts'
import { groundTrust } from './ground-worth.ts'
import type { GroundTrust } from './ground-worth.ts'
import { TRANSACTION_LIFETIME_MS } from './limits.ts'
import { isOffered } from './provider.ts'
import type { Provider } from './provider.ts'
import { ProviderError } from './provider-error.ts'
import type { ProviderErrorCode } from './provider-error.ts'
import { providerFetch } from './provider-fetch.ts'
import type { Fetch } from './provider-fetch.ts'
import { realmOf } from './realm.ts'
import type { Ground } from './realm.ts'
import { openTransaction, sealTransaction, transactionName } from './transaction.ts'
import type { Transaction } from './transaction.ts'

export interface AccountNeeds {
  readonly providers: readonly Provider[]
  /** `https://mail.example.com` */
  readonly origin: string
  /** Seals what is on its way. */
  readonly ring: SecretRing
  /** Key of the hashes that associations are kept under, and of what stands for issuers and tenants. */
  readonly associationSecret: Uint8Array
  /** A sign-in comes back once, whatever node it comes to. */
  readonly rates: RateStore
  readonly fetch: typeof globalThis.fetch
  readonly clock: () => number
  readonly randomBytes: (length: number) => Uint8Array
  /** A surprise, or a provider out of order; its text is not for the log. */
  readonly onError: (provider: Provider, error: unknown) => void
}

export interface StartWish extends AuthorizationWish {
  readonly organisationId: string
  readonly privateComputer: boolean
  readonly page: SignInPage
  /** The browser's binding cookie. */
  readonly binding: string
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
export interface Accounts extends GroundTrust {
  /** What an organisation offers, in the order of the configuration. */
  offered(organisationId: string): readonly Provider[]
  /** Undefined for an id that is not configured, or not offered by this organisation. */
  find(id: string, organisationId?: string): Provider | undefined
  start(provider: Provider, wish: StartWish): Promise<Started>
  finish(provider: Provider, answer: CallbackAnswer): Promise<Finished>
}

interface Client {
  readonly provider: Provider
  readonly redirectUri: string
  readonly discover: () => Promise<Metadata>
  readonly keys: JWKSCacheInput
}

type Known = Omit<AccountNeeds, 'fetch'>

/** What signing in takes, made once. */
interface Parts extends Known {
  readonly box: TokenBox
  readonly fetch: Fetch
  readonly clientOf: (provider: Provider) => Client
}

export function createAccounts(needs: AccountNeeds): Accounts {
  const fetch = providerFetch(needs.fetch)
  const clients = createClients(needs, fetch)
  const find = (id: string, organisationId?: string) => {
    const provider = clients.get(id)?.provider
    if (provider === undefined || organisationId === undefined) return provider
    return isOffered(provider, organisationId) ? provider : undefined
  }
  const parts: Parts = {
    ...needs,
    box: createTokenBox(needs.ring, 'sign-in'),
    fetch,
    clientOf({ id }) {
      const client = clients.get(id)
      if (client === undefined) throw new RangeError('a provider that is not configured')
      return client
    },
  }
  return {
    offered: organisationId =>
      needs.providers.filter(provider => isOffered(provider, organisationId)),
    find,
    start: (provider, wish) => start(parts, provider, wish),
    finish: (provider, answer) => finish(parts, provider, answer),
    ...groundTrust(find, needs.associationSecret),
  }
}

function createClients(needs: AccountNeeds, fetch: Fetch): ReadonlyMap<string, Client> {
  return new Map(
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
}

async function start(parts: Parts, provider: Provider, wish: StartWish): Promise<Started> {
  const transaction = newTransaction(parts, provider, wish)
  try {
    const { discover, redirectUri } = parts.clientOf(provider)
    const location = await authorizationUrl(
      provider,
      await discover(),
      redirectUri,
      transaction,
      wish,
    )
    const name = transactionName(transaction.state)
    return { ok: true, location, name, token: await sealTransaction(parts.box, transaction) }
  } catch (error) {
    return { ok: false, result: failureOf(parts, provider, error) }
  }
}

async function finish(parts: Parts, provider: Provider, answer: CallbackAnswer): Promise<Finished> {
  const state = answer.parameters.get('state') ?? ''
  const name = transactionName(state)
  const token = answer.tokenOf(name)
  const transaction = token === null ? null : await openTransaction(parts.box, token)
  const used = { page: transaction?.page ?? 'read', name: token === null ? null : name } as const
  const isHere =
    transaction !== null &&
    isLive(parts, transaction, provider, state, answer.binding) &&
    (await isFirstUse(parts.rates, name, transaction))
  if (!isHere) return { ok: false, result: 'stale', ...used }
  try {
    const claims = await claimsOf(parts, provider, transaction, answer.parameters)
    return await finished(parts, parts.clientOf(provider), transaction, name, claims)
  } catch (error) {
    return { ok: false, result: failureOf(parts, provider, error), ...used }
  }
}

function newTransaction(needs: Known, provider: Provider, wish: StartWish): Transaction {
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

/** Begun by this browser, with this provider, not long ago, for an organisation that still offers it. */
function isLive(
  needs: Known,
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
  { clientOf, fetch }: Parts,
  provider: Provider,
  { state, nonce, codeVerifier }: Transaction,
  parameters: URLSearchParams,
): Promise<Claims> {
  const { discover, keys, redirectUri } = clientOf(provider)
  const metadata = await discover()
  const answer = { parameters, redirectUri, state, nonce, codeVerifier }
  return exchangeCode({ provider, metadata, keys, fetch }, answer)
}

async function finished(
  needs: Known,
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
  const secret = needs.associationSecret
  const ground = { provider: provider.id, realm: realmOf(secret, provider, claims) }
  const vouched = decision.outcome === 'proven'
  const account = {
    ...ground,
    key: accountKey(secret, organisationId, claims),
    label: vouched ? decision.address : accountLabel(claims),
    vouched,
    signedInAtMs: nowMs,
    addresses: [],
  }
  const proof = proofOf(decision, ground, organisationId, nowMs)
  return { ok: true, transaction, name, account, proof }
}

function proofOf(
  decision: Exclude<ClaimsDecision, { outcome: 'refused' }>,
  ground: Ground,
  organisationId: string,
  provenAtMs: number,
): Proof | null {
  if (decision.outcome !== 'proven') return null
  const { address, assurance } = decision
  return { organisationId, address, method: 'account', assurance, provenAtMs, ...ground }
}

function failureOf(needs: Known, provider: Provider, error: unknown): ProviderErrorCode {
  const code = error instanceof ProviderError ? error.code : 'failed'
  if (code !== 'consent-refused') needs.onError(provider, error)
  return code
}
