import { describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import type { TestInstallation } from '../support/test-installation.ts'
import { pickAccount, signInButton, signOut } from './support/accounts.ts'
import { inAccountWorld } from './support/in-account-world.ts'
import {
  enterPasscode,
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  passcodeButton,
  saveToDisk,
} from './support/reader.ts'
import { addAuthenticator } from './support/virtual-authenticator.ts'

let zegel: TestInstallation
let browser: Browser
inAccountWorld(world => ({ zegel, browser } = world))

const MAX_SCREENS = 3
const subject = 'Read me'

/** Counts the screens that ask a person to do something; one that was looked at twice counts twice. */
interface Walk {
  readonly page: Page
  readonly screens: string[]
  /** What the person does on the screen that they see now. */
  decide(act: () => Promise<unknown>): Promise<void>
}

/** From the mail program: the attachment is opened. */
async function openAttachment(page: Page, to: string): Promise<Walk> {
  await page.goto(`file://${await saveToDisk(zegel, await newestMessageHtml(zegel, to))}`)
  const screens: string[] = []
  return {
    page,
    screens,
    async decide(act) {
      screens.push(await page.getByRole('heading', { level: 1 }).innerText())
      await act()
    },
  }
}

const readMessage = ({ page }: Walk) =>
  page.getByRole('button', { name: 'Read the message' }).click()

/** What comes after the button of message.html, each on a screen of its own. */
const ways: Readonly<Record<string, (walk: Walk, to: string) => Promise<void>>> = {
  async passcode({ page, decide }, to) {
    await decide(() => passcodeButton(page).click())
    await page.getByRole('heading', { name: 'Look in your mailbox' }).waitFor()
    await decide(() => enterPasscode(page, zegel, to))
  },
  async Microsoft({ page, decide }, to) {
    await decide(() => signInButton(page, 'Microsoft').click())
    await page.locator('#email').waitFor()
    await decide(() => pickAccount(page, { email: to, kind: 'work' }))
  },
  async Google({ page, decide }, to) {
    await decide(() => signInButton(page, 'Google').click())
    await page.locator('#email').waitFor()
    await decide(() => pickAccount(page, { email: to, kind: 'workspace' }))
  },
  async passkey({ page, decide }) {
    await decide(() => page.getByRole('button', { name: 'Sign in with a passkey' }).click())
  },
}

/** Somebody who read a message before, and made a passkey then. */
async function makePasskey(page: Page, to: string): Promise<void> {
  await addAuthenticator(page)
  const walk = await openAttachment(page, to)
  await walk.decide(() => readMessage(walk))
  await passcodeButton(page).waitFor()
  await ways['passcode']?.(walk, to)
  await page.getByRole('button', { name: 'Make a passkey' }).click()
  await page.getByText('Your passkey is made').first().waitFor()
  await signOut(page)
}

describe('from the opened attachment to the message', () => {
  for (const [name, take] of Object.entries(ways))
    it(`are at most three screens: ${name}`, async () => {
      const to = newAddress()
      await zegel.send({ from: 'alice@example.com', to, subject, text: 'Hello' })
      const page = await newReaderIn(browser)
      if (name === 'passkey') await makePasskey(page, to)
      const walk = await openAttachment(page, to)
      await walk.decide(() => readMessage(walk))
      await passcodeButton(page).waitFor()
      await take(walk, to)
      await messageShown(page, subject)
      expect(walk.screens.length, walk.screens.join(', ')).toBeLessThanOrEqual(MAX_SCREENS)
      await page.context().close()
    })
})
