import { connect, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectSecure, rootCertificates, TLSSocket } from 'node:tls'
import type { ConnectionOptions } from 'node:tls'
import type { GatewayLimits } from '../limits.ts'
import { NextHopError } from './next-hop-error.ts'
import type { NextHopSettings } from './next-hop-settings.ts'

/** A TCP connection, inside TLS already when that is implicit. @throws {NextHopError} */
export async function connectSocket(
  settings: NextHopSettings,
  limits: GatewayLimits,
): Promise<Socket> {
  const { host, port } = settings
  const socket = connect({ host, port, noDelay: true })
  await settled(socket, 'connect', limits.connectMs, 'unreachable')
  socket.on('error', ignoreError)
  return settings.tls === 'implicit' ? connectTls(socket, settings, limits.handshakeMs) : socket
}

/**
 * Takes a connection into TLS.
 * @throws {NextHopError} `tls-failed`, also when the certificate is wrong and `tls` is not `opportunistic`
 */
export async function connectTls(
  plain: Socket,
  settings: NextHopSettings,
  limitMs: number,
): Promise<Socket> {
  try {
    const socket = connectSecure({ socket: plain, ...tlsOptions(settings) })
    await settled(socket, 'secureConnect', limitMs, 'tls-failed')
    socket.on('error', ignoreError)
    return socket
  } catch (error) {
    plain.destroy()
    throw error instanceof NextHopError ? error : new NextHopError('tls-failed', { cause: error })
  }
}

export function isEncrypted(socket: Socket): boolean {
  return socket instanceof TLSSocket
}

function tlsOptions(settings: NextHopSettings): ConnectionOptions {
  const name = settings.serverName === '' ? settings.host : settings.serverName
  const { ca, clientCertificate } = settings
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: settings.tls !== 'opportunistic',
    ...(isIP(name) === 0 ? { servername: name } : {}),
    host: name,
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
    ...(clientCertificate === undefined
      ? {}
      : { cert: clientCertificate.certificate, key: clientCertificate.key }),
  }
}

function settled(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  limitMs: number,
  code: 'unreachable' | 'tls-failed',
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      socket.off('error', fail)
      socket.off('close', fail)
      socket.off(event, succeed)
    }
    const fail = (cause?: unknown) => {
      stop()
      socket.on('error', ignoreError)
      socket.destroy()
      reject(new NextHopError(code, { cause }))
    }
    const succeed = () => {
      stop()
      resolve()
    }
    const timer = setTimeout(fail, limitMs)
    socket.on('error', fail)
    socket.on('close', fail)
    socket.on(event, succeed)
  })
}

/** A broken connection shows itself to whoever reads or writes. */
function ignoreError(): void {}
