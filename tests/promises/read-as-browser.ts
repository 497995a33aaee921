import { createTransport } from 'nodemailer'
import { expect } from 'vitest'
import { openAgeFile, readAgeHeader } from '../../src/core/envelope/open.ts'
import { readMessageHtml } from '../../src/core/envelope/read-message-html.ts'
import { createReleaseReceiver } from '../../src/core/envelope/release.ts'
import { joinShares } from '../../src/core/envelope/share.ts'

export const canary = 'The canary sings at seven.'
const bob = 'bob@recipient.test'

/** What is needed of an installation to send a mail to it and to read it. */
export interface ReadableInstallation {
  readonly smtpPort: number
  readonly portalUrl: string
  /** Of everyone; its address. */
  readonly mailbox: { readonly url: string }
}

export async function sendMail({ smtpPort }: ReadableInstallation, to = bob): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true })
  await transport.sendMail({ from: 'alice@example.com', to, subject: canary, text: canary })
  transport.close()
}

/** Where the newest mail of an address is. */
export async function newest({ mailbox }: ReadableInstallation, to = bob): Promise<string> {
  const answer = await fetch(`${mailbox.url}/api/messages?to=${to}`)
  const list = (await answer.json()) as { id: string }[]
  return `${mailbox.url}/api/messages/${list[0]?.id ?? ''}`
}

export async function messageHtml(at: ReadableInstallation, to = bob): Promise<Buffer> {
  const answer = await fetch(`${await newest(at, to)}/attachments/message.html`)
  expect(answer.status).toBe(200)
  return Buffer.from(await answer.arrayBuffer())
}

export interface Reading {
  readonly plain: Uint8Array
  readonly passcode: string
  readonly fileKey: Uint8Array
  readonly envelopeShare: Uint8Array
  /** What this browser asks from now on. */
  readonly ask: Ask
  /** As reloading the page does; what the portal says. */
  readonly openAgain: () => Promise<unknown>
  readonly stanza: string
}

/** Our own page's requests, with the cookies so far: JSON, or bytes of this type. */
export type Ask = (path: string, body: object, type?: string) => Promise<Response>

export interface Reader {
  readonly to?: string
  /** That every request of this reader has. */
  readonly headers?: Readonly<Record<string, string>>
}

export function browserOf({ portalUrl }: ReadableInstallation, { headers = {} }: Reader): Ask {
  const jar = new Map<string, string>()
  return async (path, body, type = 'application/json') => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const own = { 'content-type': type, origin: portalUrl, cookie }
    const answer = await fetch(`${portalUrl}${path}`, {
      method: 'POST',
      headers: { ...headers, ...own },
      body: body instanceof Blob ? body : JSON.stringify(body),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    return answer
  }
}

/** The answer, which must be no refusal. */
async function allowed(asked: Promise<Response>): Promise<Record<string, string>> {
  const answer = await asked
  const json = (await answer.json()) as Record<string, string>
  expect(answer.ok, JSON.stringify(json)).toBe(true)
  return json
}

export async function postEnvelope(
  { portalUrl }: ReadableInstallation,
  html: Buffer,
  { headers = {} }: Reader = {},
): Promise<string> {
  const { ageFile, signature } = readMessageHtml(html)
  const [envelope, signed] = [ageFile, signature].map(each => Buffer.from(each).toString('base64'))
  const opened = await fetch(`${portalUrl}/open`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/plain' },
    body: `envelope=${envelope}\r\nsignature=${signed}\r\n`,
  })
  expect(opened.status).toBe(200)
  return opened.text()
}

/** Asks for a passcode, reads it in the mailbox and enters it. */
export async function provePasscode(
  at: ReadableInstallation,
  ask: Ask,
  stanza: string,
  to = bob,
): Promise<string> {
  const wish = { stanza, recipient: { index: 0 }, locale: 'en' }
  const { challenge } = await allowed(ask('/api/passcodes', wish))
  let code: string | undefined
  while (code === undefined) {
    const raw = await (await fetch(`${await newest(at, to)}/raw`)).text()
    code = /^(\d{8})\s*$/m.exec(raw)?.[1]
  }
  await allowed(ask('/api/passcodes/verify', { challenge, code, privateComputer: false }))
  return code
}

/** Does what a browser does, and keeps the fragment to itself as a browser does. */
export async function readAsBrowser(
  at: ReadableInstallation,
  html: Buffer,
  reader: Reader = {},
): Promise<Reading> {
  const { ageFile, share } = readMessageHtml(html)
  await postEnvelope(at, html, reader)
  const stanza = readAgeHeader(ageFile).stanzaText
  const ask = browserOf(at, reader)
  await allowed(ask('/api/describe', { stanza }))
  const passcode = await provePasscode(at, ask, stanza, reader.to)
  const receiver = await createReleaseReceiver()
  const browserKey = Buffer.from(receiver.publicKey).toString('base64')
  const release = () => allowed(ask('/api/release', { stanza, browserKey }))
  const answer = await release()
  const [enc, ct] = [answer['enc'], answer['ct']].map(each => Buffer.from(each ?? '', 'base64'))
  if (enc === undefined || ct === undefined || share === null) throw new Error('nothing released')
  const fileKey = joinShares(await receiver.open({ enc, ct }, stanza), share)
  const plain = openAgeFile(ageFile, fileKey)
  return { plain, passcode, fileKey, envelopeShare: share, ask, openAgain: release, stanza }
}
