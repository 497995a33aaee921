import { STATUS_CODES } from 'node:http'
import type { Problem } from '../../../core/api/messages.ts'
import { STATUS_OF } from '../../../core/api/problem-status.ts'
import type { ReplyRefusal } from './reply-refusal.ts'

/** RFC 9457 */
export function replyProblem(
  { code, extras }: ReplyRefusal,
  retryAfterSeconds: number,
): { readonly status: number; readonly body: Problem; readonly headers: Record<string, string> } {
  const status = STATUS_OF[code]
  const wait =
    extras.retryAfterSeconds ?? (code === 'replies-unavailable' ? retryAfterSeconds : undefined)
  return {
    status,
    body: {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      code,
      ...(extras.recipients === undefined ? {} : { recipients: extras.recipients }),
      ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
    },
    headers: {
      ...(wait === undefined ? {} : { 'Retry-After': String(wait) }),
      ...(code === 'method-not-allowed' ? { Allow: 'POST' } : {}),
    },
  }
}
