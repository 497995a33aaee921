import { describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { sendFirstMessage } from '../../src/server/demo/first-message.ts'
import { axeFindings } from '../support/axe.ts'
import type { TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import {
  dialogsIn,
  messageBody,
  messageShown,
  newAddress,
  newReaderIn,
  passcodeField,
  passcodeButton,
  shownReference,
} from './support/reader.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))

const mailboxOf = (page: Page, address: string) =>
  page.getByRole('navigation', { name: 'Whose mailbox' }).getByRole('link', { name: address })
const entries = (page: Page) => page.locator('#list li a')

async function compose(
  page: Page,
  mail: { from?: string; to: string; subject: string; text: string },
) {
  await page.getByRole('link', { name: 'New mail' }).click()
  if (mail.from !== undefined) await page.getByLabel('From').fill(mail.from)
  await page.getByLabel('To', { exact: true }).fill(mail.to)
  await page.getByLabel('Subject').fill(mail.subject)
  await page.getByLabel('Text', { exact: true }).fill(mail.text)
  await page
    .getByLabel('Attachments')
    .setInputFiles({ name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from('eggs') })
  await page.getByRole('button', { name: 'Send' }).click()
}

describe('the mailbox of everyone', () => {
  it('shows a newcomer both sides: write, find it sealed, open it, look up the code, read', async () => {
    const to = newAddress()
    const page = await newReaderIn(browser)
    await page.goto(zegel.mailboxUrl)
    await compose(page, { to, subject: 'Shopping', text: 'Please bring eggs.' })
    await page.getByText('The gateway has passed the mail on.').waitFor()
    await mailboxOf(page, to).click()
    await entries(page).first().click()
    const [letter] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Open message.html' }).click(),
    ])
    await letter.getByRole('button', { name: 'Read the message' }).click()
    await passcodeButton(letter).click()
    const reference = await shownReference(letter)
    // The list fills by itself.
    await entries(page).filter({ hasText: reference }).click()
    const code = /^\d{8}$/m.exec(await page.locator('pre').innerText())?.[0] ?? ''
    await passcodeField(letter).fill(code)
    await letter.getByRole('button', { name: 'Continue' }).click()
    await messageShown(letter, 'Shopping')
    expect(await messageBody(letter).locator('body').innerText()).toContain('Please bring eggs.')
    await letter.getByRole('button', { name: 'Download list.txt' }).waitFor()
    await page.context().close()
  })

  it('has a first message, with a picture in its text and a file', async () => {
    await sendFirstMessage({ gateway: zegel.smtp })
    const page = await newReaderIn(browser)
    await page.goto(`${zegel.mailboxUrl}/?to=bob@example.org`)
    await entries(page).first().click()
    await page.getByRole('link', { name: 'Open message.html' }).waitFor()
    expect(await page.locator('h1').innerText()).toContain('Alice de Vries')
    await page.context().close()
  })

  it('says in the gateway’s own words why it refused a mail, and keeps what was written', async () => {
    const page = await newReaderIn(browser)
    await page.goto(zegel.mailboxUrl)
    await compose(page, {
      from: 'mallory@elsewhere.test',
      to: newAddress(),
      subject: 'Kept',
      text: 'I am not of example.com.',
    })
    await page
      .getByRole('alert')
      .getByText(/^5\d\d /)
      .waitFor()
    expect(await page.getByLabel('Subject').inputValue()).toBe('Kept')
    await page.context().close()
  })

  it('passes mail among colleagues on as it is, and shows its text', async () => {
    const page = await newReaderIn(browser)
    await page.goto(zegel.mailboxUrl)
    const to = newAddress('carol').replace('example.org', 'example.com')
    await compose(page, { to, subject: 'Lunch', text: 'At one?' })
    await mailboxOf(page, to).click()
    await entries(page).first().click()
    expect(await page.locator('pre').innerText()).toContain('At one?')
    await page.getByRole('link', { name: 'Source' }).click()
    expect(await page.locator('pre').innerText()).toContain('Subject: Lunch')
    await page.context().close()
  })

  it('deletes one mail, and after asking all of one person', async () => {
    const to = newAddress()
    for (const subject of ['One', 'Two', 'Three'])
      await zegel.send({ from: 'alice@example.com', to, subject, text: subject })
    const page = await newReaderIn(browser)
    await page.goto(`${zegel.mailboxUrl}/?to=${to}`)
    expect(await entries(page).count()).toBe(3)
    await entries(page).first().click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await expect.poll(() => entries(page).count()).toBe(2)
    await page.getByText('Delete all', { exact: true }).click()
    await page.getByRole('button', { name: 'Delete all mail' }).click()
    await page.getByText('No mail yet').waitFor()
    await page.context().close()
  })

  it('gives axe nothing to find, and fits every window, light and dark', async () => {
    const [to, colleague] = [newAddress(), 'dave@example.com']
    const messageId = `<${to}>`
    for (const more of [
      { messageId, to: colleague },
      { references: messageId, to: [to, colleague] },
    ])
      await zegel.send({ from: 'alice@example.com', subject: 'Hello', text: 'Hi', ...more })
    const page = await newReaderIn(browser)
    for (const path of [
      `/?to=${to}`,
      '/?to=nobody@example.org',
      '/compose',
      `/?to=${to}&lang=nl`,
    ]) {
      await page.goto(`${zegel.mailboxUrl}${path}`)
      await isSound(page, path)
    }
    await entries(page).first().click()
    for (const form of ['Opgemaakt', 'Platte tekst', 'Bron']) {
      await page.getByRole('link', { name: form }).click()
      await isSound(page, form)
    }
    await page.goto(`${zegel.mailboxUrl}/?to=${colleague}&lang=nl`)
    await entries(page).first().click()
    await page.getByRole('navigation', { name: 'Gesprek' }).waitFor()
    await isSound(page, 'one of a conversation')
    await page.getByRole('link', { name: 'Allen beantwoorden' }).click()
    await isSound(page, 'an answer')
    await page.context().close()
  })
})

