import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTransport } from 'nodemailer'
import type { SendMailOptions } from 'nodemailer'
import { createMailbox } from '../../../src/server/demo/mailbox.ts'
import type { Mailbox } from '../../../src/server/demo/mailbox.ts'

let mailbox: Mailbox
let nowMs = Date.UTC(2026, 10, 21, 12)
beforeEach(async () => {
  mailbox = createMailbox({
    httpPort: 0,
    smtpPort: 0,
    gateway: () => ({ host: '127.0.0.1', port: mailbox.smtpPort }),
    clock: () => (nowMs += 1000),
  })
  await mailbox.listen()
})
afterEach(() => mailbox.close())

async function send(mail: SendMailOptions): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: mailbox.smtpPort, ignoreTLS: true })
  await transport.sendMail(mail)
  transport.close()
}

const raw = (lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'))
const envelope = { from: 'alice@example.com', to: ['bob@example.org'] }
const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${mailbox.url}${path}`, { redirect: 'manual', ...init })
const list = async (query = ''): Promise<Record<string, unknown>[]> =>
  (await (await get(`/api/messages${query}`)).json()) as Record<string, unknown>[]
const idOfNewest = async (): Promise<string> => String((await list())[0]?.['id'])

describe('the API of the mailbox', () => {
  it('lists mails newest first, with exactly the fields of the contract', async () => {
    await send({
      from: 'Alice <alice@example.com>',
      to: 'bob@example.org',
      subject: 'One',
      text: '1',
    })
    await send({ from: 'alice@example.com', to: 'bob@example.org', subject: 'Two €', text: '2' })
    const mails = await list('?to=bob@example.org')
    expect(mails.map(({ subject }) => subject)).toEqual(['Two €', 'One'])
    const [, first] = mails
    expect(Object.keys(first ?? {})).toEqual(['id', 'from', 'to', 'subject', 'date', 'size'])
    expect(first).toMatchObject({ from: 'alice@example.com', to: 'bob@example.org' })
    expect(new Date(String(first?.['date'])).getUTCFullYear()).toBe(2026)
  })

  it('finds mail of an address whatever its case, and of blind copies too', async () => {
    await send({ from: 'a@example.com', to: 'Bob@Example.org', bcc: 'dave@example.org', text: 'x' })
    expect(await list('?to=bob@EXAMPLE.ORG')).toHaveLength(1)
    expect(await list('?to=dave@example.org')).toHaveLength(1)
    expect(await list('?to=carol@example.org')).toEqual([])
  })

  it('gives back a mail byte for byte, lines of dots and 8-bit text included', async () => {
    const mail = raw(['Subject: =?utf-8?q?d=C3=B8ts?=', '', '.', '..', '.é', 'no line end'])
    await send({ envelope, raw: mail })
    const answer = await get(`/api/messages/${await idOfNewest()}/raw`)
    expect(answer.headers.get('content-type')).toBe('message/rfc822')
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(bytes.subarray(0, mail.length).equals(mail)).toBe(true)
    expect(bytes.subarray(mail.length).toString()).toBe('\r\n')
    expect((await list())[0]?.['subject']).toBe('døts')
  })

  const part = (headers: readonly string[], body: string): string[] => ['--b', ...headers, '', body]
  const multipart = (...parts: string[][]): Buffer =>
    raw(['Content-Type: multipart/mixed; boundary=b', '', ...parts.flat(), '--b--', ''])

  it.each([
    ['7bit', 'one\r\ntwo\r\n', Buffer.from('one\r\ntwo\r\n')],
    ['8bit', 'é\r\n', Buffer.from('é\r\n')],
    ['quoted-printable', '=C3=A9=\r\n=00', Buffer.from('é\0')],
    ['base64', Buffer.from([0, 255, 13, 10]).toString('base64'), Buffer.from([0, 255, 13, 10])],
  ])('gives an attachment byte for byte: %s', async (encoding, body, expected) => {
    const headers = [
      'Content-Type: text/html',
      `Content-Transfer-Encoding: ${encoding}`,
      'Content-Disposition: attachment; filename="message.html"',
    ]
    await send({ envelope, raw: multipart(part(headers, body)) })
    const answer = await get(`/api/messages/${await idOfNewest()}/attachments/message.html`)
    expect(Buffer.from(await answer.arrayBuffer()).equals(expected)).toBe(true)
    expect(answer.headers.get('content-type')).toBe('text/html')
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="message.html"/,
    )
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
  })

  it('finds attachments with names in other scripts, and tells two of the same name apart', async () => {
    await send({
      from: 'a@example.com',
      to: 'b@example.org',
      text: 'x',
      attachments: [
        { filename: '報告.pdf', content: 'first' },
        { filename: '報告.pdf', content: 'second' },
        { filename: '../../etc/passwd', content: 'third' },
      ],
    })
    const id = await idOfNewest()
    const read = async (name: string): Promise<string> =>
      (await get(`/api/messages/${id}/attachments/${encodeURIComponent(name)}`)).text()
    expect(await read('報告.pdf')).toBe('first')
    expect(await read('報告-2.pdf')).toBe('second')
    expect(await read('_.._etc_passwd')).toBe('third')
  })

  it('answers 404 for what is not there', async () => {
    for (const path of [
      '/api/messages/none/raw',
      '/api/messages/none/attachments/a',
      '/messages/none',
      '/assets/../limits.ts',
    ])
      expect((await get(path)).status).toBe(404)
  })

  it('forgets everything on DELETE', async () => {
    await send({ from: 'a@example.com', to: 'b@example.org', text: 'x' })
    expect((await get('/api/messages', { method: 'DELETE' })).status).toBe(204)
    expect(await list()).toEqual([])
  })
})

describe('the mailbox as a mail server', () => {
  it('offers what the best mail servers offer', async () => {
    const { createConnection } = await import('node:net')
    const socket = createConnection(mailbox.smtpPort, '127.0.0.1')
    const said: string[] = []
    socket.on('data', data => said.push(data.toString()))
    await once(socket, 'data')
    socket.write('EHLO test\r\n')
    await expect.poll(() => said.join('')).toMatch(/250 /)
    socket.destroy()
    for (const word of ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'DSN', 'SIZE 67108864'])
      expect(said.join('')).toContain(word)
    expect(said.join('')).not.toMatch(/STARTTLS|AUTH/)
  })

  it('takes mail from the empty sender, without any header, and to internationalised addresses', async () => {
    await send({ envelope: { from: '', to: ['jörg@exämple.org'] }, raw: raw(['', 'bounce']) })
    const [mail] = await list('?to=jörg@exämple.org')
    expect(mail).toMatchObject({ from: '', subject: '' })
    expect((await get(`/messages/${await idOfNewest()}`)).status).toBe(200)
  })
})

describe('ports', () => {
  it('says which port is taken, and leaves nothing listening', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const { port } = blocker.address() as AddressInfo
    const gateway = { host: '127.0.0.1', port: 1 }
    for (const ports of [
      { httpPort: port, smtpPort: 0 },
      { httpPort: 0, smtpPort: port },
    ])
      await expect(createMailbox({ ...ports, gateway }).listen()).rejects.toMatchObject({
        code: 'EADDRINUSE',
        port,
      })
    blocker.close()
  })
})

describe('threat: another site uses the mailbox of this machine', () => {
  it('refuses state-changing requests from another origin', async () => {
    await send({ from: 'a@example.com', to: 'b@example.org', text: 'x' })
    const foreign: readonly Record<string, string>[] = [
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: mailbox.url },
    ]
    for (const headers of foreign)
      for (const [path, method] of [
        ['/api/messages', 'DELETE'],
        ['/clear', 'POST'],
        ['/compose', 'POST'],
        [`/messages/${await idOfNewest()}/delete`, 'POST'],
      ] as const)
        expect((await get(path, { method, headers })).status, `${method} ${path}`).toBe(403)
    expect(await list()).toHaveLength(1)
  })

  it('answers under no foreign host name (DNS rebinding)', async () => {
    const { request } = await import('node:http')
    const ask = request(`${mailbox.url}/api/messages`, { headers: { host: 'evil.test' } }).end()
    const [answer] = (await once(ask, 'response')) as [{ statusCode: number; resume(): void }]
    answer.resume()
    expect(answer.statusCode).toBe(421)
  })

  it('serves what strangers wrote so that it cannot act for the mailbox', async () => {
    await send({
      from: 'a@example.com',
      to: 'b@example.org',
      html: '<script>alert(1)</script>',
      attachments: [{ filename: 'x.html', content: '<script>alert(1)</script>' }],
    })
    const id = await idOfNewest()
    const frame = (await get(`/messages/${id}/html`)).headers.get('content-security-policy') ?? ''
    expect(frame).toContain("default-src 'none'")
    expect(frame).not.toMatch(/allow-scripts|allow-forms|allow-top-navigation/)
    const opened =
      (await get(`/messages/${id}/open/x.html`)).headers.get('content-security-policy') ?? ''
    expect(opened).toContain('sandbox')
    expect(opened).not.toMatch(/allow-scripts|allow-same-origin/)
  })
})

describe('threat: mails made to exhaust or mislead', () => {
  it('reads ten thousand empty parts and a flood of header fields in bounded time', async () => {
    const parts = Array.from({ length: 10_000 }, () => '--b\r\n\r\n')
    await send({ envelope, raw: raw(['Content-Type: multipart/mixed; boundary=b', '', ...parts]) })
    expect((await get(`/messages/${await idOfNewest()}`)).status).toBe(200)
    const fields = Array.from({ length: 50_000 }, (_, index) => `X-${index}: y`)
    await send({ envelope, raw: raw([...fields, 'Subject: late', '', 'x']) })
    expect((await get(`/messages/${await idOfNewest()}`)).status).toBe(200)
  })

  it('takes direction overrides and controls out of subjects, names and file names', async () => {
    await send({
      from: { name: 'A\u202Elice', address: 'alice@example.com' },
      to: 'b@example.org',
      subject: 'in\u202Evoice\u0000',
      text: 'x',
      attachments: [{ filename: 'invoice\u202Efdp.exe', content: 'x' }],
    })
    const page = await (await get(`/messages/${await idOfNewest()}`)).text()
    expect(page).not.toMatch(/[\u202E\u0000]/)
    expect(page).toContain('invoice_fdp.exe')
  })
})
