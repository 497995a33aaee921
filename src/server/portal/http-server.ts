import { createServer as createHttpServer } from 'node:http'
import type { RequestListener, Server, ServerOptions } from 'node:http'
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { MAX_CONNECTIONS, MAX_HEADERS, SERVER_TIMEOUTS, SOCKET_IDLE_MS } from './limits.ts'
import type { KeyPair } from '../config/read-key-pair.ts'

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** `127.0.0.1:8080`, `[::1]:8080`, `*:80`. @throws RangeError */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65535) throw new RangeError(`not HOST:PORT: ${text}`)
  const host = match[1] ?? match[2] ?? ''
  return { host: host === '' || host === '*' ? '::' : host, port }
}

/** A server that no slow or endless request can tie up. Named limits: limits.ts */
export function createLimitedServer(
  listener: RequestListener,
  tls: KeyPair | undefined,
  timeouts: ServerOptions = SERVER_TIMEOUTS,
): Server {
  const server =
    tls === undefined
      ? createHttpServer(timeouts, listener)
      : createHttpsServer(
          { ...timeouts, cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' },
          listener,
        )
  server.maxConnections = MAX_CONNECTIONS
  server.maxHeadersCount = MAX_HEADERS
  server.setTimeout(SOCKET_IDLE_MS)
  return server
}

/** New connections get this certificate. @throws when certificate and key do not fit; the old one stays */
export function renewCertificate(server: Server, { certificate, key }: KeyPair): void {
  if (server instanceof HttpsServer)
    server.setSecureContext({ cert: certificate, key, minVersion: 'TLSv1.2' })
}

/** @returns the port, also where 0 was asked for. @throws the error of the system, such as `EADDRINUSE` */
export function listenOn(server: Server, { host, port }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Takes no new requests, waits for those under way, cuts the rest after `graceMs`. */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise(resolve => {
    if (!server.listening) {
      resolve()
      return
    }
    const timer = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}
