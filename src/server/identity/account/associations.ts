import type { Address } from '../../../core/address/address.ts'
import type { AssociationView } from '../../../core/api/messages.ts'
import { MAX_ASSOCIATIONS } from '../../../core/api/limits.ts'
import type { Policy, Proof } from '../../../core/policy/policy.ts'
import type { AssociationStore, StoredAssociation } from '../../store/store.ts'
import { createBackgroundTasks } from '../background-tasks.ts'
import { MAX_SESSION_PROOFS } from '../limits.ts'
import { knownAddresses } from '../session.ts'
import type { Session, SessionAccount } from '../session.ts'
import { addressKey } from './account-key.ts'
import type { SendAssociationNotice } from './association-mail.ts'
import { ASSOCIATION_LIFETIME_MS } from './limits.ts'
import type { Provider } from './provider.ts'

export interface AssociationNeeds {
  readonly store: AssociationStore
  /** Key of the hashes. */
  readonly secret: Uint8Array
  /** Undefined when it is not offered (any more): then its associations prove nothing. */
  readonly findProvider: (id: string, organisationId?: string) => Provider | undefined
  readonly notify: SendAssociationNotice
  readonly clock: () => number
  readonly randomBytes: (length: number) => Uint8Array
  readonly onError: (error: unknown) => void
}

/** Accounts that belong to an address which they do not prove. protocol.md §3 */
export interface Associations {
  /** True when the account signs in alone for some address. */
  hasAny(organisationId: string, account: SessionAccount): Promise<boolean>
  /** What a session proves before a message: its own proofs, and those by association. */
  proofsFor(session: Session, policy: Policy): Promise<readonly Proof[]>
  /**
   * A mailbox was proven in a session with an account: the association that exists lives on; with
   * `wish` (its language) one is made, and the address is told.
   */
  afterPasscode(
    session: Session,
    proof: Proof,
    wish: { readonly locale: string } | null,
  ): Promise<void>
  /** The person's own: of the addresses and the account of the session. */
  list(session: Session): Promise<readonly AssociationView[]>
  /** False for one that is not the person's own. */
  remove(session: Session, id: string): Promise<boolean>
  /** Resolves when no notice is on its way. */
  settle(): Promise<void>
}

export function createAssociations(needs: AssociationNeeds): Associations {
  const { store, clock, findProvider } = needs
  const tasks = createBackgroundTasks(needs.onError)
  const living = async (organisationId: string, account: SessionAccount) => {
    if (findProvider(account.provider, organisationId) === undefined) return []
    return store.ofAccount(organisationId, hashOf(account), clock())
  }
  return {
    hasAny: async (organisationId, account) => (await living(organisationId, account)).length > 0,
    async proofsFor(session, policy) {
      const { account, organisationId, proofs } = session
      if (account === null || organisationId !== policy.organisationId) return proofs
      const known = await living(organisationId, account)
      return [...proofs, ...proofsBy(needs.secret, known, account, policy)]
    },
    async afterPasscode(session, proof, wish) {
      const { account, organisationId } = session
      if (account === null || organisationId !== proof.organisationId) return
      if (wish === null) await renew(needs, account, proof)
      else if (await associate(needs, account, proof)) {
        const name = findProvider(account.provider)?.name ?? account.provider
        const { address: to } = proof
        const about = { provider: name, account: account.label, vouched: account.vouched }
        const notice = { to, organisationId, ...about, locale: wish.locale }
        tasks.run(() => needs.notify(notice), 0)
      }
    },
    list: session => list(needs, session),
    async remove(session, id) {
      const own = await ownRows(needs, session)
      if (!own.some(row => row.association.id === id)) return false
      return store.remove(session.organisationId, id)
    },
    settle: () => tasks.settle(),
  }
}

