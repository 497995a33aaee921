import { describe, expect, it } from 'vitest'
import type { Browser, FileChooser, Page } from 'playwright-core'
import type { TestInstallation } from '../support/test-installation.ts'
import { focusedName, isSaid, press, tabTo } from './support/by-keyboard.ts'
import { inAccountWorld } from './support/in-account-world.ts'
import { letterOfMany } from './support/letter-of-many.ts'
import {
  messageBody,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  readPasscode,
  saveToDisk,
  shownReference,
} from './support/reader.ts'
import { addAuthenticator } from './support/virtual-authenticator.ts'

let zegel: TestInstallation
let browser: Browser
inAccountWorld(world => ({ zegel, browser } = world))

const many = 'A letter of many parts'
async function sealedTo(to: string, subject = 'Hello'): Promise<string> {
  if (subject === many)
    await zegel.send({ envelope: { from: 'alice@example.com', to }, raw: letterOfMany(to) })
  else await zegel.send({ from: 'alice@example.com', to, subject, text: 'Read without a mouse.' })
  return saveToDisk(zegel, await newestMessageHtml(zegel, to))
}

/** Opens message.html and presses its one button; ends at the choice. */
async function open(page: Page, file: string): Promise<void> {
  await page.goto(`file://${file}`)
  await press(page, 'Read the message')
  await page.getByText('Show that it is yours:').waitFor()
}

/** The field has the focus already: that is where the work is. */
async function typePasscode(page: Page, to: string): Promise<void> {
  const code = await readPasscode(zegel, to, await shownReference(page))
  await isSaid(page, 'Look in your mailbox')
  expect(await focusedName(page)).toBe('One-time passcode')
  await page.keyboard.type(code)
  await page.keyboard.press('Enter')
}

/** At the simulated provider: an address, what is said of it, and on. */
async function typeAccount(page: Page, email: string, kind: string): Promise<void> {
  await page.locator('#email').waitFor()
  await tabTo(page, 'Email address')
  await page.keyboard.press('Control+A')
  await page.keyboard.type(email)
  await tabTo(page, 'What the provider says about it')
  const chosen = page.locator('#kind')
  for (let i = 0; i < 8 && (await chosen.inputValue()) !== kind; i++)
    await page.keyboard.press('ArrowDown')
  expect(await chosen.inputValue()).toBe(kind)
  await press(page, 'Sign in')
}

async function newReader(): Promise<Page> {
  const page = await newReaderIn(browser)
  await page.addInitScript(() => {
    const print = (): void => document.documentElement.setAttribute('data-printed', '')
    globalThis.print = print
    // The letter is printed from a frame of its own, which is gone again when it is on paper.
    new MutationObserver(changes => {
      const added = changes.flatMap(({ addedNodes }) => [...addedNodes])
      if (added.some(node => node instanceof HTMLIFrameElement && node.closest('.printing')))
        print()
    }).observe(document, { childList: true, subtree: true })
  })
  return page
}

