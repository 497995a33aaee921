import { getCookie } from 'hono/cookie'
import { PASSCODE_LIFETIME_MS, SESSION_LIFETIME_MS } from '../identity/limits.ts'
import { isBinding } from '../identity/browser-binding.ts'
import type { PortalContext } from './route.ts'

/** `__Host-` (RFC 6265bis §4.1.3.2): set by this host over TLS, for all of it; no other host can plant one. */
const SESSION = '__Host-zegel-session'
const BROWSER = '__Host-zegel-browser'
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax'

export function readSessionCookie(context: PortalContext): string | null {
  return getCookie(context, SESSION) ?? null
}

/** @param lasts on a private computer it outlives the browser's end */
export function setSessionCookie(context: PortalContext, token: string, lasts: boolean): void {
  const age = lasts ? `; Max-Age=${SESSION_LIFETIME_MS / 1000}` : ''
  setCookie(context, `${SESSION}=${token}; ${ATTRIBUTES}${age}`)
}

export function clearSessionCookie(context: PortalContext): void {
  setCookie(context, `${SESSION}=; ${ATTRIBUTES}; Max-Age=0`)
}

/** Null when there is none, or none that we could have set. */
export function readBinding(context: PortalContext): string | null {
  const value = getCookie(context, BROWSER)
  return value !== undefined && isBinding(value) ? value : null
}

/** Set when the first passcode is asked for, kept as long as a passcode is valid. */
export function setBinding(context: PortalContext, binding: string): void {
  const age = PASSCODE_LIFETIME_MS / 1000
  setCookie(context, `${BROWSER}=${binding}; ${ATTRIBUTES}; Max-Age=${age}`)
}

/** Passcodes and sign-ins that this browser began are worth nothing without it. */
export function clearBinding(context: PortalContext): void {
  if (getCookie(context, BROWSER) !== undefined)
    setCookie(context, `${BROWSER}=; ${ATTRIBUTES}; Max-Age=0`)
}

function setCookie(context: PortalContext, value: string): void {
  context.header('Set-Cookie', value, { append: true })
}
