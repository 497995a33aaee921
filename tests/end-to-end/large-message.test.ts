import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import type { TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import {
  downloaded,
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  passcodeButton,
  saveToDisk,
  signInByPasscode,
} from './support/reader.ts'
import { withoutPrinter } from './support/without-printer.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))

const MiB = 1024 * 1024

describe('large messages', () => {
  it('opens a message of 25 MB by picking the file, and uploads nothing of it', async () => {
    const to = newAddress()
    const film = randomBytes(18 * MiB)
    await zegel.send({
      from: 'alice@example.com',
      to,
      subject: 'The film',
      text: 'See the attachment.',
      attachments: [{ filename: 'film.mp4', content: film, contentType: 'video/mp4' }],
    })
    const html = await newestMessageHtml(zegel, to)
    expect(html.length).toBeGreaterThan(25_000_000)
    const file = await saveToDisk(zegel, html)
    const page = await newReaderIn(browser)
    page.setDefaultTimeout(60_000)
    await page.goto(`file://${file}`)
    zegel.front.clear()
    await page.getByRole('button', { name: 'Read the message' }).click()
    await page.getByText('This message is large').waitFor()
    await page.getByLabel('Choose message.html').setInputFiles(file)
    await passcodeButton(page).waitFor()
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'The film')
    const got = await downloaded(page, page.getByRole('button', { name: 'Download film.mp4' }))
    expect(got.bytes.equals(film)).toBe(true)
    const sent = zegel.front.requests.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0)
    expect(sent).toBeLessThan(64 * 1024)
    await page.context().close()
  })

  it('posts a message of 5 MB at the press of the button', async () => {
    const to = newAddress()
    const photo = randomBytes(3.5 * MiB)
    await zegel.send({
      from: 'alice@example.com',
      to,
      subject: 'The photo',
      text: 'See the attachment.',
      attachments: [{ filename: 'photo.jpg', content: photo, contentType: 'image/jpeg' }],
    })
    const page = await newReaderIn(browser)
    page.setDefaultTimeout(60_000)
    await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, to)))
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'The photo')
    const got = await downloaded(page, page.getByRole('button', { name: 'Download photo.jpg' }))
    expect(got.bytes.equals(photo)).toBe(true)
    await page.context().close()
  })
})

describe('a letter that is still coming in', () => {
  const paragraph = (at: number): string =>
    `<p style="color:#c00">${at}. Figures of the third quarter, as they were told to all who asked. <b>In euros</b></p>`
  const html = `${Array.from({ length: 8000 }, (_, at) => paragraph(at)).join('')}<p>The last line of all</p>`

  it('is printed whole in the colours that it has by then; of one that is closed nothing stays', async () => {
    const to = newAddress()
    await zegel.send({ from: 'alice@example.com', to, subject: 'Long', html })
    const page = await newReaderIn(browser)
    page.setDefaultTimeout(60_000)
    const errors: string[] = []
    page.on('pageerror', error => errors.push(error.message))
    await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, to)))
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Long')
    await withoutPrinter(page)
    const coming = page.locator('.body[aria-busy]')
    await coming.waitFor()
    await page.keyboard.press('Control+p')
    await page.getByLabel('Original colours').uncheck()
    expect(await coming.count(), 'it is whole too soon for this test').toBe(1)
    expect(await page.locator('.printing iframe').count()).toBe(0)
    const paper = page.locator('.printing iframe[data-printed]')
    await paper.waitFor({ state: 'attached' })
    expect(await coming.count()).toBe(0)
    const printed = paper.contentFrame()
    expect(await printed.getByText('The last line of all').count()).toBe(1)
    expect(await printed.locator('p[style*=color]').count()).toBe(0)

    await page.getByLabel('Original colours').check()
    await coming.waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    expect(await page.locator('iframe').count()).toBe(0)
    expect(await page.content()).not.toContain('Figures of')
    expect(errors).toEqual([])
    await page.context().close()
  })
})
