import { describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import type { TestInstallation } from '../support/test-installation.ts'
import { signOut } from './support/accounts.ts'
import { inInstallation } from './support/in-installation.ts'
import {
  messageShown,
  newAddress,
  newReaderIn,
  openNewest,
  passcodeButton,
  signInByPasscode,
} from './support/reader.ts'
import { addAuthenticator } from './support/virtual-authenticator.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))

const passkeyButton = (page: Page) => page.getByRole('button', { name: 'Sign in with a passkey' })

const send = (to: string, subject: string): Promise<void> =>
  zegel.send({ from: 'alice@example.com', to, subject, text: 'Hello' })

/** Opens the first message by passcode and takes the offer of a passkey. */
async function readerWithPasskey(to: string) {
  const page = await newReaderIn(browser)
  const device = await addAuthenticator(page)
  await send(to, 'First')
  await openNewest(page, zegel, to)
  await signInByPasscode(page, zegel, to)
  await messageShown(page, 'First')
  await page.getByRole('button', { name: 'Make a passkey' }).click()
  await page.getByText('Your passkey is made').first().waitFor()
  return { page, device }
}

describe('a passkey', () => {
  it('is made below the message, told to the mailbox, and opens the next message alone', async () => {
    const to = newAddress()
    const { page, device } = await readerWithPasskey(to)
    expect(await device.count()).toBe(1)
    const subjects = async () => (await zegel.listMails(to)).map(({ subject }) => subject)
    await expect
      .poll(async () => (await subjects()).join())
      .toContain('A new passkey for messages from Example')
    await signOut(page)
    await send(to, 'Second')
    await openNewest(page, zegel, to)
    await passkeyButton(page).click()
    await messageShown(page, 'Second')
    expect(await page.getByRole('button', { name: 'Make a passkey' }).count()).toBe(0)
    await page.context().close()
  })

  it('is the first way where it was used last, and one click away elsewhere', async () => {
    const to = newAddress()
    const { page } = await readerWithPasskey(to)
    await signOut(page)
    await openNewest(page, zegel, to)
    const first = page.getByRole('main').getByRole('button').first()
    expect(await first.innerText()).toBe('Sign in with a passkey')
    const elsewhere = await newReaderIn(browser)
    await openNewest(elsewhere, zegel, to)
    expect(await passkeyButton(elsewhere).isVisible()).toBe(false)
    await elsewhere.getByText('Other ways').click()
    await passkeyButton(elsewhere).waitFor()
    for (const each of [page, elsewhere]) await each.context().close()
  })

  it('that is lost is replaced after a passcode', async () => {
    const to = newAddress()
    const { page, device } = await readerWithPasskey(to)
    await signOut(page)
    await device.remove()
    const other = await addAuthenticator(page)
    await openNewest(page, zegel, to)
    await passkeyButton(page).click()
    await page.getByText('No passkey was used').waitFor()
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'First')
    await page.getByRole('button', { name: 'Make a passkey' }).click()
    await page.getByText('Your passkey is made').first().waitFor()
    expect(await other.count()).toBe(1)
    await page.context().close()
  })

  it('is not made twice on one device', async () => {
    const to = newAddress()
    const { page, device } = await readerWithPasskey(to)
    await page.reload()
    await messageShown(page, 'First')
    await page.getByRole('button', { name: 'Make a passkey' }).click()
    await page.getByText('This device has a passkey for your address already').waitFor()
    expect(await device.count()).toBe(1)
    await page.context().close()
  })

  it('is listed with the associations, asks before it is removed, and opens nothing then', async () => {
    const to = newAddress()
    const { page } = await readerWithPasskey(to)
    await page.getByRole('link', { name: 'Your associations' }).click()
    await page.getByRole('heading', { level: 1, name: 'Your associations' }).waitFor()
    await page.getByText(`for ${to}`).waitFor()
    await page.getByRole('button', { name: 'Remove: Passkey' }).click()
    await page.getByRole('button', { name: 'Keep' }).click()
    await page.locator(':focus[aria-label^="Remove: Passkey"]').waitFor()
    await page.getByRole('button', { name: 'Remove: Passkey' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('There are none').waitFor()
    await page.locator('h1:focus').waitFor()
    await page.getByRole('link', { name: 'Back to the message' }).click()
    await messageShown(page, 'First')
    await signOut(page)
    await openNewest(page, zegel, to)
    await passkeyButton(page).click()
    await page.getByText('This passkey does not open this message').waitFor()
    await passcodeButton(page).waitFor()
    await page.context().close()
  })
})

describe('the page of associations', () => {
  it('asks a stranger to open a message first', async () => {
    const page = await newReaderIn(browser)
    await page.goto(`${zegel.portalUrl}/associations`)
    await page.getByRole('heading', { level: 1, name: 'Please open a message first' }).waitFor()
    await page.context().close()
  })
})
