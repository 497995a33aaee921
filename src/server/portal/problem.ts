import { STATUS_CODES } from 'node:http'
import type { Problem, ProblemCode } from '../../core/api/messages.ts'
import { STATUS_OF } from '../../core/api/problem-status.ts'

export interface ProblemExtras {
  /** For developers; never what was sent. */
  readonly detail?: string
  readonly triesLeft?: number
  readonly retryAfterSeconds?: number
  readonly recipients?: readonly number[]
  /** `Allow` of a 405 (RFC 9110 §15.5.6). */
  readonly allow?: string
  /** True: the line cannot be used again, a body is still coming. */
  readonly closeConnection?: boolean
}

/** A request that gets a problem for an answer; the one error handler writes it. */
export class PortalProblem extends Error {
  override readonly name = 'PortalProblem'
  readonly code: ProblemCode
  readonly extras: ProblemExtras

  constructor(code: ProblemCode, extras: ProblemExtras = {}) {
    super(code)
    this.code = code
    this.extras = extras
  }
}

/** RFC 9457. The title is that of the status, so the type is `about:blank` (§4.2.1); `code` says the rest. */
export function problemBody({ code, extras }: PortalProblem): Problem {
  const status = STATUS_OF[code]
  const { detail, triesLeft, retryAfterSeconds, recipients } = extras
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(triesLeft === undefined ? {} : { triesLeft }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(recipients === undefined ? {} : { recipients }),
  }
}

/** Header fields that belong to a problem, whatever form its body has. */
export function problemHeaders({ code, extras }: PortalProblem): Record<string, string> {
  const { retryAfterSeconds, allow, closeConnection } = extras
  return {
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    ...(allow === undefined ? {} : { Allow: allow }),
    ...(closeConnection === true ? { Connection: 'close' } : {}),
    // RFC 9110 §15.5.2 wants a challenge; ours is the page, not the browser's dialogue.
    ...(code === 'sign-in-required' ? { 'WWW-Authenticate': 'Zegel' } : {}),
  }
}
