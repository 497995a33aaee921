import { STATUS_CODES } from 'node:http'
import type { Problem } from '../../../core/api/messages.ts'
import type { ReplyRefusal, ReplyRefusalCode } from './reply-refusal.ts'

/** HTTP status of each refusal; the same as the portal's. */
const STATUS_OF: Readonly<Record<ReplyRefusalCode, number>> = {
  'sign-in-required': 401,
  'not-a-recipient': 403,
  expired: 410,
  revoked: 410,
  'assurance-too-low': 403,
  'unknown-key': 404,
  'bad-envelope': 400,
  'rate-limited': 429,
  'bad-request': 400,
  'not-found': 404,
  'method-not-allowed': 405,
  'too-large': 413,
  'too-slow': 408,
  'reply-not-allowed': 403,
  'recipient-not-allowed': 403,
  'recipient-refused': 422,
  'not-the-writer': 409,
  'bad-reply': 422,
  'replies-unavailable': 503,
}

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
