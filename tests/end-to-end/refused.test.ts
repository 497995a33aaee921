import { randomBytes } from 'node:crypto'
import { utimes, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { readAgeHeader } from '../../src/core/envelope/open.ts'
import { launchChromium } from '../support/browser.ts'
import { startTestInstallation } from '../support/test-installation.ts'
import type { TestInstallation } from '../support/test-installation.ts'
import { altered, forgedUnderGenuineHeader, partsOf } from './support/forge.ts'
import {
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  passcodeButton,
  saveToDisk,
  signInByPasscode,
} from './support/reader.ts'

let zegel: TestInstallation
let elsewhere: TestInstallation
let browser: Browser
beforeAll(async () => {
  ;[zegel, elsewhere] = await Promise.all([
    startTestInstallation({ config: { policy: { default: { expires: '30d' } } } }),
    startTestInstallation(),
  ])
  browser = await launchChromium(zegel.front)
})
afterAll(async () => {
  await browser?.close()
  await zegel?.close()
  await elsewhere?.close()
})

const secret = 'The secret that must not be shown.'

async function sealedTo(to: string, at: TestInstallation = zegel): Promise<Buffer> {
  await at.send({ from: 'alice@example.com', to, subject: 'Genuine', text: secret })
  return newestMessageHtml(at, to)
}

/** The two doors: the button of the file, and the picker. */
const doors = {
  posted: async (page: Page, html: Buffer) => openFromDisk(page, await saveToDisk(zegel, html)),
  picked: async (page: Page, html: Buffer) => {
    await page.goto(`${zegel.portalUrl}/open`)
    await page.getByLabel('Choose message.html').setInputFiles(await saveToDisk(zegel, html))
  },
} as const

/** Nothing of the message anywhere, and a sentence that a person understands. */
async function refusedWith(page: Page, sentence: string | RegExp): Promise<void> {
  await page.getByText(sentence).first().waitFor()
  expect(await page.locator('iframe').count()).toBe(0)
  const content = await page.content()
  expect(content).not.toContain(secret)
  expect(content).not.toContain('Genuine')
}

/** Flips one bit. */
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

interface BadFile {
  readonly name: string
  readonly make: (html: Buffer) => Buffer | Promise<Buffer>
  /** What the reader is told; those that pass as genuine until they are decrypted need a sign-in first. */
  readonly says: RegExp
  readonly afterSignIn: boolean
}

const damaged = /damaged|not genuine|not a protected message|changed on the way|does not fit/i

const badFiles: readonly BadFile[] = [
  {
    name: 'the stanza was altered',
    make(html) {
      const { ageFile } = partsOf(html)
      // A letter in the middle of the stanza's body.
      const at = readAgeHeader(ageFile).stanzaText.length / 2 + 30
      const text = Buffer.from(ageFile)
      text[Math.floor(at)] = text[Math.floor(at)] === 0x41 ? 0x42 : 0x41
      return altered(html, { ageFile: text })
    },
    says: damaged,
    afterSignIn: false,
  },
  {
    name: 'one bit of the text was altered',
    make(html) {
      const { ageFile } = partsOf(html)
      return altered(html, { ageFile: flipped(ageFile, ageFile.length - 40) })
    },
    says: damaged,
    afterSignIn: true,
  },
  {
    name: 'the end was cut off',
    make(html) {
      const { ageFile } = partsOf(html)
      return altered(html, { ageFile: ageFile.subarray(0, -20) })
    },
    says: damaged,
    afterSignIn: true,
  },
  {
    name: 'the signature is another message’s',
    make: async html =>
      altered(html, { signature: partsOf(await sealedTo(newAddress())).signature }),
    says: damaged,
    afterSignIn: true,
  },
  {
    name: 'the share is another message’s',
    make: html => altered(html, { share: randomBytes(16).toString('base64url') }),
    says: damaged,
    afterSignIn: true,
  },
  {
    name: 'other text was encrypted under the genuine header',
    make: async html =>
      altered(html, {
        ageFile: await forgedUnderGenuineHeader(
          zegel,
          html,
          'From: alice@example.com\r\nSubject: Genuine\r\n\r\nPay at once. I mean it.',
        ),
      }),
    says: /This message is not genuine/,
    afterSignIn: true,
  },
]

describe('threat: a file that is not what the gateway made', () => {
  for (const { name, make, says, afterSignIn } of badFiles)
    it(`shows nothing when ${name}, posted or picked`, async () => {
      const to = newAddress()
      const html = await make(await sealedTo(to))
      const page = await newReaderIn(browser)
      await doors.posted(page, html)
      if (afterSignIn) await signInByPasscode(page, zegel, to)
      await refusedWith(page, says)
      // By now the reader is signed in: the page asks for the key at once.
      await doors.picked(page, html)
      await refusedWith(page, says)
      await page.context().close()
    })

  it('refuses a message that belongs to another portal, at both doors', async () => {
    const foreign = await sealedTo(newAddress(), elsewhere)
    for (const door of ['posted', 'picked'] as const) {
      const page = await newReaderIn(browser)
      await doors[door](page, foreign)
      await refusedWith(page, /can no longer be opened|damaged or not genuine/)
      await page.context().close()
    }
  })

  it('refuses files that are no message, or only the beginning of one, and lets the reader choose again', async () => {
    const to = newAddress()
    const genuine = await sealedTo(to)
    const page = await newReaderIn(browser)
    await page.goto(`${zegel.portalUrl}/open`)
    const tries: readonly (readonly [Buffer, RegExp])[] = [
      [Buffer.from('<p>Hello</p>'), /not a protected message/],
      [Buffer.alloc(0), /not a protected message/],
      [randomBytes(5000), /not a protected message|damaged/],
      [genuine.subarray(0, 6000), /not a protected message|damaged/],
      [genuine.subarray(0, genuine.indexOf('name="signature"') + 60), /damaged/],
    ]
    for (const [bytes, sentence] of tries) {
      await page.getByLabel('Choose message.html').setInputFiles(await saveToDisk(zegel, bytes))
      await page.getByRole('main').getByText(sentence).first().waitFor()
    }
    await page.getByLabel('Choose message.html').setInputFiles(await saveToDisk(zegel, genuine))
    await passcodeButton(page).waitFor()
    await page.context().close()
  })
})

/** What `zegel revoke ID` does. */
const revokeMessageTo = (to: string): Promise<void> =>
  zegel.withStore(async store => {
    const entries = await store.journal.list('example', { limit: 100 })
    const entry = entries.find(({ recipients }) => recipients.includes(to))
    if (entry === undefined) throw new Error('the journal does not know the message')
    await store.overrides.put({
      messageId: entry.messageId,
      organisationId: entry.organisationId,
      recipient: null,
      revoked: true,
      changesExpiry: false,
      expiresAtMs: null,
      createdAtMs: Date.now(),
    })
  })

describe('a message whose sender thought again', () => {
  it('says that the sender has withdrawn it', async () => {
    const to = newAddress()
    const html = await sealedTo(to)
    await revokeMessageTo(to)
    for (const door of ['posted', 'picked'] as const) {
      const page = await newReaderIn(browser)
      await doors[door](page, html)
      await refusedWith(page, 'The sender has withdrawn this message')
      await page.context().close()
    }
  })
})

describe('a file that cannot be read', () => {
  it('is said to be so, and the page goes on waiting for another', async () => {
    const file = await saveToDisk(zegel, await sealedTo(newAddress()))
    const aMinuteAgo = new Date(Date.now() - 60_000) // browsers tell a change by whole seconds
    await utimes(file, aMinuteAgo, aMinuteAgo)
    const page = await newReaderIn(browser)
    await page.goto(`${zegel.portalUrl}/open`)
    await page.getByLabel('Choose message.html').waitFor({ state: 'attached' })
    await page.evaluate(() => {
      const other = document.createElement('input')
      other.type = 'file'
      other.id = 'other'
      document.body.append(other)
    })
    await page.locator('#other').setInputFiles(file)
    await writeFile(file, 'changed after it was chosen: browsers refuse to read on')
    await page.evaluate(() => {
      const carried = new DataTransfer()
      const chosen = document.querySelector<HTMLInputElement>('#other')?.files?.[0]
      if (chosen !== undefined) carried.items.add(chosen)
      document.dispatchEvent(new DragEvent('drop', { dataTransfer: carried }))
    })
    await refusedWith(page, 'Your browser could not finish')
    await page.getByLabel('Choose message.html').waitFor({ state: 'attached' })
    await page.context().close()
  })
})

/** The last: from here on it is a month later. */
describe('a message whose time is over', () => {
  it('says that it has expired, to who is signed in and who is not', async () => {
    const to = newAddress()
    const html = await sealedTo(to)
    const page = await newReaderIn(browser)
    await openFromDisk(page, await saveToDisk(zegel, html))
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Genuine')
    zegel.advance(31 * 24 * 3600 * 1000)
    await page.reload()
    await refusedWith(page, 'This message has expired')
    await page.context().close()
    const other = await newReaderIn(browser)
    await openFromDisk(other, await saveToDisk(zegel, html))
    await refusedWith(other, 'This message has expired')
    await other.context().close()
  })
})
