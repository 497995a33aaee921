import { request } from 'node:http'
import type { ClientRequest } from 'node:http'
import type { Problem } from '../../../../src/core/api/messages.ts'
import { REPLY_TYPE } from '../../../../src/core/reply/content-types.ts'
import { ORIGIN } from './visitor.ts'
import type { Visitor } from './visitor.ts'

export interface Answered {
  readonly status: number
  readonly body: Partial<Problem> & { readonly kind?: string }
}

export interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Bytes of each write; all at once when left out. */
  readonly pieceBytes?: number
}

/** What the browser posts: `u32 length ‖ {"stanza"} ‖ reply file`. */
export function replyBodyOf(stanza: string, file: Uint8Array): Buffer {
  const head = Buffer.from(JSON.stringify({ stanza }))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(head.length)
  return Buffer.concat([length, head, file])
}

/** As the page does it, over a real socket, with the cookies of `who`. */
export async function postReply(
  port: number,
  who: Pick<Visitor, 'cookies'>,
  body: Uint8Array,
  { headers = {}, pieceBytes = body.length }: PostOptions = {},
): Promise<Answered> {
  const { asked, answered } = beginReply(port, who, body.length, headers)
  for (let at = 0; at < body.length; at += pieceBytes)
    if (!asked.write(body.subarray(at, at + pieceBytes)))
      await Promise.race([new Promise(resolve => asked.once('drain', resolve)), answered])
  asked.end()
  return answered
}

/** A reply of which the test writes the body itself. */
export function beginReply(
  port: number,
  who: Pick<Visitor, 'cookies'>,
  bytes: number,
  headers: Readonly<Record<string, string>> = {},
): { readonly asked: ClientRequest; readonly answered: Promise<Answered> } {
  const cookie = [...who.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const asked = request({
    host: '127.0.0.1',
    port,
    path: '/api/replies',
    method: 'POST',
    agent: false,
    headers: {
      host: new URL(ORIGIN).host,
      'sec-fetch-site': 'same-origin',
      'content-type': REPLY_TYPE,
      ...(headers['transfer-encoding'] === undefined ? { 'content-length': bytes } : {}),
      cookie,
      ...headers,
    },
  })
  const answered = new Promise<Answered>((resolve, reject) => {
    asked.once('error', reject)
    asked.once('response', response => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.once('error', reject)
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(pieces)) }),
      )
    })
  })
  return { asked, answered }
}

function parse(body: Buffer): Answered['body'] {
  return body.length === 0 ? {} : (JSON.parse(body.toString()) as Answered['body'])
}
