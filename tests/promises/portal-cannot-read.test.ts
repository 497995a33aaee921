import { createTransport } from 'nodemailer'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createReleaseReceiver } from '../../src/core/envelope/release.ts'
import { openAgeFile, readAgeHeader } from '../../src/core/envelope/open.ts'
import { readMessageHtml } from '../../src/core/envelope/read-message-html.ts'
import { joinShares } from '../../src/core/envelope/share.ts'
import { openKeysOfGateway, openKeysOfPortal } from '../../src/server/commands/open-keys.ts'
import { loadConfig } from '../../src/server/config/load-config.ts'
import { openStore } from '../../src/server/store/open-store.ts'
import { searchForShare } from './share-search.ts'
import { startSeparateRoles } from './separate-roles.ts'
import type { SeparateRoles } from './separate-roles.ts'

const canary = 'The canary sings at seven.'
const bob = 'bob@recipient.test'

async function sendMail({ smtpPort }: SeparateRoles): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true })
  const mail = { from: 'alice@example.com', to: bob, subject: canary, text: canary }
  await transport.sendMail(mail)
  transport.close()
}

async function newest({ mailbox }: SeparateRoles): Promise<string> {
  const list = (await (await fetch(`${mailbox.url}/api/messages?to=${bob}`)).json()) as {
    id: string
  }[]
  return `${mailbox.url}/api/messages/${list[0]?.id ?? ''}`
}

async function messageHtml(roles: SeparateRoles): Promise<Buffer> {
  const answer = await fetch(`${await newest(roles)}/attachments/message.html`)
  expect(answer.status).toBe(200)
  return Buffer.from(await answer.arrayBuffer())
}

/** Does what a browser does, and keeps the fragment to itself as a browser does. */
async function readAsBrowser(roles: SeparateRoles, html: Buffer): Promise<Uint8Array> {
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
  return openAgeFile(ageFile, joinShares(portalShare, share))
}

async function allFiles(folder: string): Promise<Buffer> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter(entry => entry.isFile())
  return Buffer.concat(
    await Promise.all(files.map(file => readFile(join(file.parentPath, file.name)))),
  )
}

describe('the portal cannot read the mail (protocol.md §0)', () => {
  test('a portal process, with its keys, its database and all it received and answered, lacks the envelope share', async () => {
    const roles = await startSeparateRoles()
    await sendMail(roles)
    const html = await messageHtml(roles)
    const plain = Buffer.from(await readAsBrowser(roles, html)).toString('utf8')
    expect(plain).toContain(canary)

    const stolen = await roles.copyPortalFiles()
    const config = await loadConfig(join(stolen, 'zegel.yaml'), {})
    const store = await openStore(config.store.url)
    const keys = await openKeysOfPortal(
      { config, store, environment: {}, clock: Date.now },
      'portal',
    )
    const { ageFile, share } = readMessageHtml(html)
    const opened = await keys.openStanza(readAgeHeader(ageFile).stanzaText)
    await store.close()
    if (!opened.ok || share === null) throw new Error('the attack did not get the portal share')

    const recording = roles.recording()
    expect(
      recording.includes(Buffer.from(ageFile).subarray(0, 3000).toString('base64').slice(0, 600)),
    ).toBe(true)
    const heap = Buffer.concat([recording, await allFiles(stolen)])
    expect(heap.includes(canary)).toBe(false)
    const small = heap.subarray(0, 2 * 1024 * 1024)
    expect(small.length).toBe(heap.length)
    expect(searchForShare(ageFile, opened.record.portalShare, heap)).toBeNull()
    expect(() => openAgeFile(ageFile, opened.record.portalShare)).toThrow(/wrong-key/)

    // The search works: with the share anywhere in the heap, it opens the message.
    const spoiled = Buffer.concat([
      heap,
      Buffer.from(`x${Buffer.from(share).toString('base64url')}`),
    ])
    const fileKey = searchForShare(ageFile, opened.record.portalShare, spoiled)
    expect(Buffer.from(openAgeFile(ageFile, fileKey ?? Buffer.alloc(16))).toString()).toContain(
      canary,
    )
  })

  test('whoever has the mail and not the portal lacks the portal share', async () => {
    const roles = await startSeparateRoles()
    await sendMail(roles)
    const raw = Buffer.from(await (await fetch(`${await newest(roles)}/raw`)).arrayBuffer())
    expect(raw.includes(canary)).toBe(false)
    const { ageFile, share } = readMessageHtml(await messageHtml(roles))
    if (share === null) throw new Error('message.html has no share')
    expect(searchForShare(ageFile, share, raw)).toBeNull()
    expect(() => openAgeFile(ageFile, share)).toThrow(/wrong-key/)
  })

  test('neither role can unwrap the keys of the other with its own root key', async () => {
    const roles = await startSeparateRoles()
    const stolen = await roles.copyPortalFiles()
    const config = await loadConfig(join(stolen, 'zegel.yaml'), {})
    const swapped = {
      ...config,
      gateway: { ...config.gateway, rootKey: config.portal.rootKey },
    }
    const store = await openStore(config.store.url)
    const needs = { config: swapped, store, environment: {}, clock: Date.now }
    await expect(openKeysOfGateway(needs)).rejects.toThrow(/wrapped by another root key/)
    await store.close()
  })
})