describe('by keyboard alone', () => {
  it('a message is opened with a passcode; mistakes lead back to the field', async () => {
    const to = newAddress()
    const page = await newReader()
    await open(page, await sealedTo(to))
    await press(page, 'Is this real?', 'Space')
    await page.getByText('We never ask for the password').waitFor()
    await page.keyboard.press('Space')
    await tabTo(page, 'Use a one-time passcode', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await shownReference(page)
    await page.keyboard.type('1234')
    await page.keyboard.press('Enter')
    await isSaid(page, 'A passcode has 8 digits')
    expect(await focusedName(page)).toBe('One-time passcode')
    await page.keyboard.press('Control+A')
    await typePasscode(page, to)
    await isSaid(page, 'The message is open.')
    await expect.poll(() => focusedName(page)).toBe('Hello')
    await page.context().close()
  })

  it.each([
    ['Microsoft', 'work'],
    ['Google', 'workspace'],
  ])('an account of %s opens it', async (provider, kind) => {
    const to = newAddress()
    const page = await newReader()
    await open(page, await sealedTo(to))
    await press(page, `Sign in with ${provider}`)
    await typeAccount(page, to, kind)
    await isSaid(page, 'The message is open.')
    await page.context().close()
  })

  it('an account is associated, seen and removed', async () => {
    const to = newAddress()
    const page = await newReader()
    await open(page, await sealedTo(to))
    await press(page, 'Sign in with Google')
    await typeAccount(page, `private-${to}`, 'other')
    await page.getByRole('heading', { name: 'One more step, only this time' }).waitFor()
    await press(page, 'Send the passcode')
    await typePasscode(page, to)
    await isSaid(page, 'The message is open.')
    await press(page, 'Your associations')
    await page.getByRole('heading', { name: 'Your associations' }).waitFor()
    await press(page, 'Remove: Google account')
    await expect.poll(() => focusedName(page)).toBe('Keep')
    await page.keyboard.press('Enter')
    await expect.poll(() => focusedName(page)).toMatch(/^Remove: Google account/)
    await page.keyboard.press('Enter')
    await expect.poll(() => focusedName(page)).toBe('Keep')
    await tabTo(page, 'Remove', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await isSaid(page, 'Removed.')
    await expect.poll(() => focusedName(page)).toBe('Your associations')
    await press(page, 'Back to the message')
    await isSaid(page, 'The message is open.')
    await page.context().close()
  })

  it('a passkey is made, and opens the next message', async () => {
    const to = newAddress()
    const page = await newReader()
    await addAuthenticator(page)
    await open(page, await sealedTo(to))
    await press(page, 'Use a one-time passcode')
    await typePasscode(page, to)
    await isSaid(page, 'The message is open.')
    await page.getByRole('button', { name: 'Make a passkey' }).waitFor()
    await press(page, 'Make a passkey')
    await isSaid(page, 'Your passkey is made.')
    await press(page, 'Sign out')
    await isSaid(page, 'You are signed out')
    await open(page, await sealedTo(to, 'Second'))
    await press(page, 'Sign in with a passkey')
    await expect.poll(() => focusedName(page)).toBe('Second')
    await page.context().close()
  })

  it('the file is picked', async () => {
    const to = newAddress()
    const file = await sealedTo(to)
    const page = await newReader()
    // Long before the key: the browser has to be told to hand its dialog over.
    const chooser = new Promise<FileChooser>(resolve => page.once('filechooser', resolve))
    await page.goto(`${zegel.portalUrl}/open`)
    await page.getByText('or drop it here').waitFor()
    await press(page, 'Choose message.html')
    await (await chooser).setFiles(file)
    await page.getByRole('heading', { name: 'A message from alice@example.com' }).waitFor()
    await press(page, 'Use a one-time passcode')
    await isSaid(page, 'Look in your mailbox')
    await page.context().close()
  })

  it('a letter is read: files, previews, messages within, folds, language, paper, the end', async () => {
    const to = newAddress()
    const page = await newReader()
    await open(page, await sealedTo(to, many))
    await press(page, 'Use a one-time passcode')
    await typePasscode(page, to)
    await expect.poll(() => focusedName(page)).toBe(many)
    await page.getByRole('button', { name: 'Preview pixel.png' }).waitFor()

    await press(page, 'Earlier messages')
    const fold = messageBody(page).locator('details.zegel-quote')
    await expect.poll(() => fold.evaluate((one: HTMLDetailsElement) => one.open)).toBe(true)

    await tabTo(page, 'Download pixel.png')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.keyboard.press('Enter'),
    ])
    expect(download.suggestedFilename()).toBe('pixel.png')
    await isSaid(page, 'pixel.png was handed to your browser as a download.')

    for (const close of ['Escape', 'Close']) {
      await press(page, close === 'Escape' ? 'Preview page.html' : 'Preview tone.wav')
      const dialog = page.getByRole('dialog')
      await dialog.locator('iframe').waitFor()
      expect(await dialog.locator(':focus').count()).toBe(1)
      if (close === 'Close') await press(page, 'Close')
      else await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      await expect.poll(() => focusedName(page)).toMatch(/^Preview /)
    }

    await press(page, 'Open Outer')
    await expect.poll(() => focusedName(page)).toBe('Forwarded offer')
    await tabTo(page, 'Back to the message', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => focusedName(page)).toMatch(/^Open Outer/)

    await tabTo(page, 'Print', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.locator('html[data-printed]').waitFor()
    await tabTo(page, 'Language', 'Shift+Tab')
    await page.keyboard.press('n') // the one name that begins so
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('nl')
    expect(await focusedName(page)).toMatch(/^Taal/)
    await press(page, 'Afmelden')
    await isSaid(page, 'U bent afgemeld')
    await page.context().close()
  })

  it('goes to the content without changing the address: its fragment says where a link goes', async () => {
    const page = await newReader()
    await page.goto(`${zegel.portalUrl}/leave#https://example.com/`)
    await page.getByRole('link', { name: 'Go to example.com' }).waitFor()
    await press(page, 'Go to the content')
    await tabTo(page, 'Go to example.com')
    expect(page.url()).toBe(`${zegel.portalUrl}/leave#https://example.com/`)
    await page.context().close()
  })
})
