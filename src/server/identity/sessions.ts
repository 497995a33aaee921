import type { Proof } from '../../core/policy/policy.ts'
import type { EndedSessionStore } from '../store/store.ts'
import { MAX_SESSION_CHARACTERS, SESSION_LIFETIME_MS, SESSION_RENEWAL_MS } from './limits.ts'
import { createTokenBox } from './sealed-token.ts'
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

/** Sessions in sealed cookies; only ended ones are stored. protocol.md §3 */
export function createSessions(needs: {
  readonly store: EndedSessionStore
  readonly secret: Uint8Array
  /** Canonical host of the portal. */
  readonly host: string
  readonly clock: () => number
  readonly randomBytes: (length: number) => Uint8Array
  /** False for a proof by a provider that is not trusted for it any more. protocol.md §3 */
  readonly isTrusted?: (proof: Proof) => boolean
}): Sessions {
  const { store, host, clock, randomBytes, isTrusted = () => true } = needs
  const box = createTokenBox(needs.secret, 'session')
  const open = async (cookie: string): Promise<Session | null> => {
    const session = decodeSession(await box.open(cookie))
    return session?.host === host ? session : null
  }
  /** The browser's old session ends; what it proved before the same organisation goes on. */
  const renew = async (
    old: Session | null,
    organisationId: string,
    privateComputer: boolean,
  ): Promise<Session> => {
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
  const withProof = (session: Session, proof: Proof): Session => ({
    ...session,
    proofs: mergeProofs(session.proofs, proof, session.createdAtMs),
  })
  return {
    async read(cookie) {
      const session = await open(cookie)
      if (session === null || isOver(session, clock())) return null
      if (await store.isEnded(session.id)) return null
      if (session.family !== session.id && (await store.isEnded(familyKey(session)))) return null
      return withLiveProofs(session, clock(), isTrusted)
    },
    async signIn(old, proof, privateComputer) {
      return withProof(await renew(old, proof.organisationId, privateComputer), proof)
    },
    async signInAccount(old, { organisationId, account }, proof, privateComputer) {
      const session = { ...(await renew(old, organisationId, privateComputer)), account }
      return proof === null ? session : withProof(session, proof)
    },
    touch(session) {
      const nowMs = clock()
      return nowMs - session.seenAtMs < SESSION_RENEWAL_MS
        ? session
        : { ...session, seenAtMs: nowMs }
    },
    async end(cookie) {
      const session = await open(cookie)
      if (session === null) return
      await store.end(session.id, endsAtMs(session))
      await store.end(familyKey(session), endsAtMs(session))
    },
    async seal(session) {
      let kept = session
      let token = await box.seal(encodeSession(kept))
      while (token.length > MAX_SESSION_CHARACTERS && hasMore(kept)) {
        kept = withoutOldest(kept)
        token = await box.seal(encodeSession(kept))
      }
      return token
    },
  }
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

/** A proof keeps its own time, also when a later sign-in made the session new; an account does too. */
function withLiveProofs(
  session: Session,
  nowMs: number,
  isTrusted: (proof: Proof) => boolean,
): Session {
  const isLive = (sinceMs: number) => sinceMs + SESSION_LIFETIME_MS > nowMs
  const proofs = session.proofs.filter(proof => isLive(proof.provenAtMs) && isTrusted(proof))
  const account =
    session.account !== null && isLive(session.account.signedInAtMs) ? session.account : null
  return { ...session, proofs, account }
}
