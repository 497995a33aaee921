import { readFile } from 'node:fs/promises'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { apiRoutes } from './api-routes.ts'
import { composeRoutes } from './compose-routes.ts'
import { guard } from './guard.ts'
import { MAX_WATCHERS } from './limits.ts'
import { messageRoutes } from './message-routes.ts'
import { listPage } from './pages/list-page.ts'
import { pageContext } from './pages/page-context.ts'
import { commonHeaders, pageHeaders } from './security-headers.ts'
import type { Context } from 'hono'
import type { MailCollection } from './mail-collection.ts'
import type { MailboxAppNeeds } from './mailbox-app-needs.ts'
import type { Html } from './pages/page-frame.ts'

/** Everything the mailbox answers over HTTP. */
export function createMailboxApp(needs: MailboxAppNeeds): Hono {
  const { mails, clock } = needs
  const gateway = (): string => `${needs.gateway().host}:${needs.gateway().port}`
  const app = new Hono()
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(commonHeaders)) context.header(name, value)
  })
  app.use(guard(needs.publicUrl))
  app.route('/api', apiRoutes(mails))
  app.route('/messages', messageRoutes({ ...needs, gateway }))

  app.get('/', context => {
    const page = pageContext(context.req.raw, clock())
    const sent = context.req.query('sent')
    const words = sent === 'directly' ? 'mailbox.sentDirect' : 'mailbox.sent'
    const status = sent === undefined ? undefined : page.text(words)
    return show(context, listPage(page, { mails, gateway: gateway() }, status))
  })
  app.post('/clear', context => {
    const { owner, link } = pageContext(context.req.raw, clock())
    mails.clear(owner)
    return context.redirect(link('/'), 303)
  })
  app.route('/compose', composeRoutes(needs))

  app.get('/events', watchMails(mails))
  app.get('/assets/:name', async context => {
    const type = assetTypes.get(context.req.param('name'))
    if (type === undefined) return context.notFound()
    const asset = await readFile(new URL(`assets/${context.req.param('name')}`, import.meta.url))
    return context.body(Uint8Array.from(asset), 200, { 'Content-Type': type })
  })
  return app
}

const assetTypes: ReadonlyMap<string, string> = new Map([
  ['frame.css', 'text/css; charset=utf-8'],
  ['letter.css', 'text/css; charset=utf-8'],
  ['mailbox.css', 'text/css; charset=utf-8'],
  ['mailbox.js', 'text/javascript; charset=utf-8'],
  ['icon.svg', 'image/svg+xml'],
])

const show = async (context: Context, page: Html): Promise<Response> =>
  context.html((await page).toString(), 200, pageHeaders)

/** Tells the page that something changed; what it is, the page asks for. */
function watchMails(mails: MailCollection): (context: Context) => Response {
  let watchers = 0
  return context => {
    if (watchers >= MAX_WATCHERS) return context.text('Too many pages are open.\n', 503)
    watchers += 1
    return streamSSE(context, async stream => {
      const stop = mails.watch(() => void stream.writeSSE({ event: 'change', data: '' }))
      const gone = new Promise<void>(resolve => stream.onAbort(resolve))
      await stream.writeSSE({ event: 'ready', data: '' })
      await gone
      stop()
      watchers -= 1
    })
  }
}
