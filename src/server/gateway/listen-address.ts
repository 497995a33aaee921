import type { ListenAddress } from './smtp/smtp-listener.ts'

/** `127.0.0.1:2525`, `[::1]:2525`, `*:25`. @throws {RangeError} */
export function parseListenAddress(text: string, implicitTls: boolean): ListenAddress {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65535) throw new RangeError(`not HOST:PORT: ${text}`)
  const host = match[1] ?? match[2] ?? ''
  return { host: host === '' || host === '*' ? '::' : host, port, implicitTls }
}
