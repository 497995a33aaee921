import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium } from '../../tests/support/browser.ts'
import { startTestInstallation } from '../../tests/support/test-installation.ts'
import type { TestInstallation } from '../../tests/support/test-installation.ts'
import { htmlMailOf, mailOf } from './mails.ts'
import { keepPageTimes } from './page-clock.ts'
import type { PageTimes } from './page-clock.ts'

/** Of the mails of `mailOf` and `htmlMailOf`. */
const subject = 'Figures of the third quarter'
const to = 'bob@example.org'
/** A slow machine, in a bench that nobody watches. */
const patienceMs = 120_000

/** Slower than this one: a phone on a mobile network. performance.md, P5 */
const slow = {
  cpuTimes: 4,
  network: {
    offline: false,
    latency: 150,
    downloadThroughput: 1.6e6 / 8,
    uploadThroughput: 1.6e6 / 8,
  },
}

/** A whole Zegel, one reader who is signed in, and one whom nobody knows. */
export interface ReaderWorld {
  readonly browser: Browser
  /** From the upload's end to the sign-in choice, on a slow machine and network. */
  choose(bytes: number): Promise<PageTimes>
  /** From the release of the key to the letter, for who is signed in. */
  open(bytes: number): Promise<PageTimes>
  /** The same of a letter that is so many bytes of HTML; until all of it is there. */
  openHtml(): Promise<PageTimes>
  close(): Promise<void>
}

export async function startReaderWorld(
  sizes: readonly number[],
  htmlBytes: number,
): Promise<ReaderWorld> {
  const zegel = await startTestInstallation()
  const files = new Map<number, string>()
  for (const bytes of sizes) files.set(bytes, await sealedFile(zegel, mailOf(bytes, `p5-${bytes}`)))
  const htmlFile = await sealedFile(zegel, htmlMailOf(htmlBytes, 'p5-html'))
  const browser = await launchChromium(zegel.front)
  const known = await newReader(browser)
  await signIn(zegel, known, fileOf(sizes[0]))
  return {
    browser,
    choose: bytes => withReader(browser, page => chooseSlowly(page, fileOf(bytes))),
    open: bytes => openPicked(zegel, known, fileOf(bytes)),
    openHtml: () => openPicked(zegel, known, htmlFile),
    async close() {
      await browser.close()
      await zegel.close()
    },
  }

  function fileOf(bytes: number | undefined): string {
    const file = files.get(bytes ?? 0)
    if (file === undefined) throw new Error(`no mail of ${bytes} bytes`)
    return file
  }
}

async function sealedFile(zegel: TestInstallation, raw: Buffer): Promise<string> {
  await zegel.send({ envelope: { from: 'alice@example.com', to }, raw })
  const [newest] = await zegel.listMails(to)
  const html = await zegel.attachment(newest?.id ?? '', 'message.html')
  const file = join(mkdtempSync(join(zegel.folder, 'p5-')), 'message.html')
  writeFileSync(file, html)
  return file
}

async function newReader(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'en', serviceWorkers: 'block' })
  context.setDefaultTimeout(patienceMs)
  await context.addInitScript(keepPageTimes, subject)
  return context
}

async function withReader<T>(browser: Browser, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await newReader(browser)
  try {
    return await work(await context.newPage())
  } finally {
    await context.close()
  }
}

async function signIn(zegel: TestInstallation, context: BrowserContext, file: string) {
  const page = await context.newPage()
  await page.goto(`file://${file}`)
  await page.getByRole('button', { name: 'Read the message' }).click()
  await page.getByRole('button', { name: 'Use a one-time passcode' }).click()
  const field = page.getByRole('textbox', { name: 'One-time passcode' })
  await field.waitFor()
  await field.fill(await newestPasscode(zegel))
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { level: 1, name: subject }).waitFor()
  await page.close()
}

async function newestPasscode(zegel: TestInstallation): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const mail = (await zegel.listMails(to)).find(one => one.subject.includes('passcode'))
    if (mail !== undefined) {
      const raw = await fetch(`${zegel.mailboxApi}/api/messages/${mail.id}/raw`)
      const code = /^(\d{8})\r?$/m.exec(await raw.text())?.[1]
      if (code !== undefined) return code
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('no passcode came')
}

async function chooseSlowly(page: Page, file: string): Promise<PageTimes> {
  await page.goto(`file://${file}`)
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', slow.network)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slow.cpuTimes })
  await page.getByRole('button', { name: 'Read the message' }).click()
  await page.getByRole('button', { name: 'Use a one-time passcode' }).waitFor()
  return timesOf(page)
}

/** By picking the file, as large ones are; small ones come in the same way here. */
async function openPicked(
  zegel: TestInstallation,
  context: BrowserContext,
  file: string,
): Promise<PageTimes> {
  const page = await context.newPage()
  try {
    await page.goto(`${zegel.portalUrl}/open`)
    await page.getByLabel('Choose message.html').setInputFiles(file)
    await page.getByRole('heading', { level: 1, name: subject }).waitFor()
    await page.locator('.body iframe').waitFor()
    await page.locator('.body[aria-busy]').waitFor({ state: 'detached' })
    // A task that blocks the page while the letter is drawn counts too.
    await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 500)))
    return await timesOf(page)
  } finally {
    await page.close()
  }
}

const timesOf = (page: Page): Promise<PageTimes> =>
  page.evaluate(() => (globalThis as unknown as { benchTimes(): PageTimes }).benchTimes())
