import { describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import type { TestInstallation } from '../support/test-installation.ts'
import { pickAccount, signInButton } from './support/accounts.ts'
import { isSoundInEveryLook } from './support/every-look.ts'
import { inAccountWorld } from './support/in-account-world.ts'
import {
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  passcodeButton,
  saveToDisk,
} from './support/reader.ts'

let zegel: TestInstallation
let browser: Browser
inAccountWorld(world => ({ zegel, browser } = world), {
  config: { policy: { default: { assurance: 'mfa' } } },
})

/** A message for an address that asks for two factors, opened up to the choice. */
async function readerOf(to: string): Promise<Page> {
  await zegel.send({ from: 'alice@example.com', to, subject: 'Strict', text: 'Hello' })
  const page = await newReaderIn(browser)
  await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, to)))
  await explained(page)
  return page
}

const explained = (page: Page): Promise<void> =>
  page.getByText('For this message Example asks for two factors').waitFor()

describe('a message that asks for two factors', () => {
  it('says why, and offers no passcode, which would not do', async () => {
    const page = await readerOf(newAddress())
    expect(await passcodeButton(page).count()).toBe(0)
    await isSoundInEveryLook(page, 'two factors')
    await page.getByText('Other ways').click()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
    await page.context().close()
  })

  it('opens for an account that was signed in with two', async () => {
    const to = newAddress()
    const page = await readerOf(to)
    await signInButton(page, 'Microsoft').click()
    await pickAccount(page, { email: to, kind: 'work', mfa: true })
    await messageShown(page, 'Strict')
    await page.context().close()
  })

  it('says what is missing after an account with one, and opens when the second is added', async () => {
    const to = newAddress()
    const page = await readerOf(to)
    await signInButton(page, 'Google').click()
    await pickAccount(page, { email: to, kind: 'workspace' })
    await explained(page)
    await isSoundInEveryLook(page, 'one factor was not enough')
    expect(await page.getByText('Strict').count()).toBe(0)
    await signInButton(page, 'Google').click()
    await pickAccount(page, { email: to, kind: 'workspace', mfa: true })
    await messageShown(page, 'Strict')
    await page.context().close()
  })
})
