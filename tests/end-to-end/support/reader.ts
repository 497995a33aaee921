import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  FrameLocator,
  Locator,
  Page,
} from 'playwright-core'
import { patienceMs } from '../../support/patience.ts'
import type { ListedMail, TestInstallation } from '../../support/test-installation.ts'

/** What a person does to read a message, by the labels of contract.md. */

/** What is needed of an installation to read its mails. */
export type Mailboxes = Pick<TestInstallation, 'listMails' | 'attachment' | 'mailboxApi' | 'folder'>

/** A reader on a machine of their own: another browser profile. */
export async function newReaderIn(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ locale: 'en', ...options })
  context.setDefaultTimeout(patienceMs)
  return context.newPage()
}

/** An address that no other test has. */
export const newAddress = (name = 'bob'): string =>
  `${name}-${randomUUID().slice(0, 8)}@example.org`

/** The newest sealed mail of an address: the one that has message.html. */
export async function newestSealed(zegel: Mailboxes, to: string): Promise<ListedMail> {
  const mails = await zegel.listMails(to)
  const sealed = mails.find(({ subject }) => subject.startsWith('Protected message'))
  if (sealed === undefined) throw new Error(`no sealed mail for ${to}`)
  return sealed
}

/** message.html of the newest sealed mail of an address. */
export const newestMessageHtml = async (zegel: Mailboxes, to: string): Promise<Buffer> =>
  zegel.attachment((await newestSealed(zegel, to)).id, 'message.html')

/** Puts a file on the disk, as saving an attachment does; returns its path. */
export async function saveToDisk(
  zegel: Mailboxes,
  html: Buffer,
  name = 'message.html',
): Promise<string> {
  const file = join(await mkdtemp(join(zegel.folder, 'saved-')), name)
  await writeFile(file, html)
  return file
}

/** Opens message.html from the disk and presses its one button. */
export async function openFromDisk(page: Page, file: string): Promise<void> {
  await page.goto(`file://${file}`)
  await page.getByRole('button', { name: 'Read the message' }).click()
}

/** Saves the newest message of an address and opens it; ends at the choice of how to sign in, with all of it there. */
export async function openNewest(page: Page, zegel: Mailboxes, to: string): Promise<void> {
  await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, to)))
  await choiceShown(page)
}

/** The choice stands there before the rest of a posted message has come; the address tells when it has. */
export async function choiceShown(page: Page): Promise<void> {
  await passcodeButton(page).waitFor()
  await page.waitForURL(/\/read$/)
}

export const passcodeButton = (page: Page): Locator =>
  page.getByRole('button', { name: 'Use a one-time passcode' })

export const passcodeField = (page: Page): Locator =>
  page.getByRole('textbox', { name: 'One-time passcode' })

export const messageBody = (page: Page): FrameLocator =>
  page.frameLocator('iframe[title="Message body"]')

/** What dialogs say from now on, one after the other; each is dismissed. */
export function dialogsIn(context: BrowserContext): string[] {
  const said: string[] = []
  context.on('dialog', dialog => {
    said.push(dialog.message())
    dialog.dismiss().catch(() => undefined) // its page has been closed
  })
  return said
}

/** The reference code that the passcode page shows. */
export async function shownReference(page: Page): Promise<string> {
  await passcodeField(page).waitFor()
  const text = await page.getByRole('main').innerText()
  const reference = /\b[0-9A-Z]{2}-[0-9A-Z]{3}\b/.exec(text)?.[0]
  if (reference === undefined) throw new Error(`no reference on the page: ${text}`)
  return reference
}

/** Reads the passcode in the mailbox, from the mail with this reference. */
export async function readPasscode(
  zegel: Mailboxes,
  to: string,
  reference: string,
): Promise<string> {
  const find = async (): Promise<ListedMail | undefined> =>
    (await zegel.listMails(to)).find(({ subject }) => subject.includes(reference))
  await expect.poll(async () => (await find()) !== undefined).toBe(true)
  const answer = await fetch(`${zegel.mailboxApi}/api/messages/${(await find())?.id ?? ''}/raw`)
  const code = /^(\d{8})\r?$/m.exec(await answer.text())?.[1]
  if (code === undefined) throw new Error('no passcode in the mail')
  return code
}

/** Reads the passcode that the page waits for and enters it; ends when `Continue` is pressed. */
export async function enterPasscode(page: Page, zegel: Mailboxes, to: string): Promise<void> {
  const code = await readPasscode(zegel, to, await shownReference(page))
  await passcodeField(page).fill(code)
  await page.getByRole('button', { name: 'Continue' }).click()
}

/** Asks for a passcode, reads it and enters it; ends when `Continue` is pressed. */
export async function signInByPasscode(page: Page, zegel: Mailboxes, to: string): Promise<void> {
  await passcodeButton(page).click()
  await enterPasscode(page, zegel, to)
}

/** Waits for the message with this subject. */
export const messageShown = (page: Page, subject: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name: subject, exact: true }).waitFor()

/** Presses a button that downloads and returns name and bytes of the file. */
export async function downloaded(
  page: Page,
  button: Locator,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
}
