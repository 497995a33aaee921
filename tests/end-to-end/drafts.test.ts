import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import {
  attach,
  beginAnswer,
  openNewestOf,
  pressSend,
  sendAnswer,
  writtenField,
} from './support/composer.ts'
import { inInstallation } from './support/in-installation.ts'
import {
  messageShown,
  newAddress,
  newReaderIn,
  openNewest,
  passcodeButton,
  signInByPasscode,
} from './support/reader.ts'
import type { TestInstallation } from '../support/test-installation.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))

const from = 'alice@example.com'
/** Long enough to tell by its length whether it is kept. */
const words = `The answer ${randomUUID()} ${'goes on '.repeat(250)}and ends.`
const file = {
  name: 'plan.bin',
  mimeType: 'application/octet-stream',
  buffer: Buffer.alloc(70_000, 'plan '),
}

/** What this browser keeps: bytes by the part of the name that tells what it is; and all of it as text. */
async function kept(
  page: Page,
): Promise<{ readonly lengths: Record<string, number>; readonly text: string }> {
  return page.evaluate(async () => {
    const opening = indexedDB.open('zegel', 1)
    await new Promise(resolve => opening.addEventListener('success', resolve))
    const store = opening.result.transaction('envelopes').objectStore('envelopes')
    const [keys, values] = [store.getAllKeys(), store.getAll()]
    await new Promise(resolve => values.addEventListener('success', resolve))
    opening.result.close()
    const lengths: Record<string, number> = {}
    let text = JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)])
    for (const [at, value] of (values.result as unknown[]).entries()) {
      const [, name = 'message'] = (keys.result[at] as string).split('/')
      const bytes = value instanceof Uint8Array ? value : new Uint8Array()
      lengths[name.replace(/-.*/, '')] = bytes.length
      text += new TextDecoder('latin1').decode(bytes)
    }
    return { lengths, text }
  })
}

async function reads(to: string, subject: string): Promise<Page> {
  await zegel.send({ from, to, subject, text: 'Please answer.' })
  const page = await newReaderIn(browser)
  await openNewest(page, zegel, to)
  await signInByPasscode(page, zegel, to)
  await messageShown(page, subject)
  return page
}

/** Resolves when all of it is kept. */
async function writes(page: Page): Promise<void> {
  await beginAnswer(page, 'Reply')
  await attach(page, file)
  await writtenField(page).click()
  await page.keyboard.insertText(words)
  await expect
    .poll(async () => (await kept(page)).lengths['draft'] ?? 0)
    .toBeGreaterThan(words.length)
}

async function draftShown(page: Page): Promise<void> {
  await writtenField(page).getByText(words).waitFor()
  await page.getByRole('button', { name: `Remove: ${file.name}` }).waitFor()
}

it('a draft is kept encrypted to the last word; a reload, another page, an ended session and a refused sending lose nothing of it', async () => {
  const to = newAddress()
  const page = await reads(to, 'Draft')
  await writes(page)
  const { text, lengths } = await kept(page)
  expect(lengths).toMatchObject({ file: file.buffer.length + 28 })
  for (const secret of [words.slice(0, 40), 'plan plan', to, from])
    expect(text).not.toContain(secret)

  await page.keyboard.type(' Last words')
  await page.reload()
  await draftShown(page)
  expect(await writtenField(page).innerText()).toContain('Last words')
  expect((await kept(page)).text).not.toContain('Last words')
  await page.goto(new URL('/privacy', page.url()).href)
  await page.goBack()
  await draftShown(page)

  await page.context().clearCookies()
  await pressSend(page)
  await page.getByRole('button', { name: 'Sign in again' }).click()
  await passcodeButton(page).waitFor()
  await signInByPasscode(page, zegel, to)
  await draftShown(page)
  await sendAnswer(page)

  expect((await kept(page)).lengths).toEqual({ message: 0 })
  const items = await page.evaluate(() => Object.keys(sessionStorage))
  expect(items.filter(item => /draft|last/.test(item))).toEqual([])
  const answers = (await zegel.listMails(from)).filter(({ subject }) => subject === 'Re: Draft')
  expect(answers).toHaveLength(1)
  await page.context().close()
})

it('signing out in another tab deletes the draft', async () => {
  const to = newAddress()
  const page = await reads(to, 'Signed out')
  await writes(page)
  const other = await page.context().newPage()
  await openNewestOf(other, zegel, to)
  await other.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
  await expect.poll(async () => (await kept(page)).lengths).toEqual({})
  expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([])
  await page.context().close()
})
