import { Hono } from 'hono'
import { contentDisposition } from './content-disposition.ts'
import { readMail } from './read-mail.ts'
import { downloadHeaders } from './security-headers.ts'
import type { MailCollection } from './mail-collection.ts'
import type { StoredMail } from './stored-mail.ts'

/** contract.md, Demo: what programs ask the mailbox. */
export function apiRoutes(mails: MailCollection): Hono {
  const api = new Hono()
  api.get('/messages', context =>
    context.json(mails.list(context.req.query('to') ?? null).map(toJson)),
  )
  api.delete('/messages', context => {
    mails.clear(context.req.query('to') ?? null)
    return context.body(null, 204)
  })
  api.get('/messages/:id/raw', context => {
    const mail = mails.find(context.req.param('id'))
    if (mail === undefined) return context.notFound()
    return context.body(Uint8Array.from(mail.raw), 200, {
      ...downloadHeaders,
      'Content-Type': 'message/rfc822',
      'Content-Disposition': contentDisposition('mail.eml'),
    })
  })
  api.get('/messages/:id/attachments/:name', async context => {
    const mail = mails.find(context.req.param('id'))
    const name = context.req.param('name')
    const files = mail === undefined ? [] : (await readMail(mail.raw)).files
    const file = files.find(each => each.name === name)
    if (file === undefined) return context.notFound()
    return context.body(Uint8Array.from(file.content), 200, {
      ...downloadHeaders,
      'Content-Type': file.type,
      'Content-Disposition': contentDisposition(file.name),
    })
  })
  return api
}

/** One row of `GET /api/messages`; several recipients stand one after the other. */
const toJson = ({ id, from, to, subject, receivedAtMs, raw }: StoredMail): object => ({
  id,
  from,
  to: to.join(', '),
  subject,
  date: new Date(receivedAtMs).toISOString(),
  size: raw.length,
})
