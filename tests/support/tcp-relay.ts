import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A network between program and server that can break. */
export interface TcpRelay {
  readonly port: number
  /** Closes every connection and takes no other. */
  cut(): void
  /** Passes nothing on any more, and says nothing. */
  silence(): void
  mend(): void
  close(): void
}

/** Passes connections to a socket in the file system. */
export async function startRelay(socketPath: string): Promise<TcpRelay> {
  const sockets = new Set<Socket>()
  let isCut = false
  let isSilent = false
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from)
    from.on('data', chunk => {
      if (!isSilent) to.write(chunk)
    })
    from.on('error', () => undefined)
    from.on('close', () => to.destroy())
  }
  const server = createServer(client => {
    if (isCut) {
      client.destroy()
      return
    }
    const database = connect(socketPath)
    pass(client, database)
    pass(database, client)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const drop = (): void => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true
      drop()
    },
    silence() {
      isSilent = true
    },
    mend() {
      isCut = false
      isSilent = false
    },
    close() {
      drop()
      server.close()
    },
  }
}
