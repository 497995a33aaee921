import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTransport } from 'nodemailer'
import type { SendMailOptions } from 'nodemailer'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createMailbox } from '../../../src/server/demo/mailbox.ts'
import type { Mailbox } from '../../../src/server/demo/mailbox.ts'

const [alice, bob, carol] = ['alice@example.com', 'bob@example.org', 'carol@example.net']
const alias = 'bob=example.org.x@replies.example.com'

/** What a mail server in the gateway's place was told. */
interface Taken {
  readonly from: string
  readonly to: readonly string[]
  readonly text: string
}

let mailbox: Mailbox
let gateway: SMTPServer
let taken: Taken[]
/** Addresses that the server behind refuses. */
let refused: string[]
beforeEach(async () => {
  taken = []
  refused = []
  gateway = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo({ address }, _session, done) {
      const error = Object.assign(new Error('5.1.1 no such address'), { responseCode: 550 })
      done(refused.includes(address) ? error : null)
    },
    onData(stream, { envelope: { mailFrom, rcptTo } }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const from = mailFrom === false ? '' : mailFrom.address
        const to = rcptTo.map(({ address }) => address)
        taken.push({ from, to, text: Buffer.concat(chunks).toString() })
        done()
      })
    },
  })
  gateway.server.listen(0, '127.0.0.1')
  await once(gateway.server, 'listening')
  const { port } = gateway.server.address() as AddressInfo
  mailbox = createMailbox({ httpPort: 0, smtpPort: 0, gateway: { host: '127.0.0.1', port } })
  await mailbox.listen()
})
afterEach(async () => {
  await mailbox.close()
  await new Promise<void>(resolve => gateway.close(resolve))
})

async function send(mail: SendMailOptions): Promise<void> {
  const server = { host: '127.0.0.1', port: mailbox.smtpPort, ignoreTLS: true }
  const transport = createTransport(server)
  try {
    await transport.sendMail(mail)
  } finally {
    transport.close()
  }
}

interface Listed {
  readonly id: string
  readonly from: string
}
const listOf = async (to: string): Promise<readonly Listed[]> =>
  (await (await fetch(`${mailbox.url}/api/messages?to=${to}`)).json()) as readonly Listed[]

async function page(path: string): Promise<string> {
  const answer = await fetch(`${mailbox.url}${path}`)
  expect(answer.status, path).toBe(200)
  return answer.text()
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')

/** The form of a page, as a browser would send it back. */
function formOf(html: string): FormData {
  const form = new FormData()
  for (const [input] of html.matchAll(/<input\b[^>]*>/g)) {
    const value = (name: string): string =>
      unescaped(new RegExp(`\\b${name}="([^"]*)"`).exec(input)?.[1] ?? '')
    if (!['', 'files', 'to'].includes(value('name'))) form.append(value('name'), value('value'))
  }
  form.append('body', unescaped(/<textarea[^>]*>\n?([^<]*)<\/textarea/.exec(html)?.[1] ?? ''))
  return form
}

const textOf = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

async function answer(owner: string, kind: 'reply' | 'reply-all', body: string): Promise<Response> {
  const [mail] = await listOf(owner)
  const form = formOf(await page(`/messages/${mail?.id}/${kind}?to=${owner}`))
  form.set('body', `${body}${textOf(form, 'body')}`)
  return fetch(`${mailbox.url}/compose?to=${owner}`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  })
}

const field = (mail: string, name: string): string =>
  new RegExp(`^${name}: (.*(?:\\r?\\n[ \\t].*)*)`, 'm')
    .exec(mail)?.[1]
    ?.replaceAll(/\s+/g, ' ')
    .trim() ?? ''

