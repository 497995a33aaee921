import type { Browser, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { inInstallation } from '../end-to-end/support/in-installation.ts'
import {
  downloaded,
  messageShown,
  newAddress,
  newReaderIn,
  openNewest,
  signInByPasscode,
} from '../end-to-end/support/reader.ts'
import type { TestInstallation } from '../support/test-installation.ts'
import { keptInBrowser } from './observe/kept-in-browser.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))

const send = (to: string, subject: string): Promise<void> =>
  zegel.send({
    from: 'alice@example.com',
    to,
    subject,
    html: '<p>Hello <img src="https://tracker.test/seen.gif"></p>',
    attachments: [{ filename: 'notes.txt', content: 'first line' }],
  })

async function read(page: Page, to: string, subject: string): Promise<void> {
  await send(to, subject)
  await openNewest(page, zegel, to)
  await signInByPasscode(page, zegel, to)
  await messageShown(page, subject)
}

/** Resolves when the sheet that was printed is gone. */
const printed = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>(resolve => {
        new MutationObserver(changes => {
          if (changes.some(({ removedNodes }) => removedNodes.length > 0)) resolve()
        }).observe(document.querySelector('.printing') ?? document, { childList: true })
      }),
  )

test('a message whose tab was closed is removed at the first visit an hour later', async () => {
  const to = newAddress()
  await send(to, 'Closed')
  const first = await newReaderIn(browser)
  await openNewest(first, zegel, to)
  const second = await first.context().newPage()
  await first.close()
  const openIn = async (minutes: number): Promise<void> => {
    await second.clock.setFixedTime(Date.now() + minutes * 60_000)
    await openNewest(second, zegel, to)
  }
  // The choice is shown while the envelope still comes in; what is left over goes after that.
  const kept = async (): Promise<readonly string[]> => (await keptInBrowser(second)).databases
  await openIn(59)
  await expect.poll(kept).toEqual(['zegel/envelopes: 2'])
  // That of the first tab goes; the second tab's own is replaced by the new one.
  await openIn(61)
  await expect.poll(kept).toEqual(['zegel/envelopes: 1'])
  await second.context().close()
})

test('nothing says that a message is read, printed or saved', async () => {
  const to = newAddress()
  const page = await newReaderIn(browser)
  // The last thing that the page asks by itself once a message is shown.
  const settled = page.waitForResponse(answer => answer.url().endsWith('/api/passkeys'))
  await Promise.all([settled, read(page, to, 'Silent')])
  const attachment = page.getByRole('list', { name: 'Attachments' }).getByRole('button')
  zegel.front.clear()
  await downloaded(page, attachment.first())
  await downloaded(page, page.getByRole('button', { name: 'Download the original' }))
  await Promise.all([printed(page), page.getByRole('button', { name: 'Print' }).click()])
  await page.mouse.wheel(0, 500)
  // A message of the page itself, so that whatever was on its way before has come.
  await page.evaluate(() => fetch('/assets/last').then(answer => answer.text()))
  const asked = zegel.front.requests.map(({ method, path }) => `${method} ${path}`)
  expect(asked.at(-1)).toBe('GET /assets/last')
  expect(asked.filter(one => !/^GET \/assets\/[\w.-]+$/.test(one))).toEqual([])
  expect(zegel.front.strays).toEqual([])
  await page.context().close()
})
