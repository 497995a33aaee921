import { request as requestPlain } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { request as requestSecure } from 'node:https'
import { rootCertificates } from 'node:tls'
import { HAND_OVER_TYPE } from '../../../core/reply/content-types.ts'
import { freeChunk } from '../free-chunk.ts'
import {
  HAND_OVER_ANSWER_MS,
  HAND_OVER_CONNECT_MS,
  HAND_OVER_STALL_MS,
  MAX_GATEWAY_ANSWER_BYTES,
} from '../limits.ts'

/** Where a gateway takes replies. */
export interface HandOverTo {
  /** Its origin; `http:` only where it is this machine. */
  readonly url: string
  /** PEM of an authority that is trusted besides the usual ones. */
  readonly ca?: string | undefined
}

export interface LineTimes {
  readonly connectMs: number
  readonly stallMs: number
  readonly answerMs: number
}

const TIMES: LineTimes = {
  connectMs: HAND_OVER_CONNECT_MS,
  stallMs: HAND_OVER_STALL_MS,
  answerMs: HAND_OVER_ANSWER_MS,
}

export interface GatewayResponse {
  readonly status: number
  readonly body: Uint8Array
}

/** The gateway is not there, has gone, or says nothing. */
export class GatewayUnreachable extends Error {
  override readonly name = 'GatewayUnreachable'
}

/** One hand-over under way; a line of its own, so that no reply can be taken for a part of another. */
export interface GatewayLine {
  /** Resolves when more can be taken; false once the gateway has answered. @throws GatewayUnreachable */
  write(piece: Uint8Array): Promise<boolean>
  /** The last bytes, and then the answer. @throws GatewayUnreachable */
  end(piece: Uint8Array): Promise<GatewayResponse>
  /** The answer of a gateway that did not wait for the end. @throws GatewayUnreachable */
  answer(): Promise<GatewayResponse>
  /** Ends it; a hand-over that has not come to its end is broken off. */
  close(): void
}

/** @param bytes of the whole body */
export function openGatewayLine(
  to: HandOverTo,
  bytes: number,
  times: LineTimes = TIMES,
): GatewayLine {
  const request = startRequest(to, bytes)
  const connecting = setTimeout(() => request.destroy(), times.connectMs)
  request.once('socket', socket =>
    socket.once(to.url.startsWith('https:') ? 'secureConnect' : 'connect', () =>
      clearTimeout(connecting),
    ),
  )
  // Whoever only waits for an answer keeps no portal from stopping.
  request.once('finish', () => request.socket?.unref())
  let answered = false
  const answer = responseOf(request).finally(() => {
    answered = true
    clearTimeout(connecting)
  })
  answer.catch(() => undefined) // whoever waits hears of it
  return {
    async write(piece) {
      if (answered) return false
      if (!request.write(piece, () => freeChunk(piece)))
        await within(times.stallMs, Promise.race([drained(request), answer]))
      return !answered
    },
    async end(piece) {
      request.end(piece)
      return within(times.answerMs, answer)
    },
    answer: () => within(times.answerMs, answer),
    close: () => request.destroy(),
  }
}

function startRequest({ url, ca }: HandOverTo, bytes: number): ClientRequest {
  const start = url.startsWith('https:') ? requestSecure : requestPlain
  return start(new URL('/replies', url), {
    method: 'POST',
    agent: false,
    minVersion: 'TLSv1.2',
    headers: { 'Content-Type': HAND_OVER_TYPE, 'Content-Length': bytes, Connection: 'close' },
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
  })
}

/** @throws GatewayUnreachable */
function responseOf(request: ClientRequest): Promise<GatewayResponse> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown) =>
      reject(new GatewayUnreachable('no answer of the gateway', { cause }))
    request.once('error', fail)
    request.once('close', fail)
    request.once('response', (response: IncomingMessage) => {
      readWhole(response).then(body => resolve({ status: response.statusCode ?? 0, body }), fail)
    })
  })
}

async function readWhole(response: IncomingMessage): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response as AsyncIterable<Uint8Array>) {
    length += piece.length
    if (length > MAX_GATEWAY_ANSWER_BYTES) throw new GatewayUnreachable('an endless answer')
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function drained(request: ClientRequest): Promise<void> {
  return new Promise(resolve => {
    request.once('drain', resolve)
  })
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new GatewayUnreachable('the gateway takes too long'))
    timer = setTimeout(giveUp, ms).unref()
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
