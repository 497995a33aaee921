import { replyAnswer } from '../../../core/api/answers.ts'
import type { ProblemCode, ReplyAnswer } from '../../../core/api/messages.ts'
import { integer, list, object, oneOf, optional, parseShape } from '../../../core/api/shape.ts'
import type { Shape } from '../../../core/api/shape.ts'
import { MAX_REPLY_RECIPIENTS } from '../../../core/reply/limits.ts'
import { PortalProblem } from '../problem.ts'

/** What a gateway may say of a hand-over; anything else is a gateway that does not work. docs/replies.md §5 */
const CODES = [
  'reply-not-allowed',
  'recipient-not-allowed',
  'recipient-refused',
  'not-the-writer',
  'bad-reply',
  'replies-unavailable',
  'too-large',
  'busy',
  'rate-limited',
  'not-a-recipient',
  'expired',
  'revoked',
  'assurance-too-low',
  'unknown-key',
  'bad-envelope',
] as const satisfies readonly ProblemCode[]

interface GatewayRefusal {
  readonly code: (typeof CODES)[number]
  readonly recipients?: readonly number[]
  readonly retryAfterSeconds?: number
}

const DAY_SECONDS = 24 * 60 * 60

const gatewayRefusal: Shape<GatewayRefusal> = object<GatewayRefusal>({
  code: oneOf(...CODES),
  recipients: optional(list(integer(0, MAX_REPLY_RECIPIENTS - 1), MAX_REPLY_RECIPIENTS)),
  retryAfterSeconds: optional(integer(0, DAY_SECONDS)),
})

/** Null: the gateway has said nothing that can be believed. */
export function readGatewayAnswer(
  status: number,
  body: Uint8Array,
): ReplyAnswer | PortalProblem | null {
  const value = parseJson(body)
  if (status === 200) {
    const answered = parseShape(replyAnswer, value)
    return answered.ok ? answered.value : null
  }
  const refused = parseShape(gatewayRefusal, shownOf(value))
  if (status < 400 || !refused.ok) return null
  const { code, ...extras } = refused.value
  return new PortalProblem(code, extras)
}

/** Code, positions and pause alone: what else a gateway writes is shown to nobody. */
function shownOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const shown = Object.entries(value).filter(([name]) =>
    ['code', 'recipients', 'retryAfterSeconds'].includes(name),
  )
  return Object.fromEntries(shown)
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
