import type { ReplyRequest } from '../../../core/api/messages.ts'
import { replyRequest } from '../../../core/api/requests.ts'
import { parseShape } from '../../../core/api/shape.ts'
import { MAX_JSON_BYTES } from '../limits.ts'
import { PortalProblem } from '../problem.ts'
import type { ReplyBody } from './reply-body.ts'

export interface PostedReply extends ReplyRequest {
  /** Length of the reply file. */
  readonly fileBytes: number
  /** The reply file as it comes. */
  readonly file: () => AsyncGenerator<Uint8Array, undefined>
}

const LENGTH_BYTES = 4

/** `u32 length ‖ JSON ‖ reply file`. docs/replies.md §2 @throws PortalProblem `bad-request`, and what the body throws */
export async function readReplyRequest(body: ReplyBody): Promise<PostedReply> {
  const front = frontOf(body)
  await front.fill(LENGTH_BYTES)
  const length = front.bytes().readUInt32BE()
  if (length > MAX_JSON_BYTES) throw bad('the head is too long')
  const start = LENGTH_BYTES + length
  await front.fill(start)
  const parsed = parseShape(replyRequest, parseJson(front.bytes().subarray(LENGTH_BYTES, start)))
  if (!parsed.ok) throw bad(`wrong field: ${parsed.path}`)
  const rest = front.bytes().subarray(start)
  return { ...parsed.value, fileBytes: body.bytes - start, file: () => fileOf(rest, body) }
}

async function* fileOf(rest: Uint8Array, body: ReplyBody): AsyncGenerator<Uint8Array, undefined> {
  if (rest.length > 0) yield rest
  for (let piece = await body.next(); piece !== null; piece = await body.next()) yield piece
}

/** What has come so far. */
function frontOf(body: ReplyBody) {
  let held = Buffer.alloc(0)
  return {
    bytes: () => held,
    async fill(length: number) {
      while (held.length < length) {
        const piece = await body.next()
        if (piece === null) throw bad('it ends within its head')
        held = Buffer.concat([held, piece])
      }
    },
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw bad('no JSON')
  }
}

const bad = (detail: string) => new PortalProblem('bad-request', { detail })
