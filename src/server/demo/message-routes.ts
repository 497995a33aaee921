import { Hono } from 'hono'
import { messagePage } from './pages/message-page.ts'
import { pageContext } from './pages/page-context.ts'
import { readMail } from './read-mail.ts'
import { frameHeaders, openedFileHeaders, pageHeaders } from './security-headers.ts'
import type { MailCollection } from './mail-collection.ts'
import type { MessageForm } from './pages/message-page.ts'
import type { ReadMail } from './read-mail.ts'

/** One mail, as a person looks at it. */
export function messageRoutes(needs: {
  readonly mails: MailCollection
  readonly gateway: () => string
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
    const view = { mails, gateway: needs.gateway(), stored, mail, form }
    const page = await messagePage(pageContext(request, needs.clock()), view)
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
