import type { Portal } from '../../../../src/server/portal/portal.ts'

export const ORIGIN = 'https://mail.example.com'

export interface Asked {
  readonly method?: string
  readonly json?: unknown
  readonly body?: BodyInit
  readonly headers?: Readonly<Record<string, string>>
}

/** A browser as the portal sees one: our own page's requests, and a cookie jar. */
export interface Visitor {
  readonly cookies: Map<string, string>
  ask(path: string, asked?: Asked): Promise<Response>
}

export function visitor(portal: Pick<Portal, 'fetch'>, origin = ORIGIN): Visitor {
  const cookies = new Map<string, string>()
  return {
    cookies,
    async ask(path, { method, json, body, headers } = {}) {
      const jar = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const request = new Request(`${origin}${path}`, {
        method: method ?? (json === undefined && body === undefined ? 'GET' : 'POST'),
        body: json === undefined ? (body ?? null) : JSON.stringify(json),
        headers: {
          host: new URL(origin).host,
          'sec-fetch-site': 'same-origin',
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...(jar === '' ? {} : { cookie: jar }),
          ...headers,
        },
      })
      const response = await portal.fetch(request)
      for (const line of response.headers.getSetCookie()) keep(cookies, line)
      return response
    },
  }
}

function keep(cookies: Map<string, string>, line: string): void {
  const [name = '', value = ''] = line.split(';', 1)[0]?.split('=') ?? []
  if (value === '') cookies.delete(name)
  else cookies.set(name, value)
}