/** Axe sees both colours and both ends of the widths; the last is how a page is left for the next step: a phone. */
const looks = [
  { colorScheme: 'dark', width: 1400, axe: false },
  { colorScheme: 'light', width: 1400, axe: true },
  { colorScheme: 'light', width: 800, axe: false },
  { colorScheme: 'dark', width: 800, axe: false },
  { colorScheme: 'light', width: 320, axe: false },
  { colorScheme: 'dark', width: 320, axe: true },
] as const

async function isSound(page: Page, state: string): Promise<void> {
  await page.waitForLoadState()
  for (const { colorScheme, width, axe } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 700 })
    const look = `${state}, ${colorScheme}, ${width} px`
    if (axe) expect.soft(await axeFindings(page), look).toEqual([])
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect.soft(overflow, `${look}: wider than the window`).toBeLessThanOrEqual(0)
  }
}

describe('threat: a mail that attacks the mailbox', () => {
  it('runs no script of a mail, loads nothing, and gives an opened file no access to the mailbox', async () => {
    const to = 'victim@example.com'
    const attack =
      '<script>alert(1)</script><img src="https://leaking.via/x.png" onerror="alert(2)">' +
      `<form id="f" method="post" action="${zegel.mailboxUrl}/clear"><button>Win</button></form>`
    await zegel.send({
      from: 'alice@example.com',
      to,
      subject: '<img src=x onerror=alert(3)>',
      text: '<script>alert(4)</script>',
      html: attack,
      attachments: [
        { filename: 'attack.html', content: attack, contentType: 'text/html' },
        { filename: '<img src=x onerror=alert(5)>.html', content: attack },
      ],
    })
    const page = await newReaderIn(browser)
    const dialogs = dialogsIn(page.context())
    zegel.front.clear()
    await page.goto(`${zegel.mailboxUrl}/?to=${to}`)
    await entries(page).first().click()
    await page.waitForLoadState('networkidle')
    for (const form of ['Plain text', 'Source'])
      await page.getByRole('link', { name: form }).click()
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Open attack.html' }).click(),
    ])
    await opened.getByRole('button', { name: 'Win' }).click()
    await opened.getByText('The request came from another site.').waitFor()
    expect(dialogs).toEqual([])
    expect(zegel.front.strays).toEqual([])
    expect((await zegel.listMails(to)).length).toBe(1)
    await page.context().close()
  })
})
