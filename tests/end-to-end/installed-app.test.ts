import type { Browser, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import {
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  openNewest,
  passcodeButton,
  saveToDisk,
  signInByPasscode,
} from './support/reader.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))

/** A reader whose browser has the service worker, as after a first visit, and a message that waits for them. */
async function readerWithWorker(): Promise<{ page: Page; to: string }> {
  const to = newAddress()
  await zegel.send({
    envelope: { from: 'alice@example.com', to },
    raw: `From: Alice <alice@example.com>\r\nTo: ${to}\r\nSubject: Once more\r\n\r\nFor you.\r\n`,
  })
  const page = await newReaderIn(browser)
  await page.goto(`${zegel.portalUrl}/open`)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  zegel.front.clear()
  return { page, to }
}

const uploads = (): readonly string[] =>
  zegel.front.requests
    .filter(({ method, path }) => method === 'POST' && path.startsWith('/open'))
    .map(({ path }) => path)

/** Shares a file with the installed app, as a phone's share sheet does: a navigation that no page of ours began. */
async function shareFile(page: Page, content: string): Promise<void> {
  const form = `<form method="post" action="${zegel.portalUrl}/open/shared" enctype="multipart/form-data">
    <input type="file" name="message"></form>`
  await page.goto(`file://${await saveToDisk(zegel, Buffer.from(form), 'share.html')}`)
  const file = { name: 'message.html', mimeType: 'text/html', buffer: Buffer.from(content) }
  await page.locator('input').setInputFiles(file)
  await page.locator('form').evaluate((shared: HTMLFormElement) => shared.submit())
}

describe('the service worker', () => {
  it('takes the posted message in, so that nothing is uploaded, and the reader sees the usual page', async () => {
    const { page, to } = await readerWithWorker()
    await openNewest(page, zegel, to)
    expect(uploads()).toEqual([])
    expect(new URL(page.url()).pathname).toBe('/read')
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Once more')
    await page.context().close()
  })

  it('keeps no page and no script, so that none of them is ever old', async () => {
    const { page, to } = await readerWithWorker()
    await openNewest(page, zegel, to)
    expect(await page.evaluate(() => caches.keys())).toEqual([])
    const asked = zegel.front.requests.map(({ path }) => path.replace(/\?.*/, ''))
    expect(asked).toContain('/read')
    await page.context().close()
  })

  it('leaves no message behind once it is taken', async () => {
    const { page, to } = await readerWithWorker()
    await openNewest(page, zegel, to)
    const kept = await page.evaluate(
      () =>
        new Promise(resolve => {
          const opening = indexedDB.open('zegel')
          opening.addEventListener('success', () => {
            const keys = opening.result.transaction('envelopes').objectStore('envelopes').count()
            keys.addEventListener('success', () => resolve(keys.result))
          })
        }),
    )
    expect(kept).toBe(1)
    await page.context().close()
  })

  it('lets what is no message go its usual way, to the portal’s own words', async () => {
    const { page, to } = await readerWithWorker()
    const html = (await newestMessageHtml(zegel, to)).toString('latin1')
    const torn = html.replace(
      /name="signature" value="[^"]{9}/,
      'name="signature" value="!!!!!!!!!',
    )
    expect(torn).not.toBe(html)
    await openFromDisk(page, await saveToDisk(zegel, Buffer.from(torn, 'latin1')))
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(uploads()).toEqual(['/open'])
    expect(await page.getByRole('main').innerText()).toMatch(/damaged|incomplete|altered/i)
    await page.context().close()
  })
})

describe('the installed app', () => {
  it('opens a message.html that another app shares, without an upload', async () => {
    const { page, to } = await readerWithWorker()
    await shareFile(page, (await newestMessageHtml(zegel, to)).toString('utf8'))
    await passcodeButton(page).waitFor()
    expect(uploads()).toEqual([])
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Once more')
    await page.context().close()
  })

  it('says so when another app shares something else', async () => {
    const { page } = await readerWithWorker()
    await shareFile(page, '<p>A recipe</p>')
    await page.getByText('This is not a protected message').waitFor()
    expect(uploads()).toEqual([])
    await page.context().close()
  })

  it('without its service worker, shares nothing with the portal’s pages and asks for the file', async () => {
    const to = newAddress()
    const page = await newReaderIn(browser, { serviceWorkers: 'block' })
    await shareFile(page, `<p>for ${to}</p>`)
    await page.getByText('Choose message.html').first().waitFor()
    expect(new URL(page.url()).pathname).toBe('/open')
    await page.context().close()
  })

  it('opens the file that it was launched with', async () => {
    const { page, to } = await readerWithWorker()
    const html = (await newestMessageHtml(zegel, to)).toString('utf8')
    // Chromium launches apps with files only from a desktop; the queue is the standard's, filled by hand.
    await page.addInitScript(content => {
      const file = new File([content], 'message.html', { type: 'text/html' })
      Object.defineProperty(window, 'launchQueue', {
        value: {
          setConsumer: (consume: (launch: object) => void) =>
            consume({ files: [{ getFile: () => Promise.resolve(file) }] }),
        },
      })
    }, html)
    await page.goto(`${zegel.portalUrl}/open`)
    await passcodeButton(page).waitFor()
    await page.context().close()
  })
})