/** Proofs for the recipients that the account is associated with, each worth what it was made under. */
function proofsBy(
  secret: Uint8Array,
  known: readonly StoredAssociation[],
  account: SessionAccount,
  policy: Policy,
): Proof[] {
  if (known.length === 0) return []
  const byHash = new Map(known.map(each => [nameOfHash(each.addressHash), each]))
  const { organisationId } = policy
  return policy.recipients.flatMap(({ address }) => {
    const found = byHash.get(nameOfHash(addressKey(secret, organisationId, address)))
    if (found === undefined) return []
    const { assurance } = found
    const { provider, realm, signedInAtMs: provenAtMs } = account
    return [{ organisationId, address, method: 'account', assurance, provenAtMs, provider, realm }]
  })
}

async function renew(
  { store, secret, clock }: AssociationNeeds,
  account: SessionAccount,
  { organisationId, address }: Proof,
): Promise<void> {
  const addressHash = addressKey(secret, organisationId, address)
  const association = { organisationId, accountHash: hashOf(account), addressHash }
  await store.renew(association, clock(), clock() + ASSOCIATION_LIFETIME_MS)
}

/** True when it is new. Only what this session proved itself is a ground for it. */
async function associate(
  { store, secret, clock, randomBytes }: AssociationNeeds,
  account: SessionAccount,
  { organisationId, address, assurance }: Proof,
): Promise<boolean> {
  const nowMs = clock()
  return store.put({
    id: Buffer.from(randomBytes(16)).toString('base64url'),
    organisationId,
    accountHash: hashOf(account),
    addressHash: addressKey(secret, organisationId, address),
    provider: account.provider,
    assurance,
    createdAtMs: nowMs,
    lastProvenAtMs: nowMs,
    lapsesAtMs: nowMs + ASSOCIATION_LIFETIME_MS,
  })
}

interface OwnRow {
  readonly association: StoredAssociation
  /** Null when the session cannot name it. */
  readonly address: Address | null
}

/** Those of an address that the session names, and those of its account. */
async function ownRows(needs: AssociationNeeds, session: Session): Promise<readonly OwnRow[]> {
  const { store, secret, clock } = needs
  const { organisationId, account } = session
  const named = await Promise.all(
    knownAddresses(session).map(async address => {
      const found = await store.ofAddress(
        organisationId,
        addressKey(secret, organisationId, address),
        clock(),
      )
      return found.map(association => ({ association, address }))
    }),
  )
  const rows: OwnRow[] = named.flat()
  const names = new Set(rows.map(row => row.association.id))
  if (account === null) return rows
  const others = await store.ofAccount(organisationId, hashOf(account), clock())
  const unnamed = others.filter(({ id }) => !names.has(id))
  return [...rows, ...unnamed.map(association => ({ association, address: null }))]
}

async function list(
  needs: AssociationNeeds,
  session: Session,
): Promise<readonly AssociationView[]> {
  const rows = (await ownRows(needs, session)).slice(0, MAX_ASSOCIATIONS)
  return rows.map(({ association, address }) => ({
    id: association.id,
    provider: {
      id: association.provider,
      name: needs.findProvider(association.provider)?.name ?? association.provider,
    },
    address,
    thisAccount:
      session.account !== null && nameOfHash(association.accountHash) === session.account.key,
    createdAtMs: association.createdAtMs,
    lastProvenAtMs: association.lastProvenAtMs,
    lapsesAtMs: association.lapsesAtMs,
  }))
}

/** The session with an associated address that a release named. */
export function withNamedAddress(session: Session, address: Address): Session {
  const { account } = session
  if (account === null || knownAddresses(session).includes(address)) return session
  const addresses = [...account.addresses, address].slice(-MAX_SESSION_PROOFS)
  return { ...session, account: { ...account, addresses } }
}

const hashOf = (account: SessionAccount): Uint8Array =>
  new Uint8Array(Buffer.from(account.key, 'base64url'))

const nameOfHash = (hash: Uint8Array): string => Buffer.from(hash).toString('base64url')
