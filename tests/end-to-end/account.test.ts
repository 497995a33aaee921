import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { axeFindings } from '../support/axe.ts'
import { launchChromium } from '../support/browser.ts'
import { oneMoreStep, pickAccount, signInButton, signOut } from './support/accounts.ts'
import { startDemoWorld } from './support/demo-world.ts'
import type { DemoWorld } from './support/demo-world.ts'
import {
  enterPasscode,
  messageShown,
  newAddress,
  newReaderIn,
  openNewest,
  passcodeButton,
} from './support/reader.ts'

let zegel: DemoWorld
let browser: Browser
beforeAll(async () => {
  zegel = await startDemoWorld()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await zegel?.close()
})

/** A message for a new address, opened up to the choice. */
async function readerOf(to: string, subject: string, options = {}): Promise<Page> {
  await zegel.send(to, subject)
  const page = await newReaderIn(browser, options)
  await openNewest(page, zegel, to)
  return page
}

describe('an account that proves the address', () => {
  it.each([
    ['Microsoft', 'work'],
    ['Google', 'workspace'],
  ] as const)('of %s opens the message alone', async (provider, kind) => {
    const to = newAddress()
    const page = await readerOf(to, 'For an account')
    await signInButton(page, provider).click()
    await pickAccount(page, { email: to, kind })
    await messageShown(page, 'For an account')
    expect(page.url()).toBe(`${zegel.portalUrl}/read`)
    await page.context().close()
  })
})

describe('an account of another address', () => {
  it('is associated by one passcode, and opens the next message with one click', async () => {
    const to = newAddress()
    const page = await readerOf(to, 'First visit')
    await signInButton(page, 'Microsoft').click()
    await pickAccount(page, { email: `private-${to}`, kind: 'personal' })
    await oneMoreStep(page)
    await page.getByText(`You signed in with Microsoft as private-${to}.`).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Send the passcode' }).click()
    await page
      .getByText('your Microsoft account is enough to open messages to this address')
      .waitFor()
    await page.getByText(`You signed in with Microsoft as private-${to}.`).waitFor()
    await page.getByRole('button', { name: 'Use another Microsoft account' }).waitFor()
    await enterPasscode(page, zegel, to)
    await messageShown(page, 'First visit')
    await page.getByRole('link', { name: 'Your associations' }).click()
    await page.getByText('Microsoft account').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('link', { name: 'Back to the message' }).click()
    await signOut(page)

    await zegel.send(to, 'Second visit')
    await openNewest(page, zegel, to)
    await signInButton(page, 'Microsoft').click()
    await messageShown(page, 'Second visit')
    await page.context().close()
  })

  it('survives a reload in the middle, and another way can still be chosen', async () => {
    const to = newAddress()
    const page = await readerOf(to, 'Reloaded')
    await signInButton(page, 'Google').click()
    await pickAccount(page, { email: `private-${to}`, kind: 'other' })
    await oneMoreStep(page)
    await page.reload()
    await oneMoreStep(page)
    await page.getByRole('button', { name: 'Choose another way' }).click()
    await passcodeButton(page).waitFor()
    await page.goBack()
    await oneMoreStep(page)
    await page.context().close()
  })
})

describe('threat: nOAuth: `email` of a foreign Entra tenant trusted', () => {
  it('shows nothing to an account that only says it has the address', async () => {
    const to = newAddress('victim')
    const page = await readerOf(to, 'Not for liars')
    await signInButton(page, 'Microsoft').click()
    await pickAccount(page, { email: to, kind: 'liar' })
    await oneMoreStep(page)
    expect(await page.getByText('Not for liars').count()).toBe(0)
    await page.context().close()
  })
})

describe('when signing in does not end well', () => {
  it('says so when the person refuses, and every way is still open', async () => {
    const to = newAddress()
    const page = await readerOf(to, 'Refused', { viewport: { width: 360, height: 740 } })
    await signInButton(page, 'Google').click()
    await page.locator('a.button').click()
    await page.getByText('You did not finish signing in with Google').waitFor()
    expect(await axeFindings(page)).toEqual([])
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow).toBe(0)
    await signInButton(page, 'Microsoft').waitFor()
    await passcodeButton(page).waitFor()
    await page.context().close()
  })

  it('leads Back from the provider to the choice', async () => {
    const page = await readerOf(newAddress(), 'Back')
    await signInButton(page, 'Google').click()
    await page.locator('#email').waitFor()
    await page.goBack()
    await passcodeButton(page).waitFor()
    await page.context().close()
  })

  it('opens the message in the tab that signed in, when two are open', async () => {
    const to = newAddress()
    const page = await readerOf(to, 'Two tabs')
    const other = await page.context().newPage()
    await openNewest(other, zegel, to)
    for (const tab of [page, other]) await signInButton(tab, 'Google').click()
    await pickAccount(page, { email: to, kind: 'workspace' })
    await messageShown(page, 'Two tabs')
    await other.reload()
    await page.context().close()
  })
})
