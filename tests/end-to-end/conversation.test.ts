import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { filesIn } from '../promises/observe/files-in.ts'
import { startSeparateRoles } from '../promises/separate-roles.ts'
import type { SeparateRoles } from '../promises/separate-roles.ts'
import { launchChromium } from '../support/browser.ts'
import { startTestInstallation } from '../support/test-installation.ts'
import type { ListedMail } from '../support/test-installation.ts'
import {
  attach,
  beginAnswer,
  openNewestOf,
  readAmongSeveral,
  sendAnswer,
  writtenField,
} from './support/composer.ts'
import type { PickedFile } from './support/composer.ts'
import { answerTo, receivedBy, submit } from './support/mail-client.ts'
import type { ReceivedMail } from './support/mail-client.ts'
import { holdsMarker } from './support/marker-search.ts'
import { downloaded, messageBody, messageShown, newReaderIn } from './support/reader.ts'
import type { Mailboxes } from './support/reader.ts'
import { splitTransactions } from './support/split-transactions.ts'

const [alice, bob, carol] = ['alice@example.com', 'bob@north.test', 'carol@south.test']
/** In every text, subject, file name and file; different in every run. */
const marker = `seven${randomBytes(12).toString('hex')}`
const subject = `Plan ${marker}`

const fileBytes = 5 * 1024 * 1024

/** Of noise, with the marker in every part of it. */
function largeFile(name: string): PickedFile {
  const buffer = randomBytes(fileBytes)
  for (let at = 0; at < fileBytes; at += 100_001) buffer.write(`${name} ${marker}`, at)
  return { name: `${name} ${marker}.bin`, mimeType: 'application/octet-stream', buffer }
}

interface World extends Mailboxes {
  readonly smtpPort: number
}

const written = (who: string): string => `${who} wrote this, ${marker}.`

/** Alice writes from her mail program, Bob and Carol answer in the portal: five messages. */
class Conversation {
  readonly #pages = new Map<string, Page>()
  readonly #world: World
  readonly #browser: Browser

  constructor(world: World, browser: Browser) {
    this.#world = world
    this.#browser = browser
  }