describe('an answer from someone of the organisation', () => {
  it('goes through the gateway, to Reply-To, with the chain of ids, and quotes', async () => {
    await send({
      envelope: { from: alias, to: [alice] },
      from: { name: 'Bob (bob@example.org, external)', address: alias },
      replyTo: bob,
      to: alice,
      subject: 'Plans',
      messageId: '<two@replies.example.com>',
      references: ['<one@example.com>'],
      inReplyTo: '<one@example.com>',
      text: 'First line\nSecond line',
    })
    const sent = await answer(alice, 'reply', 'Mine.')
    expect(sent.status).toBe(303)
    expect(sent.headers.get('location')).toMatch(
      /^\/messages\/[\w-]{12}\?to=alice%40example.com&sent$/,
    )
    const [mail] = taken
    expect(mail).toMatchObject({ from: alice, to: [bob] })
    const text = mail?.text ?? ''
    expect(field(text, 'Subject')).toBe('Re: Plans')
    expect(field(text, 'In-Reply-To')).toBe('<two@replies.example.com>')
    expect(field(text, 'References')).toBe('<one@example.com> <two@replies.example.com>')
    expect(text).toContain('Mine.')
    expect(text).toMatch(/^> Second line\r?$/m)
  })

  it('goes to everyone but its writer, each once', async () => {
    await send({ from: bob, to: [alice, 'dave@example.com'], cc: [carol, bob], text: 'x' })
    expect((await answer(alice, 'reply-all', 'All.')).status).toBe(303)
    expect(taken[0]?.to).toEqual([bob, 'dave@example.com', carol])
    expect(field(taken[0]?.text ?? '', 'Cc')).toBe(`dave@example.com, ${carol}`)
  })

  it('says what the gateway said when it refused, and keeps text and chain', async () => {
    await send({ from: bob, to: alice, subject: 'Plans', messageId: '<a@b>', text: 'x' })
    refused.push(bob)
    const shown = await answer(alice, 'reply', 'Kept.')
    expect(shown.status).toBe(422)
    const html = await shown.text()
    expect(html).toContain('5.1.1 no such address')
    expect(formOf(html).get('in-reply-to')).toBe('<a@b>')
    expect(textOf(formOf(html), 'body')).toMatch(/^Kept\./)
  })
})

describe('an answer from someone outside', () => {
  it('goes straight to the other mail servers, and stands in one conversation with what it answers', async () => {
    await send({ from: carol, to: bob, subject: 'Lunch', messageId: '<l@test>', text: 'At one?' })
    expect((await answer(bob, 'reply', 'Yes.')).headers.get('location')).toMatch(/&sent=directly$/)
    expect(taken).toEqual([])
    const [mail] = await listOf(carol)
    expect(mail?.from).toBe(bob)
    const list = await page(`/messages/${mail?.id}?to=${carol}`)
    const nav = /<nav class="conversation"[\s\S]*?<\/nav>/.exec(list)?.[0] ?? ''
    expect([...nav.matchAll(/<bdi>(.*?)<\/bdi>/g)].map(([, who]) => who)).toEqual([carol, bob])
  })

  it('cannot be written to a sealed mail: that is answered where it is read', async () => {
    const raw = 'From: alice@example.com\r\nX-Zegel: 1; a; b\r\n\r\nx'
    await send({ envelope: { from: alice, to: [bob] }, raw })
    const [mail] = await listOf(bob)
    expect(await page(`/messages/${mail?.id}`)).not.toContain('/reply')
    expect((await fetch(`${mailbox.url}/messages/${mail?.id}/reply`)).status).toBe(404)
  })
})

describe('mail for the domain of replies', () => {
  it('is handed to the gateway as it came in, a bounce with its empty sender too', async () => {
    await send({ envelope: { from: '', to: [alias] }, raw: 'Subject: Undelivered\r\n\r\nGone.' })
    expect(taken).toHaveLength(1)
    expect(taken[0]).toMatchObject({ from: '', to: [alias] })
    expect(taken[0]?.text).toMatch(/^Received: [^\r\n]+\r\nSubject: Undelivered\r\n\r\nGone\./)
    expect(await listOf(alias)).toEqual([])
  })

  it('goes on for its own recipients alone; the others have it here', async () => {
    await send({ from: carol, to: [alias, bob], text: 'x' })
    expect(taken[0]?.to).toEqual([alias])
    expect(await listOf(bob)).toHaveLength(1)
  })

  it('is refused with the gateway’s own code and words, and for everyone then', async () => {
    refused.push(alias)
    await expect(send({ from: carol, to: [alias, bob], text: 'x' })).rejects.toMatchObject({
      responseCode: 550,
      response: expect.stringContaining('no such address') as unknown,
    })
    expect(await listOf(bob)).toEqual([])
  })

  it('is put off when nobody answers there', async () => {
    await new Promise<void>(resolve => gateway.close(resolve))
    await expect(send({ from: carol, to: alias, text: 'x' })).rejects.toMatchObject({
      responseCode: 451,
    })
  })
})
