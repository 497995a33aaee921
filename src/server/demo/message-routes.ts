import { Hono } from 'hono'
import { answerDraft } from './answer-draft.ts'
import { goesDirectly } from './compose-routes.ts'
import { conversationOf } from './conversation-of.ts'
import { composePage } from './pages/compose-page.ts'
import { messagePage } from './pages/message-page.ts'
import { pageContext } from './pages/page-context.ts'
import { readMail } from './read-mail.ts'
import { frameHeaders, openedFileHeaders, pageHeaders } from './security-headers.ts'
import type { MailCollection } from './mail-collection.ts'
import type { MessageForm, MessageView } from './pages/message-page.ts'
import type { ReadMail } from './read-mail.ts'

/** One mail, as a person looks at it. */
export function messageRoutes(needs: {
  readonly mails: MailCollection
  /** `127.0.0.1:2525` */
  readonly gateway: () => string
  readonly isInside: (address: string) => boolean
  readonly clock: () => number
}): Hono {
  const { mails } = needs
  const routes = new Hono()

  const show = async (
    request: Request,
    id: string,
    wanted: MessageForm,
  ): Promise<Response | null> => {
    const stored = mails.find(id)
    if (stored === undefined) return null
    const mail = await readMail(stored.raw)
    const form = wanted === 'html' && mail.html === null ? 'text' : wanted
    const context = pageContext(request, needs.clock())
    const conversation = conversationOf(stored, mails.list(null), context.owner)
    const view = { mails, gateway: needs.gateway(), stored, mail, form, conversation }
    const page = await messagePage(context, { ...view, sent: sentOf(request) })
    return new Response(page.toString(), { headers: { ...pageHeaders, 'Content-Type': htmlType } })
  }
  for (const [path, form] of [
    ['', 'html'],
    ['/text', 'text'],
    ['/source', 'source'],
  ] as const)
    routes.get(`/:id${path}`, async context => {
      const page = await show(context.req.raw, context.req.param('id'), form)
      return page ?? context.notFound()
    })

  for (const kind of ['reply', 'reply-all'] as const)
    routes.get(`/:id/${kind}`, async context => {
      const stored = mails.find(context.req.param('id'))
      if (stored === undefined || stored.sealed) return context.notFound()
      const page = pageContext(context.req.raw, needs.clock())
      const mail = await readMail(stored.raw)
      const draft = answerDraft(page, kind, { stored, mail, isInside: needs.isInside })
      const isDirect = goesDirectly(draft, needs.isInside)
      const shown = await composePage(page, { draft, isDirect, gateway: needs.gateway() })
      return context.html(shown.toString(), 200, pageHeaders)
    })

  routes.get('/:id/html', async context => {
    const stored = mails.find(context.req.param('id'))
    const mail = stored === undefined ? null : await readMail(stored.raw)
    if (mail === null || mail.html === null) return context.notFound()
    return context.body(framedHtml(mail), 200, { ...frameHeaders, 'Content-Type': htmlType })
  })

  routes.get('/:id/open/:name', async context => {
    const stored = mails.find(context.req.param('id'))
    const name = context.req.param('name')
    const files = stored === undefined ? [] : (await readMail(stored.raw)).files
    const file = files.find(each => each.name === name && each.type === 'text/html')
    if (file === undefined) return context.notFound()
    return context.body(Uint8Array.from(file.content), 200, {
      ...openedFileHeaders,
      'Content-Type': 'text/html',
    })
  })

  routes.post('/:id/delete', context => {
    mails.remove(context.req.param('id'))
    return context.redirect(pageContext(context.req.raw, needs.clock()).link('/'), 303)
  })
  return routes
}

/** Set after an answer was taken. */
function sentOf(request: Request): MessageView['sent'] {
  const sent = new URL(request.url).searchParams.get('sent')
  if (sent === null) return null
  return sent === 'directly' ? 'directly' : 'gateway'
}

const htmlType = 'text/html; charset=utf-8'

/** The HTML with its pictures put in as data, and links that open outside the frame. */
function framedHtml({ html, files }: ReadMail): string {
  const pictures = files.filter(
    ({ contentId, type }) => contentId !== '' && type.startsWith('image/'),
  )
  const filled = pictures.reduce(
    (text, { contentId, type, content }) =>
      text.replaceAll(`cid:${contentId}`, `data:${type};base64,${content.toString('base64')}`),
    html ?? '',
  )
  return `<!doctype html><base target="_blank">${filled}`
}
