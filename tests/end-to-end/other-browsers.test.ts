import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { startDemo } from '../../src/server/commands/start-demo.ts'
import { axeFindings } from '../support/axe.ts'
import { hasFirefox, launchFirefox, withoutFirefox } from '../support/firefox.ts'
import { freePort } from '../support/free-port.ts'
import type { ListedMail, TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import {
  messageBody,
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  openNewest,
  saveToDisk,
  signInByPasscode,
} from './support/reader.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))

const sendTo = (to: string): Promise<void> =>
  zegel.send({ from: 'alice@example.com', to, subject: 'Hello', text: 'Read anywhere.' })

describe('a browser without scripts', () => {
  it('is told what is missing, by message.html and by the portal, at both doors', async () => {
    const to = newAddress()
    await sendTo(to)
    const page = await newReaderIn(browser, { javaScriptEnabled: false })
    await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, to)))
    for (const path of ['', '/open', '/read']) {
      if (path !== '') await page.goto(`${zegel.portalUrl}${path}`)
      await page
        .getByText(/JavaScript|script/i)
        .first()
        .waitFor()
    }
    await page.context().close()
  })
})

describe('a browser that names its language as nobody does', () => {
  it('reads the message all the same', async () => {
    const to = newAddress()
    await sendTo(to)
    const page = await newReaderIn(browser)
    await page.addInitScript(() =>
      Object.defineProperty(navigator, 'languages', { value: ['en-US@posix', 'en'] }),
    )
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Hello')
    await page.context().close()
  })
})

describe('a phone', () => {
  it('reads a message with a finger, in a narrow window, without scrolling sideways', async () => {
    const to = newAddress()
    await sendTo(to)
    const page = await newReaderIn(browser, {
      viewport: { width: 360, height: 640 },
      deviceScaleFactor: 3,
      isMobile: true,
      hasTouch: true,
    })
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Hello')
    expect(await messageBody(page).locator('body').innerText()).toContain('Read anywhere.')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    const small = await page.getByRole('button').evaluateAll(buttons =>
      buttons
        .map(button => button.getBoundingClientRect())
        .filter(({ height, width }) => width > 0 && (height < 44 || width < 44))
        .map(({ height, width }) => `${width} × ${height}`),
    )
    expect(small).toEqual([])
    expect(await axeFindings(page)).toEqual([])
    await page.context().close()
  })
})

describe.skipIf(!hasFirefox)(`Firefox${withoutFirefox}`, () => {
  it('reads the demo’s first message, from message.html on the disk to the text', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zegel-demo-'))
    const [portal, smtp, mailbox, provider] = await Promise.all([1, 2, 3, 4].map(() => freePort()))
    const ports = {
      portal: portal ?? 0,
      smtp: smtp ?? 0,
      mailbox: mailbox ?? 0,
      provider: provider ?? 0,
    }
    const demo = await startDemo({ folder, ports, terminal: { stderr: process.stderr } })
    const firefox = await launchFirefox()
    const mails = async (): Promise<readonly ListedMail[]> =>
      (await (
        await fetch(`${demo.mailboxUrl}/api/messages?to=bob@example.org`)
      ).json()) as ListedMail[]
    try {
      const [first] = await mails()
      const attachment = `${demo.mailboxUrl}/api/messages/${first?.id ?? ''}/attachments/message.html`
      const file = join(folder, 'message.html')
      await writeFile(file, Buffer.from(await (await fetch(attachment)).arrayBuffer()))
      await firefox.goTo(`file://${file}`)
      await firefox.evaluate('void document.querySelector("button").click()')
      const button =
        '[...document.querySelectorAll("button")].find(one => one.innerText.includes("one-time passcode"))'
      await firefox.until(`${button} !== undefined`)
      await firefox.until(`location.href === "http://localhost:${ports.portal}/read"`)
      await firefox.evaluate(`void ${button}.click()`)
      await firefox.until('document.activeElement.id === "passcode"')
      await expect.poll(async () => (await mails()).length).toBe(2)
      const [passcode] = await mails()
      const raw = await fetch(`${demo.mailboxUrl}/api/messages/${passcode?.id ?? ''}/raw`)
      await firefox.type(`${/^(\d{8})\r?$/m.exec(await raw.text())?.[1] ?? ''}\uE007`)
      await firefox.until(
        'document.querySelector("h1")?.innerText === "Your first protected message"',
      )
      await firefox.until(
        'document.querySelector("iframe")?.contentDocument?.images[0]?.naturalWidth > 0',
      )
      const text = await firefox.evaluate(
        'document.querySelector("iframe").contentDocument.body.innerText',
      )
      expect(text).toContain('Dear Bob')
      expect(await firefox.evaluate('document.body.innerText')).toContain('verified')
    } finally {
      await firefox.close()
      await demo.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
})
