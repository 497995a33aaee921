import type { KeyPair } from '../../config/read-key-pair.ts'
import { parseListenAddress } from '../listen-address.ts'
import type { ReplyAddress } from './reply-listener.ts'

/**
 * Where hand-overs are taken: at the configured address, and on a free port of this machine for a portal in the same
 * process; the last one is that portal's.
 * @throws {RangeError} for an address that others reach, without a certificate
 */
export function replyAddresses(
  listen: string,
  tls: KeyPair | undefined,
  portalIsHere: boolean,
): readonly ReplyAddress[] {
  const own = portalIsHere ? [{ host: '127.0.0.1', port: 0, tls: undefined }] : []
  if (listen === '') return own
  const { host, port } = parseListenAddress(listen, false)
  if (isLoopback(host)) return [{ host, port, tls: undefined }, ...own]
  if (tls === undefined) throw new RangeError('gateway.replies.listen needs gateway.tls')
  return [{ host, port, tls }, ...own]
}

/** `http://127.0.0.1:8081` */
export function replyUrl({ host, tls }: ReplyAddress, port: number): string {
  const name = host.includes(':') ? `[${host}]` : host
  return `${tls === undefined ? 'http' : 'https'}://${name}:${port}`
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