  async begins(files: readonly PickedFile[] = []): Promise<void> {
    await submit(this.#world.smtpPort, {
      from: { name: 'Alice de Vries', address: alice },
      to: [bob, carol],
      subject,
      messageId: '<first.message@example.com>',
      text: written('Alice'),
      attachments: files.map(({ name, mimeType, buffer }) => ({
        filename: name,
        contentType: mimeType,
        content: buffer,
      })),
    })
  }

  /** Opens the newest sealed mail of this person; the session of a person goes on. */
  async reads(who: string, title: string, text: string): Promise<Page> {
    const known = this.#pages.get(who)
    const page =
      known ??
      (await newReaderIn(this.#browser, { extraHTTPHeaders: { 'accept-encoding': 'identity' } }))
    page.setDefaultTimeout(60_000)
    this.#pages.set(who, page)
    if (known === undefined) await readAmongSeveral(page, this.#world, who)
    else await openNewestOf(page, this.#world, who)
    await messageShown(page, title)
    await messageBody(page).getByText(text).first().waitFor()
    return page
  }

  async answersAll(page: Page, text: string, file?: PickedFile): Promise<void> {
    await beginAnswer(page, 'Reply all')
    await writtenField(page).click()
    await page.keyboard.insertText(text)
    if (file !== undefined) await attach(page, file)
    await sendAnswer(page)
  }

  async answersByMail(text: string): Promise<void> {
    const newest = (await receivedBy(this.#world, alice)).at(-1)
    if (newest === undefined) throw new Error('nothing to answer')
    await submit(this.#world.smtpPort, { ...answerTo(newest), from: alice, cc: carol, text })
  }

  async of(who: string): Promise<readonly ReceivedMail[]> {
    return receivedBy(this.#world, who)
  }

  async end(): Promise<void> {
    for (const page of this.#pages.values()) await page.context().close()
  }
}

/** Each mail names the one before, and all before, in their order. */
function expectChain(mails: readonly ReceivedMail[], ids: readonly string[]): void {
  for (const { messageId, inReplyTo, references } of mails) {
    const earlier = ids.slice(0, ids.indexOf(messageId))
    expect(ids).toContain(messageId)
    expect({ messageId, inReplyTo, references }).toEqual({
      messageId,
      inReplyTo: earlier.at(-1) ?? '',
      references: earlier,
    })
  }
}

describe('the search for what must be nowhere', () => {
  const texts = Buffer.from(`some words before ${marker} and behind`)
  const inLines = (text: string, end: string): Buffer =>
    Buffer.from(text.replaceAll(/.{20}/g, `$&${end}`))
  for (const [form, bytes] of [
    ['as it is', texts],
    ['UTF-16', Buffer.from(texts.toString(), 'utf16le')],
    ['base64 in lines', inLines(texts.toString('base64'), '\r\n')],
    [
      'base64 at another place',
      Buffer.from(Buffer.concat([Buffer.of(1), texts]).toString('base64')),
    ],
    ['quoted-printable', inLines(texts.toString(), '=\r\n')],
    [
      'gzip among other bytes',
      Buffer.concat([randomBytes(99), gzipSync(texts), texts.subarray(0, 9)]),
    ],
  ] as const)
    it(`finds it ${form}`, () => {
      expect(holdsMarker(bytes, marker)).toBe(true)
      expect(holdsMarker(bytes, `${marker.slice(0, -1)}x`)).toBe(false)
    })
})

describe('five messages between one inside and two outside, gateway and portal apart', () => {
  const ends: (() => unknown)[] = []
  let roles: SeparateRoles
  let conversation: Conversation
  const files = { first: largeFile('first'), second: largeFile('second') }
  let browser: Browser
  beforeAll(async () => {
    roles = await startSeparateRoles({ atEnd: end => ends.push(end) })
    const { folder } = mailboxesOf(roles)
    await mkdir(folder)
    ends.push(() => rm(folder, { recursive: true }))
    browser = await launchChromium()
    ends.push(() => browser.close())
    conversation = new Conversation(mailboxesOf(roles), browser)
  })
  afterAll(async () => {
    for (const end of ends.toReversed()) await end()
  })

  it('are one thread in every mailbox, with files of 5 MB in both directions', async () => {
    await conversation.begins([files.first])
    const first = await conversation.reads(bob, subject, written('Alice'))
    const { bytes } = await downloaded(
      first,
      first.getByRole('button', { name: `Download ${files.first.name}` }),
    )
    expect(bytes.equals(files.first.buffer)).toBe(true)
    await conversation.answersAll(first, written('Bob'), files.second)
    await conversation.answersByMail(written('Alice again'))
    const third = await conversation.reads(carol, `Re: ${subject}`, written('Alice again'))
    await conversation.answersAll(third, written('Carol'))
    const fourth = await conversation.reads(bob, `Re: ${subject}`, written('Carol'))
    await conversation.answersAll(fourth, written('Bob again'))
    await conversation.end()

    const inside = await conversation.of(alice)
    expect(inside.map(({ text }) => /\w[\w ]* wrote this, \w+\./.exec(text ?? '')?.[0])).toEqual(
      ['Bob', 'Carol', 'Bob again'].map(written),
    )
    const [second] = inside
    expect(second?.files.map(({ name }) => name)).toEqual([files.second.name])
    expect(second?.files[0]?.content.equals(files.second.buffer)).toBe(true)
    expect(inside.map(({ replyTo }) => replyTo[0]?.address)).toEqual([bob, carol, bob])
    for (const { from, raw } of inside) {
      expect(from[0]?.address).toMatch(/^[^@]+@replies\.example\.com$/)
      expect(raw.toString('latin1')).toMatch(/^Zegel-Writer: \w+@\w+\.test; method=passcode;/m)
    }

    const ofBob = await conversation.of(bob)
    const ofCarol = await conversation.of(carol)
    const ids = [
      '<first.message@example.com>',
      inside[0]?.messageId ?? '',
      ofCarol[2]?.messageId ?? '',
      inside[1]?.messageId ?? '',
      inside[2]?.messageId ?? '',
    ]
    expect(new Set(ids).size).toBe(5)
    expect(inside.map(({ messageId }) => messageId)).toEqual([ids[1], ids[3], ids[4]])
    expect(ofBob.map(({ messageId }) => messageId)).toEqual([ids[0], ids[2], ids[3]])
    expect(ofCarol.map(({ messageId }) => messageId)).toEqual([ids[0], ids[1], ids[2], ids[4]])
    for (const mails of [inside, ofBob, ofCarol]) expectChain(mails, ids)
    expect(await threadShown(roles, alice)).toHaveLength(5)
  })

  it('leave no trace outside the browser, the gateway and the inside mailbox, on any wire or disk', async () => {
    const { recorders, folder, portal, gateway } = roles
    const running = await filesIn(folder)
    await gateway.stop()
    await portal.stop()
    const after = await filesIn(folder)
    const transactions = recorders.nextHop.sentEach().flatMap(splitTransactions)
    const isInside = ({ recipients }: { recipients: readonly string[] }): boolean =>
      recipients.every(address => address.endsWith('@example.com'))
    const places = new Map<string, Buffer>([
      ['browser to portal', recorders.portal.sent()],
      ['portal to browser', recorders.portal.answered()],
      ['portal to gateway', recorders.handOver.sent()],
      ['gateway to portal', recorders.handOver.answered()],
      ['portal to relay', recorders.relay.sent()],
      ['relay to portal', recorders.relay.answered()],
      ['gateway to sender', recorders.gateway.answered()],
      ['next hop to gateway', recorders.nextHop.answered()],
      ...transactions
        .filter(one => !isInside(one))
        .map(
          ({ recipients, bytes }, at) => [`sealed ${at} for ${recipients.join()}`, bytes] as const,
        ),
      ...[...running].map(([path, bytes]) => [`${path}, running`, bytes] as const),
      ...[...after].map(([path, bytes]) => [`${path}, after`, bytes] as const),
      ['log of the portal', Buffer.from(portal.output())],
      ['log of the gateway', Buffer.from(gateway.output())],
    ])
    // Five sealed mails: one each for what Alice wrote, and for each answer from outside.
    expect([...places.keys()].filter(name => name.startsWith('sealed'))).toHaveLength(5)
    expect(recorders.handOver.sent().length).toBeGreaterThan(fileBytes)
    expect([...places].filter(([, bytes]) => holdsMarker(bytes, marker)).map(([at]) => at)).toEqual(
      [],
    )
    // It is where it belongs, so the search works: from Alice's program, and in the mails to her.
    expect(holdsMarker(recorders.gateway.sent(), marker)).toBe(true)
    const plain = transactions.filter(isInside)
    expect(plain.map(({ bytes }) => holdsMarker(bytes, marker))).toEqual([true, true, true])
  })
})

describe('the same in one process', () => {
  it('goes the same way: answers arrive, and stay one thread', async () => {
    const zegel = await startTestInstallation()
    const browser = await launchChromium(zegel.front)
    try {
      const conversation = new Conversation({ ...zegel, smtpPort: zegel.smtp.port }, browser)
      await conversation.begins()
      const page = await conversation.reads(bob, subject, written('Alice'))
      await conversation.answersAll(page, written('Bob'))
      await conversation.answersByMail(written('Alice again'))
      await conversation.reads(bob, `Re: ${subject}`, written('Alice again'))
      const ids = [...(await conversation.of(carol))].map(({ messageId }) => messageId)
      expect(ids).toHaveLength(3)
      for (const who of [alice, bob, carol]) expectChain(await conversation.of(who), ids)
      for (const [path, bytes] of await filesIn(zegel.folder))
        expect([path, holdsMarker(bytes, marker)]).toEqual([path, false])
      expect(holdsMarker(Buffer.from(zegel.log.join('')), marker)).toBe(false)
      await conversation.end()
    } finally {
      await browser.close()
      await zegel.close()
    }
  })
})

function mailboxesOf({ mailbox, folder, smtpPort }: SeparateRoles): World {
  const api = `${mailbox.url}/api/messages`
  return {
    // Not what is searched: this is the disk of the reader.
    folder: `${folder}-readers`,
    smtpPort,
    mailboxApi: mailbox.url,
    listMails: async to => (await (await fetch(`${api}?to=${to}`)).json()) as readonly ListedMail[],
    attachment: async (id, name) =>
      Buffer.from(await (await fetch(`${api}/${id}/attachments/${name}`)).arrayBuffer()),
  }
}

/** Who wrote, as the mailbox shows the conversation of the newest mail. */
async function threadShown({ mailbox }: SeparateRoles, owner: string): Promise<readonly string[]> {
  const list = (await (
    await fetch(`${mailbox.url}/api/messages?to=${owner}`)
  ).json()) as readonly ListedMail[]
  const page = await (
    await fetch(`${mailbox.url}/messages/${list[0]?.id ?? ''}?to=${owner}`)
  ).text()
  const shown = /<nav class="conversation"[\s\S]*?<\/nav>/.exec(page)?.[0] ?? ''
  return [...shown.matchAll(/<bdi>(.*?)<\/bdi>/g)].map(([, who]) => who ?? '')
}
