import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The way to a server, which can break: in whole, or for some paths. */
export interface FaultyWay {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** Where it leads: a port on 127.0.0.1. */
  target: number
  /** Requests for such paths are answered with 500. */
  failing: RegExp | null
  /** As when the server's process has ended: connections are refused. */
  stop(): Promise<void>
  /** Leads there again, without faults. */
  mend(): Promise<void>
}

export async function startFaultyWay(): Promise<FaultyWay> {
  const server = createServer((incoming, answer) => {
    if (way.failing?.test(incoming.url ?? '') === true) answer.writeHead(500).end()
    else pass(incoming, answer, way.target)
  })
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const port = await listen(0)
  const way: FaultyWay = {
    url: `http://127.0.0.1:${port}`,
    target: 0,
    failing: null,
    async stop() {
      if (!server.listening) return
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
    async mend() {
      way.failing = null
      if (!server.listening) await listen(port)
    },
  }
  return way
}

function pass(incoming: IncomingMessage, answer: ServerResponse, port: number): void {
  const { method = '', url: path = '', headers } = incoming
  const onward = request({ host: '127.0.0.1', port, method, path, headers }, reply => {
    answer.writeHead(reply.statusCode ?? 502, reply.rawHeaders)
    reply.pipe(answer)
  })
  onward.on('error', () => answer.destroy())
  answer.on('close', () => onward.destroy())
  incoming.pipe(onward)
}
