import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { u32, utf8 } from '../../src/core/envelope/bytes.ts'
import { REPLY_TYPE } from '../../src/core/reply/content-types.ts'
import type { ReplyHead } from '../../src/core/reply/reply-head.ts'
import { messageHtml, readAsBrowser } from '../promises/read-as-browser.ts'
import type { Reading } from '../promises/read-as-browser.ts'
import { launchChromium } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { address } from '../support/sealed-message.ts'
import { startTestInstallation } from '../support/test-installation.ts'
import type { TestInstallation } from '../support/test-installation.ts'
import { postAnswer, sealAnswer } from './support/answer-in-node.ts'
import { startBreakableLine } from './support/breakable-line.ts'
import type { BreakableLine } from './support/breakable-line.ts'
import { beginAnswer, pressSend, sendAnswer, writtenField } from './support/composer.ts'
import { receivedBy, submit } from './support/mail-client.ts'
import { holdsMarker } from './support/marker-search.ts'
import {
  messageShown,
  newAddress,
  newReaderIn,
  openNewest,
  signInByPasscode,
} from './support/reader.ts'

/**
 * Portal, gateway, next hop and mailbox together. What each of them refuses by itself is in tests/server/portal
 * and tests/server/gateway/replies, 200 at once in tests/load, ended sessions in drafts.test.ts.
 */

const alice = address('alice@example.com')

let zegel: TestInstallation
let line: BreakableLine
let portalUrl: string
beforeAll(async () => {
  const [portalPort, repliesPort] = [await freePort(), await freePort()]
  line = await startBreakableLine(repliesPort)
  portalUrl = `http://localhost:${portalPort}`
  zegel = await startTestInstallation({
    config: {
      gateway: { replies: { listen: `127.0.0.1:${repliesPort}` } },
      portal: {
        url: portalUrl,
        listen: `127.0.0.1:${portalPort}`,
        replies: `http://127.0.0.1:${line.port}`,
      },
    },
  })
})
afterAll(async () => {
  await zegel?.close()
  line?.close()
})

const here = () => ({ portalUrl, smtpPort: zegel.smtp.port, mailbox: { url: zegel.mailboxApi } })

/** Reads what was sent to this person, who is the first of its recipients. */
async function reads(first: string, ...others: readonly string[]): Promise<Reading> {
  await zegel.send({ from: alice, to: [first, ...others], subject: 'Hello', text: 'Hello' })
  return readAsBrowser(here(), await messageHtml(here(), first), { to: first })
}

const answersWith = async (subject: string) =>
  (await receivedBy(zegel, alice)).filter(mail => mail.subject === subject)

