import { describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import type { TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import { handWrittenMail } from './support/mails.ts'
import {
  downloaded,
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

const newReader = (): Promise<Page> => newReaderIn(browser)

async function sendHandWritten(to: string, subject: string) {
  const mail = handWrittenMail(to, subject)
  await zegel.send({ envelope: { from: 'alice@example.com', to }, raw: mail.raw })
  return mail
}

describe('from a mail program to the reader’s eyes', () => {
  it('shows in the browser what was sent, with every attachment and the original byte for byte', async () => {
    const to = newAddress()
    const { raw, file } = await sendHandWritten(to, 'The dinner')
    const page = await newReader()
    await openNewest(page, zegel, to)
    expect(await page.getByRole('main').innerText()).toContain('Alice de Vries')
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'The dinner')

    expect(await messageBody(page).locator('body').innerText()).toContain('crème brûlée is ready')
    const picture = messageBody(page).getByRole('img', { name: 'red dot' })
    expect(await picture.evaluate(img => (img as HTMLImageElement).naturalWidth)).toBe(1)
    await page.getByText('verified').first().waitFor()

    const files = page.getByRole('list', { name: 'Attachments' }).getByRole('button')
    const bin = await downloaded(page, files.filter({ hasText: 'résumé (final).bin' }))
    expect(bin.name).toBe('résumé (final).bin')
    expect(bin.bytes.equals(file)).toBe(true)
    const notes = await downloaded(page, files.filter({ hasText: 'notes.txt' }))
    expect(notes.bytes.toString('utf8')).toBe('first line\r\n.hidden dot: é')
    const original = await downloaded(
      page,
      page.getByRole('button', { name: 'Download the original' }),
    )
    expect(original.name).toMatch(/\.eml$/)
    expect(original.bytes.equals(raw)).toBe(true)
    expect(zegel.front.strays).toEqual([])
    await page.context().close()
  })

  it('puts every attachment into one archive', async () => {
    const to = newAddress()
    await sendHandWritten(to, 'All at once')
    const page = await newReader()
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'All at once')
    const zip = await downloaded(page, page.getByRole('button', { name: 'Download all' }))
    expect(zip.name).toMatch(/\.zip$/)
    expect(zip.bytes.subarray(0, 2).toString('latin1')).toBe('PK')
    expect(zip.bytes.includes('notes.txt')).toBe(true)
    await page.context().close()
  })

  it('keeps the reader signed in for the next message, and signs out everywhere in the browser', async () => {
    const to = newAddress()
    await sendHandWritten(to, 'First of two')
    const page = await newReader()
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'First of two')
    await sendHandWritten(to, 'Second of two')
    const second = await page.context().newPage()
    await openFromDisk(second, await saveToDisk(zegel, await newestMessageHtml(zegel, to)))
    await messageShown(second, 'Second of two')
    await second.getByRole('button', { name: 'Sign out' }).click()
    await second.getByRole('heading', { level: 1, name: 'You are signed out' }).waitFor()
    await page.getByRole('heading', { level: 1, name: 'You are signed out' }).waitFor()
    expect(await page.locator('iframe').count()).toBe(0)
    expect(await storedMessages(second)).toBe(0)
    await page.context().close()
  })
  it('leaves nothing of a message in a tab that is elsewhere when another signs out', async () => {
    const to = newAddress()
    await sendHandWritten(to, 'Elsewhere')
    const page = await newReader()
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Elsewhere')
    await page.goto(`${zegel.portalUrl}/privacy`)
    await sendHandWritten(to, 'Signing out')
    const second = await page.context().newPage()
    await openFromDisk(second, await saveToDisk(zegel, await newestMessageHtml(zegel, to)))
    await messageShown(second, 'Signing out')
    await second.getByRole('button', { name: 'Sign out' }).click()
    await second.getByRole('heading', { level: 1, name: 'You are signed out' }).waitFor()
    await expect.poll(() => storedMessages(second)).toBe(0)
    await page.goBack()
    await page.getByText('This tab no longer holds a message').waitFor()
    await page.context().close()
  })
})

const storedMessages = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('zegel')
        opening.addEventListener('error', () => reject(opening.error ?? new Error('no database')))
        opening.addEventListener('success', () => {
          const [name] = opening.result.objectStoreNames
          if (name === undefined) return resolve(0)
          const counting = opening.result.transaction(name).objectStore(name).count()
          counting.addEventListener('success', () => resolve(counting.result))
        })
      }),
  )

