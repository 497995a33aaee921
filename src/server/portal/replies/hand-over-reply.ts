import { createHash } from 'node:crypto'
import type { ReplyAnswer } from '../../../core/api/messages.ts'
import { concat, u32 } from '../../../core/envelope/bytes.ts'
import { HAND_OVER_SIGNATURE_BYTES, writeHandOver } from '../../../core/reply/hand-over.ts'
import type { HandOver } from '../../../core/reply/hand-over.ts'
import type { SignHandOver } from '../portal-types.ts'
import { PortalProblem } from '../problem.ts'
import { readGatewayAnswer } from './gateway-answer.ts'
import { GatewayUnreachable, openGatewayLine } from './gateway-line.ts'
import type { GatewayLine, GatewayResponse, HandOverTo, LineTimes } from './gateway-line.ts'

export interface ReplyHandOver {
  readonly to: HandOverTo
  readonly sign: SignHandOver
  readonly head: HandOver
  /** As it comes from the browser; its end is that of the reply. */
  readonly file: AsyncIterable<Uint8Array>
  /** The browser has broken off before the end: so does the hand-over. */
  readonly broken: AbortSignal
  readonly times?: LineTimes
}

/**
 * Passes a reply on as it comes, between two signatures; holds a piece of it at a time.
 * @throws PortalProblem the gateway's refusal, or `replies-unavailable`; whatever the file throws
 */
export async function handOverReply(reply: ReplyHandOver): Promise<ReplyAnswer> {
  const head = writeHandOver(reply.head)
  const length = 4 + head.length + reply.head.bytes + 2 * HAND_OVER_SIGNATURE_BYTES
  const line = openGatewayLine(reply.to, length, reply.times)
  const breakOff = () => line.close()
  reply.broken.addEventListener('abort', breakOff)
  try {
    const response = await passOn(reply, head, line)
    const answer = readGatewayAnswer(response.status, response.body)
    if (answer === null) throw new PortalProblem('replies-unavailable')
    if (answer instanceof PortalProblem) throw answer
    return answer
  } catch (error) {
    if (error instanceof GatewayUnreachable) throw new PortalProblem('replies-unavailable')
    throw error
  } finally {
    reply.broken.removeEventListener('abort', breakOff)
    line.close()
  }
}

/** A gateway that answers before it has everything has refused, whatever it says. */
async function passOn(
  { sign, file }: ReplyHandOver,
  head: Uint8Array,
  line: GatewayLine,
): Promise<GatewayResponse> {
  const digest = createHash('sha256').update(head)
  let isOpen = await line.write(concat(u32(head.length), head, sign.ofHead(head)))
  if (isOpen)
    for await (const piece of file) {
      digest.update(piece)
      isOpen = await line.write(piece)
      if (!isOpen) break
    }
  if (isOpen) return line.end(sign.ofWhole(digest.digest()))
  const early = await line.answer()
  return early.status === 200 ? { ...early, status: 0 } : early
}
