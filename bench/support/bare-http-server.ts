// The portal's HTTP stack without the portal: buffers a posted body and answers a page with it,
// unchecked. A rival of P4.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const app = new Hono()
app.post('/open', async context => {
  const body = new Uint8Array(await context.req.arrayBuffer())
  return context.body(body, 200, { 'content-type': 'text/html; charset=utf-8' })
})
serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: '127.0.0.1' })
process.on('SIGTERM', () => process.exit(0))
