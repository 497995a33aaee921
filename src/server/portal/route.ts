import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { Session } from '../identity/session.ts'

/**
 * Who may call a route. `anyone`: it changes nothing and shows nothing of a message.
 * `same-origin`: only our own pages. `session`: our own pages, with a session of this host.
 * `transaction`: led back here by a provider, so from its site; the sealed transaction of this browser decides.
 * `operator`: health, for whatever host name a load balancer uses.
 */
export const GUARDS = ['anyone', 'same-origin', 'session', 'transaction', 'operator'] as const
export type Guard = (typeof GUARDS)[number]

/** Which set of header fields an answer gets. */
export type HeaderProfile = 'page' | 'reader' | 'api' | 'asset'

/** `incoming` is missing where there is no socket (the app called as a function). */
export interface PortalEnv {
  Bindings: Partial<HttpBindings>
  Variables: {
    /** The client's network, seen through trusted proxies, for limits. */
    network: string
    /** Of the browser; there on every route whose guard is `session`. */
    session: Session | undefined
  }
}

export type PortalContext = Context<PortalEnv>
export type Handler = (context: PortalContext) => Promise<Response> | Response

/** One line of the route table. What is not in the table does not exist. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly guard: Guard
  readonly profile: HeaderProfile
  readonly handle: Handler
  /** Who is refused is answered when the body has been read: a browser does not look before. */
  readonly body?: 'large'
}
