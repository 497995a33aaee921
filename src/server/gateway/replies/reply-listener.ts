import { setMaxListeners } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { HAND_OVER_TYPE } from '../../../core/reply/content-types.ts'
import type { KeyPair } from '../../config/read-key-pair.ts'
import { HandOverSource } from './hand-over-source.ts'
import type { ReplyLimits } from './limits.ts'
import { replyProblem } from './reply-problem.ts'
import { ReplyRefusal } from './reply-refusal.ts'
import type { TakenReply } from './take-reply.ts'

export interface ReplyAddress {
  readonly host: string
  readonly port: number
  /** Undefined: HTTP, for addresses of this machine alone. */
  readonly tls: KeyPair | undefined
}

/** What became of one hand-over; nothing in it names a person. */
export interface ReplyOutcome {
  readonly bytes: number
  readonly result: TakenReply | ReplyRefusal
  /** A fault of ours behind the refusal. */
  readonly fault?: unknown
}

export interface ReplyListenerNeeds {
  readonly addresses: readonly ReplyAddress[]
  /** `ending`: what is not delivered yet is to be broken off. */
  readonly take: (source: HandOverSource, ending: AbortSignal) => Promise<TakenReply>
  readonly report: (outcome: ReplyOutcome) => void
  /** An error that no hand-over can cause. */
  readonly reportFault: (fault: unknown) => void
  readonly limits: ReplyLimits
  /** Of a whole hand-over. */
  readonly maxBytes: number
  /** Running hand-overs have this long when it closes. */
  readonly closeMs: number
}

/** Takes hand-overs: `POST /replies`, nothing else. docs/replies.md §3 */
export class ReplyListener {
  readonly #needs: ReplyListenerNeeds
  readonly #servers: Server[] = []
  /** Those in the handshake of TLS too, of which a server for HTTP knows nothing. */
  readonly #sockets = new Set<Socket>()
  readonly #running = new Set<Promise<void>>()
  readonly #ending = new AbortController()

  constructor(needs: ReplyListenerNeeds) {
    this.#needs = needs
    setMaxListeners(0, this.#ending.signal)
  }

  /** @returns where it listens, in the order of the addresses. @throws when an address is taken */
  async listen(): Promise<readonly { readonly host: string; readonly port: number }[]> {
    const bound = []
    for (const address of this.#needs.addresses) bound.push(await this.#listenOn(address))
    return bound
  }

  /** New connections get this certificate. @throws when certificate and key do not fit; the old one stays */
  renew({ certificate, key }: KeyPair): void {
    for (const server of this.#servers)
      if (server instanceof HttpsServer)
        server.setSecureContext({ cert: certificate, key, minVersion: 'TLSv1.2' })
  }

  /**
   * Takes no new hand-over; lets those under way finish for a while, then breaks them off. Ends when they have given
   * their claims back, so that the same submission can be sent again at once.
   */
  async close(): Promise<void> {
    const { closeMs } = this.#needs
    const breakOff = (): void => {
      for (const socket of this.#sockets) socket.destroy()
    }
    await Promise.all(this.#servers.map(server => closeServer(server, closeMs, breakOff)))
    this.#ending.abort()
    await within(closeMs, Promise.all(this.#running))
  }

  #listenOn({ host, port, tls }: ReplyAddress): Promise<{ host: string; port: number }> {
    const server = this.#server(tls)
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port }, () => {
        server.off('error', reject)
        server.on('error', this.#needs.reportFault)
        this.#servers.push(server)
        resolve({ host, port: (server.address() as AddressInfo).port })
      })
    })
  }

  #server(tls: KeyPair | undefined): Server {
    const { limits } = this.#needs
    const options = {
      headersTimeout: limits.headerMs,
      // The body has a pace of its own: its time does not count while the next hop is waited for.
      requestTimeout: 0,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: Math.min(5000, limits.headerMs),
      maxHeaderSize: limits.headerBytes,
    }
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      const running = this.#answer(request, response)
        .catch(this.#needs.reportFault)
        .finally(() => this.#running.delete(running))
      this.#running.add(running)
    }
    const server =
      tls === undefined
        ? createHttpServer(options, answer)
        : createHttpsServer(
            {
              ...options,
              cert: tls.certificate,
              key: tls.key,
              minVersion: 'TLSv1.2',
              handshakeTimeout: limits.headerMs,
            },
            answer,
          )
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    server.maxConnections = limits.connections
    server.maxHeadersCount = limits.headerFields
    return server
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // What breaks shows to whoever reads or writes.
    request.on('error', ignore)
    response.on('error', ignore)
    const source = new HandOverSource(
      { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) },
      this.#needs.limits,
    )
    const outcome = await this.#outcome(request, source)
    this.#needs.report({ ...outcome, bytes: source.bytes })
    this.#write(response, outcome.result)
    if (!request.complete) linger(request, this.#needs.limits.lingerMs)
  }

  async #outcome(
    request: IncomingMessage,
    source: HandOverSource,
  ): Promise<Omit<ReplyOutcome, 'bytes'>> {
    try {
      this.#check(request)
      return { result: await this.#needs.take(source, this.#ending.signal) }
    } catch (error) {
      if (error instanceof ReplyRefusal) return { result: error }
      return { result: new ReplyRefusal('replies-unavailable', { cause: error }), fault: error }
    }
  }

  #check({ method, url, headers }: IncomingMessage): void {
    if (url !== '/replies') throw new ReplyRefusal('not-found')
    if (method !== 'POST') throw new ReplyRefusal('method-not-allowed')
    if (headers['content-type'] !== HAND_OVER_TYPE) throw new ReplyRefusal('bad-request')
    const length = headers['content-length']
    if (length !== undefined && Number(length) > this.#needs.maxBytes)
      throw new ReplyRefusal('too-large')
  }

  #write(response: ServerResponse, result: TakenReply | ReplyRefusal): void {
    const close = response.req.complete ? {} : { Connection: 'close' }
    if (result instanceof ReplyRefusal) {
      const { status, body, headers } = replyProblem(result, this.#needs.limits.retryAfterSeconds)
      const type = { 'Content-Type': 'application/problem+json' }
      response.writeHead(status, { ...type, ...headers, ...close }).end(JSON.stringify(body))
      return
    }
    const body = JSON.stringify({ kind: result.kind })
    response.writeHead(200, { 'Content-Type': 'application/json', ...close }).end(body)
  }
}

/** The other side may still be writing: it must see the answer before the connection ends. RFC 9112 §9.6 */
function linger(request: IncomingMessage, ms: number): void {
  const timer = setTimeout(() => request.destroy(), ms)
  request.once('close', () => clearTimeout(timer))
  request.resume()
}

function closeServer(server: Server, graceMs: number, breakOff: () => void): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(breakOff, graceMs)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}

function ignore(): void {}