describe('choosing the file instead of sending it', () => {
  it('opens a picked file without any request that carries the envelope', async () => {
    const to = newAddress()
    await sendHandWritten(to, 'Picked')
    const html = await newestMessageHtml(zegel, to)
    const file = await saveToDisk(zegel, html)
    const page = await newReader()
    await page.goto(`${zegel.portalUrl}/open`)
    zegel.front.clear()
    await page.getByLabel('Choose message.html').setInputFiles(file)
    await passcodeButton(page).waitFor()
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Picked')

    const envelope = /name="envelope" value="\s*([^"]+)"/.exec(html.toString('utf8'))?.[1] ?? ''
    const lines = envelope.trim().split(/\s+/)
    const payload = lines.at(-1)?.slice(0, 64) ?? ''
    const share = /data-share="([^"]+)"/.exec(html.toString('utf8'))?.[1] ?? ''
    expect(payload).toHaveLength(64)
    expect(share).toHaveLength(22)
    for (const { path, body, headers } of zegel.front.requests) {
      const all = `${path}\n${JSON.stringify(headers)}\n${body.toString('latin1')}`
      expect(all).not.toContain(payload)
      expect(all).not.toContain(share)
    }
    expect(zegel.front.requests.some(({ path }) => path === '/api/release')).toBe(true)
    expect(zegel.front.requests.filter(({ path }) => path === '/open')).toEqual([])
    expect(zegel.front.strays).toEqual([])
    await page.context().close()
  })

  it('never hands the share to the portal, also when the file is posted', async () => {
    const to = newAddress()
    await sendHandWritten(to, 'Posted')
    const html = await newestMessageHtml(zegel, to)
    const share = /data-share="([^"]+)"/.exec(html.toString('utf8'))?.[1] ?? 'none'
    const page = await newReader()
    zegel.front.clear()
    await openFromDisk(page, await saveToDisk(zegel, html))
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Posted')
    expect(
      zegel.front.requests.some(({ method, path }) => method === 'POST' && path === '/open'),
    ).toBe(true)
    for (const { path, body, headers } of zegel.front.requests)
      expect(`${path}\n${JSON.stringify(headers)}\n${body.toString('latin1')}`).not.toContain(share)
    await page.context().close()
  })

  it('takes a file that is dropped on the page', async () => {
    const to = newAddress()
    await sendHandWritten(to, 'Dropped')
    const html = (await newestMessageHtml(zegel, to)).toString('latin1')
    const page = await newReader()
    await page.goto(`${zegel.portalUrl}/open`)
    await page.getByLabel('Choose message.html').waitFor({ state: 'attached' })
    const transfer = await page.evaluateHandle(text => {
      const carried = new DataTransfer()
      const bytes = Uint8Array.from(text, character => character.charCodeAt(0))
      carried.items.add(new File([bytes], 'message.html', { type: 'text/html' }))
      return carried
    }, html)
    await page.dispatchEvent('main', 'drop', { dataTransfer: transfer })
    await passcodeButton(page).waitFor()
    await page.context().close()
  })
})

describe('a page that goes away in the middle', () => {
  it('goes on after a reload at every step', async () => {
    const to = newAddress()
    await sendHandWritten(to, 'Reloaded')
    const page = await newReader()
    await openNewest(page, zegel, to)
    await page.reload()
    await passcodeButton(page).click()
    const reference = await shownReference(page)
    await page.reload()
    expect(await shownReference(page)).toBe(reference)
    await passcodeField(page).fill(await readPasscode(zegel, to, reference))
    await page.getByRole('button', { name: 'Continue' }).click()
    await messageShown(page, 'Reloaded')
    await page.reload()
    await messageShown(page, 'Reloaded')
    await page.context().close()
  })

  it('goes on when the tab was away to look up the passcode and came back', async () => {
    const to = newAddress()
    await sendHandWritten(to, 'Dropped tab')
    const page = await newReader()
    await openNewest(page, zegel, to)
    await passcodeButton(page).click()
    const code = await readPasscode(zegel, to, await shownReference(page))
    await page.goto(`${zegel.mailboxUrl}/?to=${to}`)
    await page.goBack()
    await passcodeField(page).fill(code)
    await page.getByRole('button', { name: 'Continue' }).click()
    await messageShown(page, 'Dropped tab')
    await page.context().close()
  })

  it('asks for the file again in a tab that never had it, and says why', async () => {
    const page = await newReader()
    await page.goto(`${zegel.portalUrl}/read`)
    await page.getByText('This tab no longer holds a message').waitFor()
    await page.getByLabel('Choose message.html').waitFor({ state: 'attached' })
    await page.context().close()
  })

  it('leads Back from the passcode to the choice, and Forward to the passcode again', async () => {
    const to = newAddress()
    await sendHandWritten(to, 'Back and forth')
    const page = await newReader()
    await openNewest(page, zegel, to)
    await passcodeButton(page).click()
    const reference = await shownReference(page)
    await page.goBack()
    await passcodeButton(page).waitFor()
    await page.goForward()
    expect(await shownReference(page)).toBe(reference)
    await page.context().close()
  })
})
