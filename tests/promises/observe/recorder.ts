import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

const host = '127.0.0.1'

/** Stands before a server, passes connections on and keeps every byte of both directions. */
export interface Recorder {
  readonly port: number
  readonly connections: number
  /** What went to the server, by connection. */
  sentEach(): readonly Buffer[]
  /** What went to the server. */
  sent(): Buffer
  /** What came from it. */
  answered(): Buffer
  close(): void
}

export async function startRecorder(target: number): Promise<Recorder> {
  const sent: Buffer[][] = []
  const answered: Buffer[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer(client => {
    connections += 1
    const asked: Buffer[] = []
    sent.push(asked)
    const onward = connect(target, host)
    for (const [from, to, kept] of [
      [client, onward, asked],
      [onward, client, answered],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk: Buffer) => kept.push(chunk))
      from.pipe(to)
      from.on('error', () => to.destroy())
    }
  }).listen(0, host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections
    },
    sent: () => Buffer.concat(sent.flat()),
    sentEach: () => sent.map(pieces => Buffer.concat(pieces)),
    answered: () => Buffer.concat(answered),
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
