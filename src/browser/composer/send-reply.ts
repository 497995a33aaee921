import { problem, replyAnswer } from '../../core/api/answers.ts'
import { parseShape } from '../../core/api/shape.ts'
import { REPLY_TYPE } from '../../core/reply/content-types.ts'
import { utf8 } from '../../core/envelope/bytes.ts'
import type { Refusal } from '../viewer/portal-request.ts'
import { watchUpload } from './upload-watch.ts'

/** Why a reply was not sent; `not-sealed`: this browser could not seal it. */
export interface SendRefusal {
  readonly code: Refusal['code'] | 'no-recipients' | 'not-sealed' | 'stopped'
  readonly retryAfterSeconds?: number
  /** Positions in `to` ‖ `cc`, for `recipient-not-allowed` and `recipient-refused`. */
  readonly recipients?: readonly number[]
}

export type SendAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly refusal: SendRefusal; readonly mayHaveArrived: boolean }

export interface SendRequest {
  /** Of the message that is answered. */
  readonly stanza: string
  readonly sealed: Blob
  /** How many bytes of `sealed` are on their way, and when all are `delivering`. */
  readonly onProgress: (done: number, total: number) => void
  readonly stopped: AbortSignal
}

/** From the last byte: the portal answers when the gateway has delivered; then it has long given up. Milliseconds. */
const answerWithinMs = 15 * 60 * 1000

/**
 * Hands a sealed reply to the portal, by XMLHttpRequest: `fetch` says nothing of an upload's progress. docs/replies.md §2
 * Never rejects.
 */
export function sendReply(request: SendRequest): Promise<SendAnswer> {
  return new Promise(resolve => {
    const { stanza, sealed, onProgress, stopped } = request
    if (stopped.aborted) return resolve(failed('stopped', false))
    const body = replyBody(stanza, sealed)
    const exchange = new XMLHttpRequest()
    const startedAtMs = performance.now()
    const clock = (): number => performance.now()
    const watch = watchUpload(body.size, clock, !navigator.onLine)
    const report = ({ loaded }: ProgressEvent): void => {
      watch.tell(loaded)
      onProgress(Math.min(sealed.size, loaded), sealed.size)
    }
    exchange.upload.addEventListener('progress', report)
    exchange.upload.addEventListener('load', () => {
      watch.tell(body.size)
      exchange.timeout = performance.now() - startedAtMs + answerWithinMs
      onProgress(sealed.size, sealed.size)
    })
    exchange.addEventListener('load', () =>
      resolve(readAnswer(exchange.status, exchange.responseText)),
    )
    for (const event of ['error', 'timeout'])
      exchange.addEventListener(event, () => resolve(failed('offline', watch.mayBeWhole())))
    exchange.addEventListener('abort', () => resolve(failed('stopped', watch.mayBeWhole())))
    stopped.addEventListener('abort', () => exchange.abort())
    exchange.open('POST', '/api/replies')
    exchange.setRequestHeader('content-type', REPLY_TYPE)
    exchange.send(body)
  })
}

export function replyBody(stanza: string, sealed: Blob): Blob {
  const head = utf8(JSON.stringify({ stanza }))
  const length = new DataView(new ArrayBuffer(4))
  length.setUint32(0, head.length)
  return new Blob([length, head, sealed])
}

/** After these it may be on its way all the same: they can come from something between, or after the delivery. */
const uncertain: ReadonlySet<string> = new Set([
  'internal',
  'offline',
  'replies-unavailable',
  'too-slow',
])

/** @param status 200 to 599 */
export function readAnswer(status: number, body: string): SendAnswer {
  const json = parseJson(body)
  if (status === 200 && parseShape(replyAnswer, json).ok) return { ok: true }
  const parsed = parseShape(problem, json)
  if (!parsed.ok) return failed('internal', true)
  const { code, retryAfterSeconds, recipients } = parsed.value
  const refusal = {
    code,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(recipients === undefined ? {} : { recipients }),
  }
  return { ok: false, refusal, mayHaveArrived: uncertain.has(code) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function failed(code: SendRefusal['code'], mayHaveArrived: boolean): SendAnswer {
  return { ok: false, refusal: { code }, mayHaveArrived }
}
