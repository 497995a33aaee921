import type { Session } from '../identity/session.ts'
import type { Sessions } from '../identity/sessions.ts'
import { clearBinding, clearSessionCookie, readSessionCookie, setSessionCookie } from './cookies.ts'
import { PortalProblem } from './problem.ts'
import type { PortalContext } from './route.ts'
import { clearSignInCookies } from './sign-in-cookies.ts'

/** The session of a request; null when there is none that counts. */
export type ReadSession = (context: PortalContext) => Promise<Session | null>

export function sessionReader(sessions: Sessions): ReadSession {
  return async context => {
    const cookie = readSessionCookie(context)
    return cookie === null ? null : sessions.read(cookie)
  }
}

/** The guard `session`: keeps the session for the handler. @throws PortalProblem `sign-in-required` */
export async function requireSession(
  readSession: ReadSession,
  context: PortalContext,
): Promise<void> {
  const session = await readSession(context)
  if (session === null || (session.proofs.length === 0 && session.account === null))
    throw new PortalProblem('sign-in-required')
  context.set('session', session)
}

/** What the guard has found. @throws PortalProblem `sign-in-required` where it has not run */
export function sessionOf(context: PortalContext): Session {
  const session = context.get('session')
  if (session === undefined) throw new PortalProblem('sign-in-required')
  return session
}

/** Notes that the session was used just now. */
export async function keepSession(
  sessions: Sessions,
  context: PortalContext,
  session: Session,
): Promise<Session> {
  const touched = sessions.touch(session)
  if (touched !== session) await writeSession(sessions, context, touched)
  return touched
}

export async function writeSession(
  sessions: Sessions,
  context: PortalContext,
  session: Session,
): Promise<void> {
  setSessionCookie(context, await sessions.seal(session), session.privateComputer)
}

/** Ends the session on every node at once, and with it what this browser has begun to sign in with. */
export async function endSession(sessions: Sessions, context: PortalContext): Promise<void> {
  const cookie = readSessionCookie(context)
  if (cookie !== null) {
    await sessions.end(cookie)
    clearSessionCookie(context)
  }
  clearSignInCookies(context)
  clearBinding(context)
}