describe('attack', () => {
  it('another’s sealed reply submitted as one’s own', async () => {
    const [bob, carol] = [newAddress('bob'), newAddress('carol')]
    const ofCarol = await reads(carol)
    const ofBob = await reads(bob, carol)
    const subject = newAddress('subject')
    const file = await sealAnswer(ofBob, { subject })
    expect(await postAnswer(ofCarol.ask, ofBob.stanza, file)).toMatchObject({
      status: 409,
      body: { code: 'not-the-writer' },
    })
    expect(await answersWith(subject)).toEqual([])
    // Carol may answer this message, and Bob's own reply goes through: only the two do not belong together.
    expect((await postAnswer(ofBob.ask, ofBob.stanza, file)).body).toEqual({ kind: 'reply' })
    expect(await answersWith(subject)).toHaveLength(1)
  })

  it('participants added outside the sealed part', async () => {
    const eve = newAddress('eve')
    const reading = await reads(newAddress('bob'))
    const file = await sealAnswer(reading, {})
    const outside = utf8(JSON.stringify({ stanza: reading.stanza, to: [eve], participants: [eve] }))
    const body = new Blob([u32(outside.length), outside, file])
    const answer = await reading.ask('/api/replies', body, REPLY_TYPE)
    expect(answer.status).toBe(400)
    expect(await zegel.listMails(eve)).toEqual([])
  })

  const eve = address(newAddress('eve'))
  const refused: readonly (readonly [string, Partial<ReplyHead>, object])[] = [
    [
      'forwarding without permission',
      { kind: 'forward', to: [eve] },
      { code: 'reply-not-allowed' },
    ],
    [
      'a stranger’s address in an answer',
      { cc: [eve] },
      { code: 'recipient-not-allowed', recipients: [1] },
    ],
  ]
  for (const [name, head, problem] of refused)
    it(name, async () => {
      const reading = await reads(newAddress('bob'))
      const subject = newAddress('subject')
      const file = await sealAnswer(reading, { subject, ...head })
      const { status, body } = await postAnswer(reading.ask, reading.stanza, file)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(body).toMatchObject(problem)
      expect(await answersWith(subject)).toEqual([])
      expect(await zegel.listMails(eve)).toEqual([])
    })

  it('a bounce that would carry plaintext, on its way back through the mail servers', async () => {
    const bob = newAddress('bob')
    const marker = randomBytes(12).toString('hex')
    const reading = await reads(bob)
    const file = await sealAnswer(reading, { subject: marker }, `The plan is ${marker}.`)
    expect((await postAnswer(reading.ask, reading.stanza, file)).status).toBe(200)
    const [mail] = await answersWith(marker)
    const alias = mail?.from[0]?.address ?? ''
    const before = (await receivedBy(zegel, bob)).length
    const mailServer = zegel.config.gateway.nextHop.port
    await submit(mailServer, {
      envelope: { from: '', to: [alias] },
      raw: bounceOf(alias, mail?.raw ?? Buffer.of()),
    })
    await expect.poll(async () => (await zegel.listMails(bob)).length).toBeGreaterThan(before)
    const [notice] = await zegel.listMails(bob)
    const raw = await (await fetch(`${zegel.mailboxApi}/api/messages/${notice?.id}/raw`)).text()
    expect(raw).toContain(alice)
    expect(holdsMarker(Buffer.from(raw), marker)).toBe(false)
    // An address that nobody was given leads nowhere.
    const altered = alias.replace(/(.)@/, (_, last: string) => `${last === 'a' ? 'b' : 'a'}@`)
    await expect(
      submit(mailServer, { from: alice, to: altered, text: 'Hello' }),
    ).rejects.toMatchObject({ responseCode: 550 })
  })
})

/** As mail servers write it, with all of the mail. RFC 3462, RFC 3464 */
function bounceOf(to: string, original: Buffer): Buffer {
  const head = [
    'From: MAILER-DAEMON@example.com',
    `To: ${to}`,
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'It could not be delivered.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mail.example.com',
    '',
    `Original-Recipient: rfc822; ${alice}`,
    `Final-Recipient: rfc822; ${alice}`,
    'Action: failed',
    'Status: 5.2.2',
    '',
    '--b',
    'Content-Type: message/rfc822',
    '',
    '',
  ]
  return Buffer.concat([Buffer.from(head.join('\r\n')), original, Buffer.from('\r\n--b--\r\n')])
}

describe('in the browser', () => {
  const text = 'What I have written must not be lost.'
  const subject = `Re: ${newAddress('subject')}`

  async function writes(page: Page): Promise<void> {
    await beginAnswer(page, 'Reply')
    await writtenField(page).click()
    await page.keyboard.insertText(text)
  }

  it('a gateway that is down, and then answers that are lost: the draft is kept, and it arrives once', async () => {
    const browser = await launchChromium()
    try {
      const bob = newAddress('bob')
      await zegel.send({ from: alice, to: bob, subject: subject.slice(4), text: 'Hello' })
      const page = await newReaderIn(browser)
      page.setDefaultTimeout(60_000)
      await openNewest(page, zegel, bob)
      await signInByPasscode(page, zegel, bob)
      await messageShown(page, subject.slice(4))
      await writes(page)

      line.cut()
      await pressSend(page)
      await page.getByText('It cannot be delivered at the moment').waitFor()
      await page.reload()
      await writtenField(page).getByText(text).waitFor()
      expect(await answersWith(subject)).toEqual([])

      line.mend()
      line.loseAnswers()
      await pressSend(page)
      await expect.poll(async () => (await answersWith(subject)).length).toBe(1)
      await page.getByText('It may have arrived all the same').waitFor()

      line.mend()
      await sendAnswer(page)
      expect(await answersWith(subject)).toHaveLength(1)
      expect((await answersWith(subject))[0]?.text).toContain(text)
      await page.context().close()
    } finally {
      line.mend()
      await browser.close()
    }
  })
})
