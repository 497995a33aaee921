import { readFile } from 'node:fs/promises'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { streamSSE } from 'hono/streaming'
import { apiRoutes } from './api-routes.ts'
import { guard } from './guard.ts'
import { MAX_COMPOSED_BYTES, MAX_WATCHERS } from './limits.ts'
import { messageRoutes } from './message-routes.ts'
import { composePage } from './pages/compose-page.ts'
import { listPage } from './pages/list-page.ts'
import { pageContext } from './pages/page-context.ts'
import { draftToMail, readDraft } from './read-draft.ts'
import { commonHeaders, pageHeaders } from './security-headers.ts'
import { submitMail } from './submit-mail.ts'
import type { Context } from 'hono'
import type { MailCollection } from './mail-collection.ts'
import type { Draft } from './pages/compose-page.ts'
import type { PageContext } from './pages/page-context.ts'
import type { Html } from './pages/page-frame.ts'
import type { GatewayAddress } from './submit-mail.ts'

export interface MailboxAppNeeds {
  readonly mails: MailCollection
  readonly gateway: () => GatewayAddress
  readonly clock: () => number
  /** `https://mailbox.test` when the mailbox stands behind something that has another name. */
  readonly publicUrl?: string
}

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
  app.route('/messages', messageRoutes({ mails, gateway, clock }))

  app.get('/', context => {
    const page = pageContext(context.req.raw, clock())
    const sent = context.req.query('sent')
    const status = sent === undefined ? undefined : page.text('mailbox.sent')
    return show(context, listPage(page, { mails, gateway: gateway() }, status))
  })
  app.post('/clear', context => {
    const { owner, link } = pageContext(context.req.raw, clock())
    mails.clear(owner)
    return context.redirect(link('/'), 303)
  })
  app.get('/compose', context => {
    const page = pageContext(context.req.raw, clock())
    return show(context, composePage(page, { draft: newDraft(page), gateway: gateway() }))
  })
  app.post('/compose', bodyLimit({ maxSize: MAX_COMPOSED_BYTES }), async context => {
    const page = pageContext(context.req.raw, clock())
    const form = readDraft(await context.req.formData())
    const answer = await submitMail(needs.gateway(), await draftToMail(form))
    const words = answer.accepted ? answer.refused.join('\n') : answer.reply
    if (words === '') return context.redirect(sentAddress(page), 303)
    return show(
      context,
      composePage(page, { draft: form.draft, gateway: gateway(), refusal: words }),
      422,
    )
  })

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
  ['mailbox.css', 'text/css; charset=utf-8'],
  ['mailbox.js', 'text/javascript; charset=utf-8'],
  ['icon.svg', 'image/svg+xml'],
])

async function show(context: Context, page: Html, status: 200 | 422 = 200): Promise<Response> {
  return context.html((await page).toString(), status, pageHeaders)
}

const newDraft = ({ owner }: PageContext): Draft => ({
  from: 'alice@example.com',
  to: owner ?? 'bob@example.org',
  subject: '',
  body: '',
})

/** Everyone's list: there the new mail stands, whoever it went to. */
function sentAddress({ link }: PageContext): string {
  const list = link('/', { owner: null })
  return `${list}${list.includes('?') ? '&' : '?'}sent`
}

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
