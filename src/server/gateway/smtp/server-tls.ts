import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { SecureContext } from 'node:tls'
import { SocketError } from './socket-reader.ts'
import type { SecuredSocket } from './smtp-session.ts'

export interface ServerTls {
  /** PEM: certificate chain and private key. */
  readonly certificate: string
  readonly key: string
  /** Ask for a client certificate. It is not checked against an authority: its fingerprint is what counts. */
  readonly asksCertificate: boolean
}

/** Takes a socket into TLS 1.2 or later. @throws {SocketError} when the handshake fails */
export type StartTls = (socket: Socket) => Promise<SecuredSocket>

/** @throws when certificate and key do not fit */
export function serverTls(tls: ServerTls, handshakeMs: number): StartTls {
  const secureContext = createSecureContext({
    cert: tls.certificate,
    key: tls.key,
    minVersion: 'TLSv1.2',
    // A resumed session would come without the certificate that the client showed before.
    secureOptions: tls.asksCertificate ? constants.SSL_OP_NO_TICKET : 0,
  })
  return socket => handshake(socket, secureContext, tls.asksCertificate, handshakeMs)
}

export interface RenewableTls {
  readonly start: StartTls
  /** New connections get this certificate. @throws when certificate and key do not fit; the old one stays */
  renew(pair: Pick<ServerTls, 'certificate' | 'key'>): void
}

/** @throws when certificate and key do not fit */
export function renewableTls(tls: ServerTls, handshakeMs: number): RenewableTls {
  let start = serverTls(tls, handshakeMs)
  return {
    start: socket => start(socket),
    renew(pair) {
      start = serverTls({ ...tls, ...pair }, handshakeMs)
    },
  }
}

function handshake(
  plain: Socket,
  secureContext: SecureContext,
  requestCert: boolean,
  limitMs: number,
): Promise<SecuredSocket> {
  const options = { isServer: true, secureContext, requestCert, rejectUnauthorized: false }
  const socket = new TLSSocket(plain, options)
  return new Promise((resolve, reject) => {
    const fail = (error?: unknown) => {
      clearTimeout(timer)
      socket.destroy()
      plain.destroy()
      reject(new SocketError('lost', error))
    }
    const timer = setTimeout(fail, limitMs)
    socket.on('error', fail)
    socket.once('_tlsError', fail)
    // A client that leaves in the middle ends a half-open socket without closing it.
    socket.once('end', fail)
    socket.once('close', fail)
    socket.once('secure', () => {
      clearTimeout(timer)
      socket.off('end', fail)
      socket.off('close', fail)
      resolve({ socket, certificate: fingerprint(socket) })
    })
  })
}

function fingerprint(socket: TLSSocket): string | undefined {
  return socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase()
}
