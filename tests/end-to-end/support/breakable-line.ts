import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

const host = '127.0.0.1'

/** A line to a server that can break, in two ways. */
export interface BreakableLine {
  readonly port: number
  /** Nobody answers any more. */
  cut(): void
  /** The server hears everything, and its answers are lost. */
  loseAnswers(): void
  mend(): void
  close(): void
}

export async function startBreakableLine(target: number): Promise<BreakableLine> {
  const sockets = new Set<Socket>()
  let state: 'whole' | 'cut' | 'losing' = 'whole'
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined) // the other end is told by `close`
  }
  const server = createServer(client => {
    keep(client)
    if (state === 'cut') return void client.destroy()
    const onward = connect(target, host)
    keep(onward)
    client.pipe(onward)
    onward.on('data', (answer: Buffer) => {
      if (state === 'losing') client.destroy()
      else client.write(answer)
    })
    onward.on('close', () => client.destroy())
    client.on('close', () => onward.destroy())
  }).listen(0, host)
  await once(server, 'listening')
  const drop = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state = 'cut'
      drop()
    },
    loseAnswers() {
      state = 'losing'
    },
    mend() {
      state = 'whole'
    },
    close() {
      drop()
      server.close()
    },
  }
}
