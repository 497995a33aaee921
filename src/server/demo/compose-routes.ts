import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { MAX_COMPOSED_BYTES } from './limits.ts'
import { composePage } from './pages/compose-page.ts'
import { pageContext } from './pages/page-context.ts'
import { draftToMail, readDraft } from './read-draft.ts'
import { pageHeaders } from './security-headers.ts'
import { submitMail } from './submit-mail.ts'
import type { Context } from 'hono'
import type { MailboxAppNeeds } from './mailbox-app-needs.ts'
import type { Draft } from './pages/compose-page.ts'
import type { PageContext } from './pages/page-context.ts'
import type { StoredMail } from './stored-mail.ts'

/** A new mail, and what becomes of it and of answers. */
export function composeRoutes(
  needs: Pick<MailboxAppNeeds, 'mails' | 'gateway' | 'mailServer' | 'isInside' | 'clock'>,
): Hono {
  const routes = new Hono()
  const show = async (
    context: Context,
    view: { draft: Draft; refusal?: string },
    status: 200 | 422,
  ): Promise<Response> => {
    const page = pageContext(context.req.raw, needs.clock())
    const { host, port } = needs.gateway()
    const isDirect = goesDirectly(view.draft, needs.isInside)
    const shown = await composePage(page, { ...view, isDirect, gateway: `${host}:${port}` })
    return context.html(shown.toString(), status, pageHeaders)
  }
  routes.get('/', context =>
    show(context, { draft: newDraft(pageContext(context.req.raw, needs.clock())) }, 200),
  )
  routes.post('/', bodyLimit({ maxSize: MAX_COMPOSED_BYTES }), async context => {
    const page = pageContext(context.req.raw, needs.clock())
    const form = readDraft(await context.req.formData())
    const isDirect = goesDirectly(form.draft, needs.isInside)
    const server = isDirect ? needs.mailServer() : needs.gateway()
    const answer = await submitMail(server, await draftToMail(form))
    const refusal = answer.accepted ? answer.refused.join('\n') : answer.reply
    if (refusal !== '') return show(context, { draft: form.draft, refusal }, 422)
    const { answers } = form.draft
    const answered = answers === undefined ? undefined : needs.mails.find(answers.mail)
    return context.redirect(sentAddress(page, answered, isDirect), 303)
  })
  return routes
}

/** The organisation's mail goes through its gateway; people outside answer over their own mail servers. */
export const goesDirectly = (
  { from, answers }: Draft,
  isInside: MailboxAppNeeds['isInside'],
): boolean => answers !== undefined && !isInside(from)

const newDraft = ({ owner }: PageContext): Draft => ({
  from: 'alice@example.com',
  to: owner ?? 'bob@example.org',
  cc: '',
  subject: '',
  body: '',
})

/** The answered mail, with its conversation; else everyone's list, where the new mail stands whoever it went to. */
function sentAddress(
  { link }: PageContext,
  answered: StoredMail | undefined,
  isDirect: boolean,
): string {
  const address =
    answered === undefined ? link('/', { owner: null }) : link(`/messages/${answered.id}`)
  return `${address}${address.includes('?') ? '&' : '?'}sent${isDirect ? '=directly' : ''}`
}
