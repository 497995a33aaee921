import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { testTls } from './tls-fixture.ts'

/** A request that a browser made. */
export interface SeenRequest {
  readonly host: string
  readonly method: string
  readonly path: string
  /** How often each header came is not kept; names are in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Bytes of its body so far. */
  readonly bodyBytes: number
  /** The body itself, for looking for what must not be in it. */
  readonly body: Buffer
}

export interface TlsFront {
  /** Every name of a test browser leads here. */
  readonly port: number
  /** Where each host name leads: the port of an HTTP server on 127.0.0.1. */
  readonly targets: Map<string, number>
  /** Every request to a host that has a target. */
  readonly requests: readonly SeenRequest[]
  /** Requests and connections to anywhere else: what a page leaked to the rest of the world. */
  readonly strays: readonly string[]
  /** Forgets what it has seen. */
  clear(): void
  close(): Promise<void>
}

/**
 * Stands before portal, mailbox and whatever else a test has, and gives each a name and a site of its own over TLS,
 * as a reverse proxy does. Ports of one host would be one site to a cookie.
 */
export async function startTlsFront(): Promise<TlsFront> {
  const targets = new Map<string, number>()
  const requests: SeenRequest[] = []
  const strays: string[] = []
  const server = createServer(
    { cert: testTls.certificate, key: testTls.key },
    (incoming, answer) => {
      const host = incoming.headers.host ?? ''
      const port = targets.get(host)
      if (port === undefined) {
        strays.push(`${incoming.method ?? ''} https://${host}${incoming.url ?? ''}`)
        answer.writeHead(404).end()
        return
      }
      pass(incoming, answer, port, requests)
    },
  )
  // Plain HTTP to any name ends here too.
  server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_SSL_HTTP_REQUEST') strays.push('http request')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    targets,
    requests,
    strays,
    clear() {
      requests.length = 0
      strays.length = 0
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function pass(
  incoming: IncomingMessage,
  answer: ServerResponse,
  port: number,
  requests: SeenRequest[],
): void {
  const chunks: Buffer[] = []
  const { headers, method = '', url: path = '' } = incoming
  requests.push({
    host: headers.host ?? '',
    method,
    path,
    headers,
    get body() {
      return Buffer.concat(chunks)
    },
    get bodyBytes() {
      return chunks.reduce((sum, { length }) => sum + length, 0)
    },
  })
  const forwarded = {
    ...headers,
    'x-forwarded-for': incoming.socket.remoteAddress ?? '',
    'x-forwarded-proto': 'https',
  }
  const onward = request({ host: '127.0.0.1', port, method, path, headers: forwarded }, reply => {
    answer.writeHead(reply.statusCode ?? 502, reply.rawHeaders)
    reply.pipe(answer)
  })
  onward.on('error', () => answer.destroy())
  answer.on('close', () => onward.destroy())
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.pipe(onward)
}
