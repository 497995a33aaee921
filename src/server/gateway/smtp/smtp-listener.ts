import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { withoutMapping } from '../client-network.ts'
import type { GatewayLimits } from '../limits.ts'
import { formatReply, replies } from './reply.ts'
import type { StartTls } from './server-tls.ts'
import { SmtpSession } from './smtp-session.ts'
import { Strangers } from './strangers.ts'
import type { MailTaker } from './transaction.ts'

export interface ListenAddress {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (RFC 8314 §3). */
  readonly implicitTls: boolean
}

export interface ListenerNeeds {
  readonly addresses: readonly ListenAddress[]
  readonly hostname: string
  readonly taker: MailTaker
  readonly limits: GatewayLimits
  readonly maxConnections: number
  readonly startTls: StartTls | undefined
  readonly offersAuth: boolean
  /** An error that no client can cause: a fault of ours. */
  readonly onFault: (error: unknown) => void
}

/** Accepts connections and lets a session serve each. */
export class SmtpListener {
  readonly #needs: ListenerNeeds
  readonly #servers: Server[] = []
  readonly #sockets = new Set<Socket>()
  readonly #sessions = new Set<SmtpSession>()
  readonly #strangers: Strangers
  #closing = false

  constructor(needs: ListenerNeeds) {
    this.#needs = needs
    const { maxConnections, limits } = needs
    const { connectionsOfStranger, placesOfStrangers } = limits
    const connections = Math.ceil(maxConnections * placesOfStrangers)
    this.#strangers = new Strangers({ connectionsOfStranger, connections })
  }

  /** @returns where it listens, in the order of the addresses. @throws when an address is taken */
  async listen(): Promise<readonly { host: string; port: number }[]> {
    const bound = []
    for (const address of this.#needs.addresses) bound.push(await this.#listenOn(address))
    return bound
  }

  /** Lets running mails finish for a few seconds, then ends every connection. */
  async close(): Promise<void> {
    this.#closing = true
    for (const server of this.#servers) server.close()
    for (const session of this.#sessions) session.close()
    const untilMs = performance.now() + this.#needs.limits.closeMs
    while (this.#sessions.size > 0 && performance.now() < untilMs) await delay(20)
    for (const session of this.#sessions) session.destroy()
    for (const socket of this.#sockets) socket.destroy()
  }

  #listenOn(address: ListenAddress): Promise<{ host: string; port: number }> {
    const options = { allowHalfOpen: true, noDelay: true, highWaterMark: 64 * 1024 }
    const server = createServer(options, socket => void this.#accept(socket, address))
    this.#servers.push(server)
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(address.port, address.host, () => {
        server.off('error', reject)
        server.on('error', this.#needs.onFault)
        const { port } = server.address() as AddressInfo
        resolve({ host: address.host, port })
      })
    })
  }

  async #accept(socket: Socket, from: ListenAddress): Promise<void> {
    socket.on('error', ignoreError)
    const address = withoutMapping(socket.remoteAddress ?? '')
    const becomeKnown = this.#enter(socket, address)
    if (becomeKnown === undefined) return refuse(socket, from.implicitTls)
    try {
      await this.#serve(socket, from, { address, becomeKnown })
    } catch (error) {
      this.#needs.onFault(error)
      socket.destroy()
    }
  }

  async #serve(
    socket: Socket,
    from: ListenAddress,
    client: { readonly address: string; readonly becomeKnown: () => void },
  ): Promise<void> {
    const { startTls } = this.#needs
    const secured = from.implicitTls ? await startTls?.(socket).catch(() => undefined) : socket
    if (secured === undefined || this.#closing) {
      socket.destroy()
      return
    }
    const session = new SmtpSession({ ...this.#needs, ...client }, secured)
    this.#sessions.add(session)
    try {
      await session.run()
    } finally {
      this.#sessions.delete(session)
    }
  }

  /** Takes a place. @returns what gives back that of a stranger; undefined when there is none. Attack: all places taken. */
  #enter(socket: Socket, address: string): (() => void) | undefined {
    const { taker, maxConnections } = this.#needs
    if (this.#closing || this.#sockets.size >= maxConnections) return undefined
    const client = { address, user: undefined, certificate: undefined }
    const isKnown = taker.refuseClient(client) === undefined
    const becomeKnown = isKnown ? () => undefined : this.#strangers.enter(address)
    if (becomeKnown === undefined) return undefined
    this.#sockets.add(socket)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      becomeKnown()
    })
    return becomeKnown
  }
}

function refuse(socket: Socket, implicitTls: boolean): void {
  if (implicitTls) socket.destroy()
  else socket.end(formatReply(replies.tooManyConnections), () => socket.destroy())
}

/** A broken connection shows itself to whoever reads or writes. */
function ignoreError(): void {}
