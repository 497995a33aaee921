import { createTransport } from 'nodemailer'
import { expect } from 'vitest'
import { openAgeFile, readAgeHeader } from '../../src/core/envelope/open.ts'
import { readMessageHtml } from '../../src/core/envelope/read-message-html.ts'
import { createReleaseReceiver } from '../../src/core/envelope/release.ts'
import { joinShares } from '../../src/core/envelope/share.ts'
import type { SeparateRoles } from './separate-roles.ts'

export const canary = 'The canary sings at seven.'
const bob = 'bob@recipient.test'

export async function sendMail({ smtpPort }: SeparateRoles): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true })
  const mail = { from: 'alice@example.com', to: bob, subject: canary, text: canary }
  await transport.sendMail(mail)
  transport.close()
}

export async function newest({ mailbox }: SeparateRoles): Promise<string> {
  const list = (await (await fetch(`${mailbox.url}/api/messages?to=${bob}`)).json()) as {
    id: string
  }[]
  return `${mailbox.url}/api/messages/${list[0]?.id ?? ''}`
}

export async function messageHtml(roles: SeparateRoles): Promise<Buffer> {
  const answer = await fetch(`${await newest(roles)}/attachments/message.html`)
  expect(answer.status).toBe(200)
  return Buffer.from(await answer.arrayBuffer())
}

export interface Reading {
  readonly plain: Uint8Array
  readonly passcode: string
  readonly fileKey: Uint8Array
  readonly envelopeShare: Uint8Array
}

/** Does what a browser does, and keeps the fragment to itself as a browser does. */
export async function readAsBrowser(roles: SeparateRoles, html: Buffer): Promise<Reading> {
  const { ageFile, signature, share } = readMessageHtml(html)
  const posted = `envelope=${Buffer.from(ageFile).toString('base64')}\r\nsignature=${Buffer.from(signature).toString('base64')}\r\n`
  const opened = await fetch(`${roles.portalUrl}/open`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: posted,
  })
  expect(opened.status).toBe(200)
  await opened.text()
  const stanza = readAgeHeader(ageFile).stanzaText
  let cookie = ''
  const ask = async (path: string, body: object): Promise<Record<string, string>> => {
    const headers = { 'content-type': 'application/json', origin: roles.portalUrl, cookie }
    const answer = await fetch(`${roles.portalUrl}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    const set = answer.headers.getSetCookie().map(each => each.split(';')[0])
    cookie = [cookie, ...set].filter(Boolean).join('; ')
    const json = (await answer.json()) as Record<string, string>
    expect(answer.ok, JSON.stringify(json)).toBe(true)
    return json
  }
  await ask('/api/describe', { stanza })
  const { challenge } = await ask('/api/passcodes', {
    stanza,
    recipient: { index: 0 },
    locale: 'en',
  })
  let code: string | undefined
  while (code === undefined) {
    const raw = await (await fetch(`${await newest(roles)}/raw`)).text()
    code = /^(\d{8})\s*$/m.exec(raw)?.[1]
  }
  await ask('/api/passcodes/verify', { challenge, code, privateComputer: false })
  const receiver = await createReleaseReceiver()
  const browserKey = Buffer.from(receiver.publicKey).toString('base64')
  const answer = await ask('/api/release', { stanza, browserKey })
  const [enc, ct] = [answer['enc'], answer['ct']].map(each => Buffer.from(each ?? '', 'base64'))
  if (enc === undefined || ct === undefined || share === null) throw new Error('nothing released')
  const portalShare = await receiver.open({ enc, ct }, stanza)
  const fileKey = joinShares(portalShare, share)
  const plain = openAgeFile(ageFile, fileKey)
  return { plain, passcode: code, fileKey, envelopeShare: share }
}
