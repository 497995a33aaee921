import { once } from 'node:events'
import { Agent, request } from 'node:http'
import type { IncomingMessage } from 'node:http'

export interface Answered {
  readonly status: number
  readonly json: Readonly<Record<string, unknown>>
  /** Where a redirect leads; empty when it is none. */
  readonly location: string
}

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Which node answers, as a load balancer chooses it. */
  readonly port: number
  /** The reader's network, as the proxy in front tells it. */
  readonly from?: string
}

/** A browser that keeps its cookies and can be led to any node of a portal. */
export interface ProgramReader {
  readonly cookies: Map<string, string>
  ask(path: string, body: object, asked: Asked): Promise<Answered>
}

/** Connections of one reader to one node; more wait. */
const MAX_SOCKETS = 64

export function programReader(
  portalUrl: string,
  cookies = new Map<string, string>(),
): ProgramReader {
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS })
  return {
    cookies,
    async ask(path, body, { method = 'POST', port, from = '192.0.2.1' }) {
      const asking = request({
        host: '127.0.0.1',
        port,
        path,
        method,
        agent,
        headers: {
          host: new URL(portalUrl).host,
          origin: portalUrl,
          'content-type': 'application/json',
          'x-forwarded-for': from,
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        },
      })
      asking.end(method === 'POST' ? JSON.stringify(body) : undefined)
      const [answer] = (await once(asking, 'response')) as [IncomingMessage]
      for (const line of answer.headers['set-cookie'] ?? []) keep(cookies, line)
      const text = Buffer.concat(await answer.toArray()).toString('utf8')
      const json = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
      const { location = '' } = answer.headers
      return { status: answer.statusCode ?? 0, json, location }
    },
  }
}

function keep(cookies: Map<string, string>, line: string): void {
  const [name = '', value = ''] = line.split(';', 1)[0]?.split('=') ?? []
  if (value === '') cookies.delete(name)
  else cookies.set(name, value)
}
