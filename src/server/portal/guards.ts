import { PortalProblem } from './problem.ts'
import type { PortalContext } from './route.ts'

/**
 * Our own pages alone: by `Sec-Fetch-Site`, which no page can forge, else by `Origin`. A request
 * that changes something and has neither is refused; one that only reads may come without.
 * @param origin canonical: `https://mail.example.com`
 * @throws PortalProblem `cross-site`
 */
export function requireSameOrigin(context: PortalContext, origin: string): void {
  const site = context.req.header('sec-fetch-site')
  const from = context.req.header('origin')
  const isRead = context.req.method === 'GET' || context.req.method === 'HEAD'
  if (site !== undefined && site !== 'same-origin' && !(isRead && site === 'none'))
    throw new PortalProblem('cross-site')
  if (from !== undefined && from !== origin) throw new PortalProblem('cross-site')
  if (site === undefined && from === undefined && !isRead)
    throw new PortalProblem('cross-site', { detail: 'Origin or Sec-Fetch-Site is missing' })
}
