import { beforeEach, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { isSound, isSoundInBoth } from '../support/sound.ts'
import type { TestInstallation } from '../support/test-installation.ts'
import { oneMoreStep, pickAccount, signInButton, signOut } from './support/accounts.ts'
import type { FaultyWay } from './support/faulty-way.ts'
import { inAccountWorld } from './support/in-account-world.ts'
import {
  enterPasscode,
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  openNewest,
  passcodeButton,
  saveToDisk,
  shownReference,
} from './support/reader.ts'

let zegel: TestInstallation
let browser: Browser
let way: FaultyWay
// Everything here works in a browser that keeps no cookie of another site.
const withoutThirdPartyCookies = ['--enable-features=ForceThirdPartyCookieBlocking']
inAccountWorld(world => ({ zegel, browser, way } = world), { flags: withoutThirdPartyCookies })

beforeEach(() => way.mend())

const send = (to: string, subject: string): Promise<void> =>
  zegel.send({ from: 'alice@example.com', to, subject, text: 'Hello' })

/** A browser that opens no other window, as with pop-ups blocked. */
async function newReader(options = {}): Promise<Page> {
  const page = await newReaderIn(browser, options)
  await page.context().addInitScript(() => Object.assign(globalThis, { open: () => null }))
  return page
}

/** A message for an address, opened up to the choice. */
async function readerOf(to: string, subject: string, options = {}): Promise<Page> {
  await send(to, subject)
  const page = await newReader(options)
  await openNewest(page, zegel, to)
  return page
}

/** What the page says of a provider that is down, and that the other ways are open, before it. */
async function saysThatItIsDown(page: Page): Promise<void> {
  await page.getByText('Microsoft does not answer at the moment.').waitFor()
  const ways = await page.getByRole('main').getByRole('button').allInnerTexts()
  expect(ways.slice(0, 3)).toEqual([
    'Sign in with Google',
    'Use a one-time passcode',
    'Sign in with Microsoft',
  ])
}

/** Longer than a provider that did not answer is left alone. */
const aWhileMs = 11_000

describe('a provider that is down', () => {
  it('is said to be, wherever it fails, with the other ways first, and is used again when it is back', async () => {
    const to = newAddress()
    const page = await readerOf(to, 'Down')
    await way.stop()
    await signInButton(page, 'Microsoft').click()
    await saysThatItIsDown(page)
    await way.mend()
    way.failing = /openid-configuration/
    zegel.advance(aWhileMs)
    await signInButton(page, 'Microsoft').click()
    await saysThatItIsDown(page)
    way.failing = /\/token$/
    zegel.advance(aWhileMs)
    await signInButton(page, 'Microsoft').click()
    await pickAccount(page, { email: to, kind: 'work' })
    await saysThatItIsDown(page)
    way.failing = /\/jwks$/
    await signInButton(page, 'Microsoft').click()
    await saysThatItIsDown(page)
    way.failing = null
    await signInButton(page, 'Microsoft').click()
    await messageShown(page, 'Down')
    await page.context().close()
  })

  it('leads Back from the browser’s own words, where the portal could not know, and another way opens the message', async () => {
    const to = newAddress()
    const page = await readerOf(to, 'Gone')
    await signInButton(page, 'Google').click()
    await page.locator('#email').waitFor()
    await page.goBack()
    await passcodeButton(page).waitFor()
    await way.stop()
    await signInButton(page, 'Google').click()
    await expect.poll(() => page.url()).toMatch(/^chrome-error:/)
    await page.goBack()
    await passcodeButton(page).click()
    await enterPasscode(page, zegel, to)
    await messageShown(page, 'Gone')
    await page.context().close()
  })
})

describe('a tab that is dropped while its reader is away at the provider', () => {
  it('goes on when it is restored', async () => {
    const to = newAddress()
    const page = await readerOf(to, 'Restored')
    await signInButton(page, 'Google').click()
    await page.locator('#email').waitFor()
    await page.reload()
    await pickAccount(page, { email: to, kind: 'workspace' })
    await messageShown(page, 'Restored')
    await page.context().close()
  })

  it('asks for the file again when it is not, and needs no second sign-in', async () => {
    const to = newAddress()
    const page = await readerOf(to, 'Another tab')
    await signInButton(page, 'Google').click()
    await page.locator('#email').waitFor()
    const other = await page.context().newPage()
    await other.goto(page.url())
    await page.close()
    await pickAccount(other, { email: to, kind: 'workspace' })
    await other.getByText('This tab no longer holds a message').waitFor()
    await isSoundInBoth(other, 'message lost')
    const file = await saveToDisk(zegel, await newestMessageHtml(zegel, to))
    await other.getByLabel('Choose message.html').setInputFiles(file)
    await messageShown(other, 'Another tab')
    await other.context().close()
  })
})

describe('two tabs with different messages', () => {
  it('each show their own, whichever comes back first', async () => {
    const to = newAddress()
    const first = await readerOf(to, 'Left')
    const second = await first.context().newPage()
    await send(to, 'Right')
    await openNewest(second, zegel, to)
    await signInButton(first, 'Google').click()
    await signInButton(second, 'Microsoft').click()
    await pickAccount(second, { email: to, kind: 'work' })
    await messageShown(second, 'Right')
    await pickAccount(first, { email: to, kind: 'workspace' })
    await messageShown(first, 'Left')
    await second.reload()
    await messageShown(second, 'Right')
    await first.context().close()
  })
})

describe('several recipients', () => {
  it('are told apart when an account is associated, and Back leads through every step', async () => {
    const [bob, carol] = [newAddress('bob'), newAddress('carol')]
    await send(`${bob}, ${carol}`, 'For two')
    const page = await newReader()
    await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, bob)))
    await signInButton(page, 'Google').click()
    await pickAccount(page, { email: `private-${carol}`, kind: 'other' })
    await oneMoreStep(page)
    await page.getByRole('button', { name: 'Send the passcode' }).click()
    const which = page.getByRole('heading', { name: 'Which address is yours?' })
    await which.waitFor()
    await page.locator('label', { hasText: 'c•••@' }).click()
    await page.getByRole('button', { name: 'Send the passcode' }).click()
    const reference = await shownReference(page)
    await page.goBack()
    await which.waitFor()
    await page.goBack()
    await oneMoreStep(page)
    await page.goForward()
    await which.waitFor()
    await page.goForward()
    expect(await shownReference(page)).toBe(reference)
    await enterPasscode(page, zegel, carol)
    await messageShown(page, 'For two')
    expect((await zegel.listMails(bob)).some(({ subject }) => subject.includes(reference))).toBe(
      false,
    )
    await signOut(page)
    await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, bob)))
    await signInButton(page, 'Google').click()
    await messageShown(page, 'For two')
    await page.context().close()
  })
})

