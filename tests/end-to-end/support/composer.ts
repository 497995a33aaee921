import type { Locator, Page } from 'playwright-core'
import {
  enterPasscode,
  newestMessageHtml,
  openFromDisk,
  passcodeButton,
  saveToDisk,
} from './reader.ts'
import type { Mailboxes } from './reader.ts'

/** What a person does to answer in the portal, by the words of the page. */

export interface PickedFile {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** What is larger is not posted: the page asks for the file. protocol.md §2 */
const maxPostedBytes = 8 * 1024 * 1024

/** Opens the newest sealed mail of an address; one that the session of this browser opens is shown then. */
export async function openNewestOf(page: Page, zegel: Mailboxes, to: string): Promise<void> {
  const html = await newestMessageHtml(zegel, to)
  const file = await saveToDisk(zegel, html)
  await openFromDisk(page, file)
  if (html.length > maxPostedBytes) await page.getByLabel('Choose message.html').setInputFiles(file)
}

/** Opens the newest sealed mail of one of several recipients, with a passcode. */
export async function readAmongSeveral(page: Page, zegel: Mailboxes, to: string): Promise<void> {
  await openNewestOf(page, zegel, to)
  await passcodeButton(page).click()
  await page.getByRole('heading', { name: 'Which address is yours?' }).waitFor()
  await page.locator('label', { hasText: `${to.slice(0, 1)}•••@` }).click()
  await page.getByRole('button', { name: 'Send the passcode' }).click()
  await enterPasscode(page, zegel, to)
}

export const writtenField = (page: Page): Locator =>
  page.getByRole('textbox', { name: 'Your text' })

/** From the letter's toolbar. */
export async function beginAnswer(
  page: Page,
  kind: 'Reply' | 'Reply all' | 'Forward',
): Promise<void> {
  await page.getByRole('button', { name: kind, exact: true }).click()
  await writtenField(page).waitFor()
}

export async function attach(page: Page, file: PickedFile): Promise<void> {
  await page.locator('#add-files').setInputFiles(file)
  await page.getByRole('button', { name: `Remove: ${file.name}` }).waitFor()
}

export const pressSend = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Send', exact: true }).click()

export async function sendAnswer(page: Page): Promise<void> {
  await pressSend(page)
  await page.getByRole('heading', { name: 'Your message was sent' }).waitFor()
}
