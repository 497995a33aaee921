import { RequestError } from '@hono/node-server'
import { PortalProblem, problemBody } from './problem.ts'
import { securityHeaders } from './security-headers.ts'

/** Answers what was no request for any page: a path or a `Host` that makes no address. Nothing of it is said back. */
export function answerUnreadable(error: unknown, tls: boolean): Response {
  const code = error instanceof RequestError ? 'bad-request' : 'internal'
  const problem = problemBody(new PortalProblem(code))
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...securityHeaders('api', { tls }), 'Content-Type': 'application/problem+json' },
  })
}
