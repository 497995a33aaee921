import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { sealStream } from '../../src/browser/composer/sealing/seal-stream.ts'
import { replyBody } from '../../src/browser/composer/send-reply.ts'
import { parseAddress } from '../../src/core/address/address.ts'
import type { ReleaseAnswer, ReplyOffer } from '../../src/core/api/messages.ts'
import { REPLY_TYPE } from '../../src/core/reply/content-types.ts'
import { writeReplyHead } from '../../src/core/reply/reply-head.ts'
import type { ReplyHead } from '../../src/core/reply/reply-head.ts'
import { filesIn } from './observe/files-in.ts'
import { messageHtml, newest, readAsBrowser, sendMail } from './read-as-browser.ts'
import type { Reading } from './read-as-browser.ts'
import { found, foundAnywhere } from './secret-search.ts'
import type { Secrets } from './secret-search.ts'
import { startSeparateRoles } from './separate-roles.ts'
import type { SeparateRoles } from './separate-roles.ts'

// A hundred megabytes are looked through for each form of each secret: minutes on a machine that does more besides.
vi.setConfig({ testTimeout: 600_000 })

const alice = addressOf('alice@example.com')

interface Written {
  readonly subject: string
  readonly text: string
  readonly fileName: string
  readonly fileText: string
}

test('no word of an answer goes to or from the portal, or lies in its memory, a file, the database or the log, in any encoding', async () => {
  const roles = await startSeparateRoles()
  await sendMail(roles)
  const reading = await readAsBrowser(roles, await messageHtml(roles))
  const canary = `canary-${randomBytes(12).toString('hex')}`
  const secrets: Secrets = new Map([['canary', Buffer.from(canary)]])
  const written: Written = {
    subject: `subject ${canary}`,
    text: `text ${canary}`,
    fileName: `name ${canary}.txt`,
    fileText: `content ${canary}`,
  }
  const file = await sealedReply(reading, written)
  const answer = await reading.ask('/api/replies', replyBody(reading.stanza, file), REPLY_TYPE)
  const said = await answer.text()

  expect(await seenAtPortal(roles, secrets)).toEqual({})
  expect(await foundInFiles(roles, secrets)).toEqual([])
  const { pid } = roles.portal
  const hasProc = existsSync(`/proc/${pid}/mem`)
  if (hasProc) expect(await foundAnywhere(secrets, pid)).toEqual([])

  // It went this way, and arrived: what was looked for is what Alice reads.
  expect(said).toBe('{"kind":"reply"}')
  const passed = Buffer.from(await file.arrayBuffer())
  expect(roles.recorders.portal.sent().includes(passed)).toBe(true)
  expect(roles.recorders.handOver.sent().includes(passed)).toBe(true)
  const mail = Buffer.from(await (await fetch(`${await newest(roles, alice)}/raw`)).arrayBuffer())
  const parts: Secrets = new Map(
    Object.entries(written).map(([name, text]) => [name, Buffer.from(String(text))]),
  )
  expect(found(parts, mail)).toEqual([...parts.keys()])
})

/** What stands in the traffic of the portal, by the line it stands in. */
async function seenAtPortal(
  { recorders, portal }: SeparateRoles,
  secrets: Secrets,
): Promise<Record<string, readonly string[]>> {
  const lines = {
    'browser to portal': recorders.portal.sent(),
    'portal to browser': recorders.portal.answered(),
    'portal to gateway': recorders.handOver.sent(),
    'gateway to portal': recorders.handOver.answered(),
    'portal to its relay': recorders.relay.sent(),
    log: Buffer.from(portal.output()),
  }
  const seen = Object.entries(lines).map(([name, bytes]) => [name, found(secrets, bytes)] as const)
  return Object.fromEntries(seen.filter(([, names]) => names.length > 0))
}

/** Of the portal and of the gateway: neither keeps it. */
async function foundInFiles({ folder }: SeparateRoles, secrets: Secrets): Promise<string[]> {
  const files = [...(await filesIn(folder))]
  return files.flatMap(([path, bytes]) =>
    found(secrets, bytes).map(name => `${name} in ${join(path)}`),
  )
}

/** As the composer seals it. docs/replies.md §1 */
async function sealedReply(reading: Reading, written: Written): Promise<Blob> {
  const { reply, recipient } = (await reading.openAgain()) as ReleaseAnswer
  if (reply === null) throw new Error('the portal offers no answer')
  const parts = [written.text, written.fileText].map(text => new Blob([text]))
  const head = writeReplyHead(headOf(reply, recipient, written, parts))
  const request = { recipient: reply.recipient, head, parts }
  const sealed = await sealStream(request, () => undefined)
  return new Blob([await new Response(sealed).arrayBuffer()])
}

function headOf(
  { messageId, conversationId }: ReplyOffer,
  writer: string,
  { subject, fileName }: Written,
  [text, attached]: readonly Blob[],
): ReplyHead {
  return {
    version: 1,
    kind: 'reply',
    submissionId: randomBytes(16).toString('base64url'),
    messageId,
    conversationId,
    writer: addressOf(writer),
    writerName: 'Bob',
    to: [alice],
    cc: [],
    copyToWriter: false,
    subject,
    inReplyTo: null,
    references: [],
    locale: 'en',
    parts: [
      { role: 'text', bytes: text?.size ?? 0 },
      { role: 'attachment', type: 'text/plain', name: fileName, bytes: attached?.size ?? 0 },
    ],
  }
}

function addressOf(text: string) {
  const parsed = parseAddress(text)
  if (parsed === null) throw new Error(`no address: ${text}`)
  return parsed
}
