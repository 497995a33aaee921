import type { Proof } from '../../core/policy/policy.ts'
import type { EndedSessionStore } from '../store/store.ts'
import { MAX_SESSION_CHARACTERS, SESSION_LIFETIME_MS, SESSION_RENEWAL_MS } from './limits.ts'
import { createTokenBox } from './sealed-token.ts'
import type { TokenBox } from './sealed-token.ts'
import type { SecretRing } from './secret-ring.ts'
import { decodeSession, encodeSession, endsAtMs, idleUntilMs, mergeProofs } from './session.ts'
import type { Session, SessionAccount } from './session.ts'

export interface Sessions {
  /** The session that a cookie holds; null when it is none, ended, too old, or of another host. */
  read(cookie: string): Promise<Session | null>
  /** A new session with one more proof; the browser's old one ends, so its id is worth nothing any more. */
  signIn(old: Session | null, proof: Proof, privateComputer: boolean): Promise<Session>
  /** As `signIn`, with an account; `proof` is null when the account proves no address. */
  signInAccount(
    old: Session | null,
    account: SignedInAccount,
    proof: Proof | null,
    privateComputer: boolean,
  ): Promise<Session>
  /** The session as used now; the same object when the cookie need not be written anew. */
  touch(session: Session): Session
  /**
   * Ends what a cookie holds on every node at once, with all that was renewed from it: who stole the cookie
   * and signed in with it keeps nothing of it.
   */
  end(cookie: string): Promise<void>
  seal(session: Session): Promise<string>
}

/** An account before one organisation. */
export interface SignedInAccount {
  readonly organisationId: string
  readonly account: SessionAccount
}

/** What a session holds is asked anew at every use: trust falls between two requests. protocol.md §3 */
export interface Standing {
  /** The proof as far as it counts now; null: not at all. */
  readonly proof: (proof: Proof) => Promise<Proof | null>
  readonly isAccepted: (organisationId: string, account: SessionAccount) => boolean
}

export interface SessionNeeds {
  readonly store: EndedSessionStore
  readonly ring: SecretRing
  /** Canonical host of the portal. */
  readonly host: string
  readonly clock: () => number
  readonly randomBytes: (length: number) => Uint8Array
  readonly standing: Standing
}

/** Sessions in sealed cookies; only ended ones are stored. protocol.md §3 */
export function createSessions(needs: SessionNeeds): Sessions {
  const box = createTokenBox(needs.ring, 'session')
  return {
    read: cookie => read(needs, box, cookie),
    signIn: async (old, proof, privateComputer) =>
      withProof(await renew(needs, old, proof.organisationId, privateComputer), proof),
    async signInAccount(old, { organisationId, account }, proof, privateComputer) {
      const session = { ...(await renew(needs, old, organisationId, privateComputer)), account }
      return proof === null ? session : withProof(session, proof)
    },
    touch: session => touch(session, needs.clock()),
    end: cookie => end(needs, box, cookie),
    seal: session => seal(box, session),
  }
}

/** Null when it is no session of this host. */
async function open({ host }: SessionNeeds, box: TokenBox, cookie: string) {
  const session = decodeSession(await box.open(cookie))
  return session?.host === host ? session : null
}

async function read(needs: SessionNeeds, box: TokenBox, cookie: string): Promise<Session | null> {
  const session = await open(needs, box, cookie)
  if (session === null || isOver(session, needs.clock())) return null
  return (await isEnded(needs.store, session)) ? null : asItStands(needs, session)
}

async function isEnded(store: EndedSessionStore, session: Session): Promise<boolean> {
  if (await store.isEnded(session.id)) return true
  return session.family !== session.id && store.isEnded(familyKey(session))
}

/** The browser's old session ends; what it proved before the same organisation goes on. */
async function renew(
  { store, host, clock, randomBytes }: SessionNeeds,
  old: Session | null,
  organisationId: string,
  privateComputer: boolean,
): Promise<Session> {
  if (old !== null) await store.end(old.id, endsAtMs(old))
  const nowMs = clock()
  const same = old?.organisationId === organisationId ? old : null
  const id = Buffer.from(randomBytes(16)).toString('base64url')
  return {
    id,
    family: same?.family ?? id,
    organisationId,
    host,
    proofs: same?.proofs ?? [],
    account: same?.account ?? null,
    privateComputer,
    createdAtMs: nowMs,
    seenAtMs: nowMs,
  }
}

function withProof(session: Session, proof: Proof): Session {
  return { ...session, proofs: mergeProofs(session.proofs, proof, session.createdAtMs) }
}

function touch(session: Session, nowMs: number): Session {
  return nowMs - session.seenAtMs < SESSION_RENEWAL_MS ? session : { ...session, seenAtMs: nowMs }
}

async function end(needs: SessionNeeds, box: TokenBox, cookie: string): Promise<void> {
  const session = await open(needs, box, cookie)
  if (session === null) return
  await needs.store.end(session.id, endsAtMs(session))
  await needs.store.end(familyKey(session), endsAtMs(session))
}

async function seal(box: TokenBox, session: Session): Promise<string> {
  const token = await box.seal(encodeSession(session))
  if (token.length <= MAX_SESSION_CHARACTERS || !hasMore(session)) return token
  return seal(box, withoutOldest(session))
}

const hasMore = ({ proofs, account }: Session): boolean =>
  proofs.length > 1 || (account?.addresses.length ?? 0) > 0

/** Names go first: they open nothing. Then the proof that is oldest. */
function withoutOldest(session: Session): Session {
  const { proofs, account } = session
  if (account === null || account.addresses.length === 0)
    return { ...session, proofs: proofs.slice(1) }
  return { ...session, account: { ...account, addresses: account.addresses.slice(1) } }
}

/** Not the first session's own id: that one has ended at the next sign-in, and the family goes on. */
const familyKey = ({ family }: Session): string => `family.${family}`

function isOver(session: Session, nowMs: number): boolean {
  return nowMs >= idleUntilMs(session) || session.createdAtMs > nowMs + SESSION_RENEWAL_MS
}

/**
 * A proof keeps its own time, also when a later sign-in made the session new; an account does too. Neither
 * outlives the trust that it rests on.
 */
async function asItStands(needs: SessionNeeds, session: Session): Promise<Session> {
  const { standing, clock } = needs
  const isLive = (sinceMs: number) => sinceMs + SESSION_LIFETIME_MS > clock()
  const live = session.proofs.filter(proof => isLive(proof.provenAtMs))
  const proofs = await Promise.all(live.map(proof => standing.proof(proof)))
  const { account, organisationId } = session
  const stays =
    account !== null && isLive(account.signedInAtMs) && standing.isAccepted(organisationId, account)
  return {
    ...session,
    proofs: proofs.filter(proof => proof !== null),
    account: stays ? account : null,
  }
}
