import { sessionView } from '../../identity/session.ts'
import type { Sessions } from '../../identity/sessions.ts'
import type { Handler } from '../route.ts'
import { endSession, keepSession, sessionOf } from '../session-cookie.ts'

/** `GET /api/session`: who is signed in; asking counts as use, so a page extends the session by it (WCAG 2.2.1). */
export function sessionHandler(sessions: Sessions): Handler {
  return async context =>
    context.json(sessionView(await keepSession(sessions, context, sessionOf(context))))
}

/** `DELETE /api/session`: signs out, on every node at once. */
export function signOutHandler(sessions: Sessions): Handler {
  return async context => {
    await endSession(sessions, context)
    return context.body(null, 204)
  }
}
