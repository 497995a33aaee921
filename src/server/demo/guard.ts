import type { MiddlewareHandler } from 'hono'

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Lets nobody in but the mailbox's own pages and programs on this machine.
 * The mailbox holds passcodes, and any web page may send requests to a loopback port: a foreign host name means
 * DNS rebinding, a foreign origin means cross-site forgery.
 */
export function guard(publicUrl: string | undefined): MiddlewareHandler {
  const publicHost = publicUrl === undefined ? undefined : new URL(publicUrl).host
  return async (context, next) => {
    const { headers, method } = context.req.raw
    const { host, hostname } = new URL(context.req.url)
    if (!LOOPBACK_NAMES.has(hostname) && host !== publicHost)
      return context.text('This mailbox answers under its own address only.\n', 421)
    if (method !== 'GET' && method !== 'HEAD' && isForeign(headers, host))
      return context.text('The request came from another site.\n', 403)
    return next()
  }
}

/** Browsers name the origin of each such request; a program that is none of them names nothing. */
function isForeign(headers: Headers, host: string): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site !== 'same-origin' && site !== 'none'
  const origin = headers.get('origin')
  return origin !== null && (!URL.canParse(origin) || new URL(origin).host !== host)
}
