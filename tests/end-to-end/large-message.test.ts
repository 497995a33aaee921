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
