import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import {
  HAND_OVER_SIGNATURE_BYTES,
  handOverSignatureInput,
  handedOverSignatureInput,
  readHandOver,
} from '../../../../src/core/reply/hand-over.ts'
import type { HandOver } from '../../../../src/core/reply/hand-over.ts'
import type { Verify } from '../../../../src/core/envelope/record.ts'
import { testTls } from '../../../support/tls-fixture.ts'

/** A hand-over that came to its end, with both signatures checked. */
export interface HandedOver {
  readonly head: HandOver
  readonly file: Buffer
}

export interface ReceivingGateway {
  readonly url: string
  /** Whole ones, in their order. */
  readonly taken: HandedOver[]
  /** Requests that were begun, and that were broken off. */
  readonly counts: { begun: number; brokenOff: number }
}

type Answer = (incoming: IncomingMessage, outgoing: ServerResponse) => void | Promise<void>

/** The other end of a hand-over by its specification (docs/replies.md §3): takes everything, and opens nothing. */
export async function receivingGateway(
  verifier: () => Promise<Verify>,
): Promise<ReceivingGateway & { reply: (kind: string) => void }> {
  const taken: HandedOver[] = []
  let kind = 'reply'
  const gateway = await lyingGateway(async (incoming, outgoing) => {
    const pieces: Buffer[] = []
    for await (const piece of incoming as AsyncIterable<Buffer>) pieces.push(piece)
    taken.push(readWhole(Buffer.concat(pieces), await verifier()))
    outgoing.end(JSON.stringify({ kind }))
  })
  return Object.assign(gateway, { taken, reply: (next: string) => void (kind = next) })
}

/** One that answers as the test says, over TLS with a certificate for localhost or without. */
export async function lyingGateway(
  answer: Answer,
  isSecure: boolean = false,
): Promise<ReceivingGateway> {
  const counts = { begun: 0, brokenOff: 0 }
  const listener: RequestListener = (incoming, outgoing) => {
    counts.begun++
    outgoing.once('close', () => {
      if (!incoming.complete) counts.brokenOff++
    })
    Promise.resolve(answer(incoming, outgoing)).catch(() => incoming.destroy())
  }
  const { certificate: cert, key } = testTls
  const server = isSecure ? createSecureServer({ cert, key }, listener) : createServer(listener)
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const url = isSecure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`
  return { url, taken: [], counts }
}

function readWhole(body: Buffer, verify: Verify): HandedOver {
  const start = 4 + body.readUInt32BE()
  const headBytes = body.subarray(4, start)
  const file = body.subarray(start + HAND_OVER_SIGNATURE_BYTES, -HAND_OVER_SIGNATURE_BYTES)
  const first = body.subarray(start, start + HAND_OVER_SIGNATURE_BYTES)
  const second = body.subarray(-HAND_OVER_SIGNATURE_BYTES)
  const digest = createHash('sha256').update(headBytes).update(file).digest()
  const head = readHandOver(headBytes)
  if (!verify(handOverSignatureInput(headBytes), first)) throw new Error('the first signature')
  if (!verify(handedOverSignatureInput(digest), second)) throw new Error('the second signature')
  if (head?.bytes !== file.length) throw new Error('the head')
  return { head, file }
}
