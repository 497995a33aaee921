import { getCookie } from 'hono/cookie'
import { MAX_TRANSACTIONS, TRANSACTION_LIFETIME_MS } from '../identity/account/limits.ts'
import type { PortalContext } from './route.ts'

/** One cookie for each sign-in that is on its way, so that tabs do not disturb each other. */
const PREFIX = '__Host-zegel-sign-in-'
/** Lax: it must come along when the provider leads the reader back here. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax'

export function readSignInCookie(context: PortalContext, name: string): string | null {
  return getCookie(context, `${PREFIX}${name}`) ?? null
}

/** Sets it, and forgets the oldest of too many. */
export function setSignInCookie(context: PortalContext, name: string, token: string): void {
  // RFC 6265 §5.4: browsers send the oldest first.
  const others = Object.keys(getCookie(context)).filter(each => each.startsWith(PREFIX))
  for (const old of others.slice(0, Math.max(0, others.length - MAX_TRANSACTIONS + 1)))
    clearSignInCookie(context, old.slice(PREFIX.length))
  const age = TRANSACTION_LIFETIME_MS / 1000
  write(context, `${PREFIX}${name}=${token}; ${ATTRIBUTES}; Max-Age=${age}`)
}

export function clearSignInCookie(context: PortalContext, name: string): void {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) return
  write(context, `${PREFIX}${name}=; ${ATTRIBUTES}; Max-Age=0`)
}

/** Signed out: what is still on its way through a provider, in another tab, comes back to nothing. */
export function clearSignInCookies(context: PortalContext): void {
  for (const name of Object.keys(getCookie(context)))
    if (name.startsWith(PREFIX)) clearSignInCookie(context, name.slice(PREFIX.length))
}

function write(context: PortalContext, value: string): void {
  context.header('Set-Cookie', value, { append: true })
}
