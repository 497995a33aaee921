import { describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { isSound } from '../support/sound.ts'
import type { TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import {
  messageBody,
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  openNewest,
  passcodeButton,
  passcodeField,
  readPasscode,
  saveToDisk,
  shownReference,
  signInByPasscode,
} from './support/reader.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))

const html =
  '<h2>Results</h2><p>All <b>good</b>, see <a href="https://example.com/">here</a>.</p><img src="https://example.com/x.png">'
const sendTo = (to: string): Promise<void> =>
  zegel.send({
    from: 'Alice de Vries <alice@example.com>',
    to,
    subject: 'Results of your examination on 18 November',
    text: 'All good.',
    html,
    attachments: [
      { filename: 'Laboratory report with a long name.pdf', content: 'x'.repeat(1000) },
      { filename: 'run.exe', content: 'MZ' },
    ],
  })

const looks = [
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'light', viewport: { width: 320, height: 640 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const

describe('every page in every look', () => {
  for (const { colorScheme, viewport } of looks)
    it(`gives axe nothing to find: ${colorScheme}, ${viewport.width} px`, async () => {
      const [bob, carol] = [newAddress('bob'), newAddress('carol')]
      await sendTo(`Bob <${bob}>, ${carol}`)
      const page = await newReaderIn(browser, { colorScheme, viewport })
      await page.goto(`file://${await saveToDisk(zegel, await newestMessageHtml(zegel, bob))}`)
      await isSound(page, 'message.html')
      await page.getByRole('button', { name: 'Read the message' }).click()
      await passcodeButton(page).waitFor()
      await isSound(page, 'choice')
      await page.getByText('Is this real?').click()
      await isSound(page, 'is this real')
      await page.getByText('Is this real?').click()
      await passcodeButton(page).click()
      await page.getByRole('heading', { name: 'Which address is yours?' }).waitFor()
      await isSound(page, 'which address')
      await page.getByRole('button', { name: 'Send the passcode' }).click()
      await isSound(page, 'which address, none chosen')
      await page.getByRole('radio').first().check()
      await page.getByRole('button', { name: 'Send the passcode' }).click()
      const reference = await shownReference(page)
      await isSound(page, 'passcode')
      await passcodeField(page).fill('1234')
      await page.getByRole('button', { name: 'Continue' }).click()
      await isSound(page, 'passcode, incomplete')
      await passcodeField(page).fill(await readPasscode(zegel, bob, reference))
      await page.getByRole('button', { name: 'Continue' }).click()
      await messageShown(page, 'Results of your examination on 18 November')
      await isSound(page, 'message')
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
      await isSound(page, 'signed out')
      for (const path of [
        '/',
        '/open',
        '/read',
        '/privacy',
        '/nothing-here',
        '/leave#https://example.com/',
      ]) {
        await page.goto(`${zegel.portalUrl}${path}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await isSound(page, path)
      }
      await page.context().close()
    })
})

describe('without a mouse', () => {
  it('reads a message by keyboard alone, with the focus where the work is', async () => {
    const bob = newAddress()
    await sendTo(bob)
    const page = await newReaderIn(browser)
    await page.goto(`file://${await saveToDisk(zegel, await newestMessageHtml(zegel, bob))}`)
    await tabTo(page, 'Read the message')
    await page.keyboard.press('Enter')
    await passcodeButton(page).waitFor()
    await tabTo(page, 'Use a one-time passcode')
    await page.keyboard.press('Enter')
    const code = await readPasscode(zegel, bob, await shownReference(page))
    expect(await focusedName(page)).toBe('One-time passcode')
    await page.keyboard.type(code)
    await page.keyboard.press('Enter')
    await messageShown(page, 'Results of your examination on 18 November')
    await expect.poll(() => focusedName(page)).toBe('Results of your examination on 18 November')
    await tabTo(page, 'Download Laboratory report with a long name.pdf')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.keyboard.press('Enter'),
    ])
    expect(download.suggestedFilename()).toBe('Laboratory report with a long name.pdf')
    await page.context().close()
  })

  it('goes to the content without changing the address: its fragment says where a link goes', async () => {
    const page = await newReaderIn(browser)
    await page.goto(`${zegel.portalUrl}/leave#https://example.com/`)
    await page.getByRole('link', { name: 'Go to example.com' }).waitFor()
    await tabTo(page, 'Go to the content')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Go to example.com')
    expect(page.url()).toBe(`${zegel.portalUrl}/leave#https://example.com/`)
    await page.context().close()
  })

  it('shows where the focus is', async () => {
    const bob = newAddress()
    await sendTo(bob)
    const page = await newReaderIn(browser)
    await openNewest(page, zegel, bob)
    await tabTo(page, 'Use a one-time passcode')
    const outline = await passcodeButton(page).evaluate(
      button => getComputedStyle(button).outlineStyle,
    )
    expect(outline).not.toBe('none')
    await page.context().close()
  })
})

/** Presses Tab until an element whose name begins so has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if ((await focusedName(page)).startsWith(name)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never reaches ${name}`)
}

const focusedName = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.innerText : undefined
    return (
      element?.getAttribute('aria-label') ??
      label ??
      (element as HTMLElement | null)?.innerText ??
      ''
    )
      .replaceAll(/\s+/g, ' ')
      .trim()
  })

describe('a table on a phone', () => {
  it('keeps its words and figures whole, and the page within the screen', async () => {
    const to = newAddress()
    const cells = (tag: string, words: readonly string[]): string =>
      `<tr>${words.map(word => `<${tag}>${word}</${tag}>`).join('')}</tr>`
    const html = `<table>${cells('th', ['Description', 'Quantity', 'Price', 'Remarks'])}${cells('td', ['Examination', '12', '25.00', 'Ordered by the specialist on Friday, as agreed'])}</table>`
    await zegel.send({ from: 'alice@example.com', to, subject: 'Invoice', html })
    const page = await newReaderIn(browser, { viewport: { width: 320, height: 640 } })
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Invoice')
    const found = messageBody(page).locator('th, td:not(:last-child)')
    await expect.poll(() => found.count()).toBe(7)
    const lines = await found.evaluateAll(all =>
      all.map(cell => {
        const range = cell.ownerDocument.createRange()
        range.selectNodeContents(cell)
        return range.getClientRects().length
      }),
    )
    expect(lines).toEqual(lines.map(() => 1))
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    ).toBeLessThanOrEqual(0)
    await page.context().close()
  })
})

describe('in the reader’s language', () => {
  it('speaks Dutch to a Dutch browser, on every page of the way and in the passcode mail', async () => {
    const bob = newAddress()
    await sendTo(bob)
    const page = await newReaderIn(browser, { locale: 'nl-NL' })
    await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, bob)))
    await page.getByRole('button', { name: 'Gebruik een eenmalige code' }).click()
    const reference = /\b[0-9A-Z]{2}-[0-9A-Z]{3}\b/
    await page.getByText(reference).first().waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('nl')
    await isSound(page, 'code in Dutch')
    const shown = reference.exec(await page.getByRole('main').innerText())?.[0] ?? ''
    const code = await readPasscode(zegel, bob, shown)
    const mail = (await zegel.listMails(bob)).find(({ subject }) => subject.includes(shown))
    expect(mail?.subject).toMatch(/^Uw code/)
    await page.locator('#passcode').fill(code)
    await page.keyboard.press('Enter')
    await messageShown(page, 'Results of your examination on 18 November')
    await page.getByRole('button', { name: 'Afmelden' }).waitFor()
    await isSound(page, 'message in Dutch')
    await page.context().close()
  })

  it('changes language in the middle without losing the place', async () => {
    const bob = newAddress()
    await sendTo(bob)
    const page = await newReaderIn(browser)
    await openNewest(page, zegel, bob)
    await page.getByLabel('Language').selectOption('nl')
    await page.getByRole('button', { name: 'Gebruik een eenmalige code' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('nl')
    expect(await page.title()).toBe('Beveiligd bericht')
    await page.getByLabel('Taal').selectOption('en')
    await expect.poll(() => page.title()).toBe('Protected message')
    await page.context().close()
  })
})
