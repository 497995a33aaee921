import { problem } from '../../core/api/answers.ts'
import { parseShape } from '../../core/api/shape.ts'
import type { Shape } from '../../core/api/shape.ts'
import type { ProblemCode } from '../../core/api/messages.ts'
import { clockAhead } from './device-clock.ts'
import type { Here } from './device-clock.ts'

/** Why the portal did not do what was asked; `offline` when no answer came. */
export interface Refusal {
  readonly code: ProblemCode | 'offline'
  readonly triesLeft?: number
  readonly retryAfterSeconds?: number
}

export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

/** For answers without a body. */
export const anything: Shape<null> = { read: () => null }

export function jsonRequest(body: unknown, method = 'POST'): RequestInit {
  return {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

/**
 * What the portal says; a problem or silence is an answer too.
 * @param here puts the times of the answer into those of this device
 * @param clock this device's
 */
export async function ask<T>(
  send: () => Promise<Response>,
  shape: Shape<T>,
  here: Here<T> = value => value,
  clock: () => number = Date.now,
): Promise<Answer<T>> {
  const response = await send().catch(() => null)
  if (response === null) return { ok: false, refusal: { code: 'offline' } }
  const aheadMs = clockAhead(response, clock())
  const json: unknown = await response.json().catch(() => null)
  if (!response.ok) return { ok: false, refusal: readProblem(json) }
  const answer = parseShape(shape, json)
  if (!answer.ok) return { ok: false, refusal: { code: 'internal' } }
  return { ok: true, value: here(answer.value, aheadMs) }
}

/** An answer that is no problem of ours comes from something in between, or from a broken portal. */
function readProblem(json: unknown): Refusal {
  const parsed = parseShape(problem, json)
  if (!parsed.ok) return { code: 'internal' }
  const { code, triesLeft, retryAfterSeconds } = parsed.value
  return {
    code,
    ...(triesLeft === undefined ? {} : { triesLeft }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  }
}