describe('a phone, by touch', () => {
  for (const [width, provider, kind] of [
    [390, 'Microsoft', 'work'],
    [320, 'Google', 'workspace'],
  ] as const)
    it(`opens a message with an account of ${provider}, ${width} px wide`, async () => {
      const to = newAddress()
      await send(to, 'By touch')
      const viewport = { width, height: 844 }
      const page = await newReader({ viewport, isMobile: true, hasTouch: true })
      await page.goto(`file://${await saveToDisk(zegel, await newestMessageHtml(zegel, to))}`)
      await page.getByRole('button', { name: 'Read the message' }).tap()
      await signInButton(page, provider).tap()
      await page.locator('#email').fill(to)
      await page.locator('#kind').selectOption(kind)
      await page.locator('form button.primary').tap()
      await messageShown(page, 'By touch')
      // In both colour schemes: accessible.test.ts.
      await isSound(page, 'message with the offer of a passkey')
      await page.getByRole('button', { name: 'Make a passkey' }).waitFor()
      await page.getByRole('button', { name: 'Sign out' }).tap()
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
      await page.context().close()
    })
})

describe('the browser of these tests', () => {
  it('keeps no cookie of another site, and would keep that of its own', async () => {
    const page = await newReader()
    const own = new URL('/forget', way.url)
    await page.route(own.href, route =>
      route.fulfill({ headers: { 'set-cookie': 'seen=1; Path=/' }, body: 'x' }),
    )
    const isSeen = async (): Promise<boolean> => (await page.context().cookies(way.url)).length > 0
    await page.goto(
      `file://${await saveToDisk(zegel, Buffer.from(`<iframe src="${own}"></iframe>`))}`,
    )
    await page.frameLocator('iframe').getByText('x').waitFor()
    expect(await isSeen()).toBe(false)
    await page.goto(own.href)
    expect(await isSeen()).toBe(true)
    await page.context().close()
  })
})
