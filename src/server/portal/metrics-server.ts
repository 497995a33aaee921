import type { RequestListener } from 'node:http'

/** `GET /metrics` on a port of its own, for the operator's network alone; sums without any identifier. */
export function metricsListener(prometheus: () => string): RequestListener {
  return (request, response) => {
    request.resume()
    const isMetrics = request.url === '/metrics' && request.method === 'GET'
    response.writeHead(isMetrics ? 200 : 404, {
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    })
    response.end(isMetrics ? prometheus() : 'not found\n')
  }
}
