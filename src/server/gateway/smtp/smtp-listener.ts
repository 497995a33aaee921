import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { withoutMapping } from '../client-network.ts'
import type { InNetwork } from '../client-network.ts'
import type { GatewayLimits } from '../limits.ts'
import { formatReply, replies } from './reply.ts'
import type { StartTls } from './server-tls.ts'
import { SmtpSession } from './smtp-session.ts'
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
  readonly isAllowed: InNetwork
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
  readonly #strangers = new Map<string, number>()
  #closing = false

  constructor(needs: ListenerNeeds) {
    this.#needs = needs
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
    const isStranger = !this.#needs.isAllowed(address)
    if (!this.#hasRoom(address, isStranger)) return refuse(socket, from.implicitTls)
    this.#count(socket, address, isStranger)
    try {
      await this.#serve(socket, from, { address, isStranger })
    } catch (error) {
      this.#needs.onFault(error)
      socket.destroy()
    }
  }

  async #serve(
    socket: Socket,
    from: ListenAddress,
    client: { readonly address: string; readonly isStranger: boolean },
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

  /** Attack: connections that take every place. */
  #hasRoom(address: string, isStranger: boolean): boolean {
    if (this.#closing || this.#sockets.size >= this.#needs.maxConnections) return false
    const { connectionsOfStranger } = this.#needs.limits
    return !isStranger || (this.#strangers.get(address) ?? 0) < connectionsOfStranger
  }

  #count(socket: Socket, address: string, isStranger: boolean): void {
    this.#sockets.add(socket)
    if (isStranger) this.#strangers.set(address, (this.#strangers.get(address) ?? 0) + 1)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      if (isStranger) this.#forgetStranger(address)
    })
  }

  #forgetStranger(address: string): void {
    const left = (this.#strangers.get(address) ?? 1) - 1
    if (left > 0) this.#strangers.set(address, left)
    else this.#strangers.delete(address)
  }
}

function refuse(socket: Socket, implicitTls: boolean): void {
  if (implicitTls) socket.destroy()
  else socket.end(formatReply(replies.tooManyConnections), () => socket.destroy())
}

/** A broken connection shows itself to whoever reads or writes. */
function ignoreError(): void {}
