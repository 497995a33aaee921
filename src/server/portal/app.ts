import { Hono } from 'hono'
import { STATUS_OF } from '../../core/api/problem-status.ts'
import type { Log } from '../telemetry/log.ts'
import type { Counters } from '../telemetry/counters.ts'
import { networkPrefix } from '../identity/network-prefix.ts'
import type { ClientAddress } from './client-address.ts'
import { requireSameOrigin } from './guards.ts'
import { discardBody } from './handlers/open.ts'
import { headerOf } from './header-of.ts'
import type { PageWriter } from './page-writer.ts'
import { problemPage } from './pages/text-pages.ts'
import { PortalProblem, problemBody, problemHeaders } from './problem.ts'
import { GUARDS } from './route.ts'
import type { HeaderProfile, PortalContext, PortalEnv, Route } from './route.ts'
import { securityHeaders } from './security-headers.ts'
import { requireSession } from './session-cookie.ts'
import type { ReadSession } from './session-cookie.ts'

export interface AppNeeds {
  readonly routes: readonly Route[]
  /** Canonical: `https://mail.example.com`. */
  readonly origin: string
  /** Old host names, without ports, that lead to the canonical one. */
  readonly aliases: readonly string[]
  readonly writer: PageWriter
  readonly readSession: ReadSession
  readonly clientAddress: ClientAddress
  readonly log: Log
  readonly counters: Pick<Counters, 'ofReader'>
  readonly clock: () => number
}

export type PortalApp = Hono<PortalEnv>

/** Joins routes, guards, header fields and the one error handler. What is not in the table is not found. */
export function createApp(needs: AppNeeds): PortalApp {
  const app: PortalApp = new Hono<PortalEnv>()
  app.use(async (context, next) => {
    const address = needs.clientAddress(
      context.env?.incoming?.socket.remoteAddress ?? '',
      context.req.header('x-forwarded-for'),
    )
    context.set('network', networkPrefix(address))
    await next()
  })
  for (const route of needs.routes) addRoute(app, route, needs)
  for (const path of new Set(needs.routes.map(route => route.path))) refuseOthers(app, path, needs)
  app.notFound(context => answerProblem(needs, context, new PortalProblem('not-found')))
  app.onError((error, context) => answerProblem(needs, context, asProblem(error, context, needs)))
  return app
}

/** @throws RangeError for a route without a guard: it would be open to all */
function addRoute(app: PortalApp, route: Route, needs: AppNeeds): void {
  if (!GUARDS.includes(route.guard)) throw new RangeError(`route without a guard: ${route.path}`)
  app.on(route.method, route.path, async context => {
    const redirect = await checkHost(route, context, needs)
    if (redirect !== null) return redirect
    await checkGuard(route, context, needs).catch(async (problem: unknown) => {
      if (route.body === 'large') await discardBody(context, needs.clock)
      throw problem
    })
    writeHeaders(context, route.profile, needs)
    return route.handle(context)
  })
}

function refuseOthers(app: PortalApp, path: string, needs: AppNeeds): void {
  const methods = needs.routes.filter(route => route.path === path).map(route => route.method)
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ')
  app.all(path, context =>
    answerProblem(needs, context, new PortalProblem('method-not-allowed', { allow })),
  )
}

/**
 * Answers only under its own name: another `Host` could bring caches, cookies or links of another site.
 * An old name leads pages to the canonical one; 308 keeps body and fragment. envelope.md §4
 */
async function checkHost(
  route: Route,
  context: PortalContext,
  { origin, aliases, clock }: AppNeeds,
): Promise<Response | null> {
  const host = askedHost(context)
  if (route.guard === 'operator' || host === new URL(origin).host) return null
  const isPage = route.profile === 'page' || route.profile === 'reader'
  if (host === undefined || !isPage || !aliases.includes(host.replace(/:\d+$/, '')))
    throw new PortalProblem('wrong-host')
  await discardBody(context, clock)
  return context.redirect(`${origin}${route.path}`, 308)
}

/** The name that was asked for: of a request for a whole address it is that address's, whatever `Host` says. RFC 9112 §3.2.2 */
function askedHost({ env, req }: PortalContext): string | undefined {
  const isWhole = env?.incoming?.url?.startsWith('/') === false
  return isWhole ? new URL(req.url).host : req.header('host')?.toLowerCase()
}

async function checkGuard(route: Route, context: PortalContext, needs: AppNeeds): Promise<void> {
  if (['anyone', 'transaction', 'operator'].includes(route.guard)) return
  requireSameOrigin(context, needs.origin)
  if (route.guard === 'session') await requireSession(needs.readSession, context)
}

function writeHeaders(context: PortalContext, profile: HeaderProfile, needs: AppNeeds): void {
  const tls = needs.origin.startsWith('https:')
  const styleHash = needs.writer.brand.styleHash
  for (const [name, value] of Object.entries(securityHeaders(profile, { tls, styleHash })))
    context.header(name, value)
}

/** A problem is one already; anything else is a surprise, and its text stays here. */
function asProblem(error: unknown, context: PortalContext, needs: AppNeeds): PortalProblem {
  if (error instanceof PortalProblem) return error
  // The line broke while the body came: nobody reads the answer, and it is no fault of ours.
  if (context.env?.incoming?.destroyed === true) return new PortalProblem('bad-request')
  needs.log.failure('portal-request-failed', error)
  needs.counters.ofReader(headerOf(context)).countError('internal')
  return new PortalProblem('internal')
}

/** RFC 9457 for programs, a page for people. */
async function answerProblem(
  needs: AppNeeds,
  context: PortalContext,
  problem: PortalProblem,
): Promise<Response> {
  const status = STATUS_OF[problem.code]
  const isForPeople = !/^\/(?:api|health|assets|\.well-known)\//.test(context.req.path)
  const headers = new Headers(
    securityHeaders(isForPeople ? 'page' : 'api', {
      tls: needs.origin.startsWith('https:'),
      styleHash: needs.writer.brand.styleHash,
    }),
  )
  for (const [name, value] of Object.entries(problemHeaders(problem))) headers.set(name, value)
  headers.set('Content-Type', isForPeople ? 'text/html; charset=UTF-8' : 'application/problem+json')
  const body = isForPeople
    ? await renderProblem(needs.writer, context, problem)
    : JSON.stringify(problemBody(problem))
  return new Response(context.req.method === 'HEAD' ? null : body, { status, headers })
}

function renderProblem(
  writer: PageWriter,
  context: PortalContext,
  { code, extras }: PortalProblem,
): Promise<string> {
  const language = writer.languageOf(context)
  const page = problemPage(language, code, extras.retryAfterSeconds)
  // The address is the asker's own text: in another language it is asked for by its query alone.
  return writer.textPage(language, page, context.req.method === 'GET' ? '' : null)
}
