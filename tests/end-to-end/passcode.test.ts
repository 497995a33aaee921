import { describe, expect, it } from 'vitest'
import type { Browser, Page, Response } from 'playwright-core'
import type { TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import {
  messageBody,
  messageShown,
  newAddress,
  newReaderIn,
  openNewest,
  passcodeButton,
  passcodeField,
  readPasscode,
  shownReference,
  signInByPasscode,
} from './support/reader.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))

const sendTo = (to: string, more: { cc?: string; bcc?: string } = {}): Promise<void> =>
  zegel.send({ from: 'alice@example.com', to, ...more, subject: 'Private', text: 'For you alone.' })

const masked = (address: string): string => `${address[0] ?? ''}•••@${address.split('@')[1] ?? ''}`
const continueButton = (page: Page) => page.getByRole('button', { name: 'Continue' })
const sendButton = (page: Page) => page.getByRole('button', { name: 'Send the passcode' })

/** Another code than the right one. */
const wrongCode = (right: string): string =>
  String((Number(right) + 1) % 100_000_000).padStart(8, '0')

describe('several recipients', () => {
  it('asks which masked address is the reader’s, and sends the passcode there alone', async () => {
    const [bob, carol] = [newAddress('bob'), newAddress('carol')]
    // Two that look alike when part of them is hidden are not asked for: nobody knows which is theirs.
    await sendTo(`${bob}, ${newAddress('dan')}, ${carol}, ${newAddress('dan')}`)
    const page = await newReaderIn(browser)
    await openNewest(page, zegel, bob)
    await passcodeButton(page).click()
    await page.getByRole('heading', { name: 'Which address is yours?' }).waitFor()
    expect(await page.getByRole('radio').count()).toBe(2)
    await page.locator('label', { hasText: masked(carol) }).click()
    await sendButton(page).click()
    const reference = await shownReference(page)
    await passcodeField(page).fill(await readPasscode(zegel, carol, reference))
    await continueButton(page).click()
    await messageShown(page, 'Private')
    const bobs = await zegel.listMails(bob)
    expect(bobs.filter(({ subject }) => subject.includes(reference))).toEqual([])
    await page.context().close()
  })

  it('never shows or returns who was in Bcc, and lets them in by typing their address', async () => {
    const [bob, dave] = [newAddress('bob'), newAddress('dave')]
    await sendTo(bob, { bcc: dave })
    const page = await newReaderIn(browser)
    const answers: Promise<string>[] = []
    const keepAnswer = (response: Response) => {
      const { pathname } = new URL(response.url())
      // A body may be gone with its page; that of `describe`, the one that counts, is looked for below.
      if (pathname.startsWith('/api/')) answers.push(response.text().catch(() => ''))
    }
    page.on('response', keepAnswer)
    await openNewest(page, zegel, dave)
    page.off('response', keepAnswer)
    const before = [await page.content(), ...(await Promise.all(answers))].join('\n')
    expect(before).toContain('"masked"')
    expect(before).not.toContain(dave)
    expect(before).not.toContain(masked(dave))
    await passcodeButton(page).click()
    await page.getByRole('button', { name: 'Choose another address' }).click()
    await page.getByLabel('Another address').fill(dave.toUpperCase())
    await sendButton(page).click()
    await passcodeField(page).fill(await readPasscode(zegel, dave, await shownReference(page)))
    await continueButton(page).click()
    await messageShown(page, 'Private')
    expect(await messageBody(page).locator('body').innerText()).toContain('For you alone.')
    await page.context().close()
  })

  it('answers a stranger as it answers a recipient, and sends the stranger nothing', async () => {
    const [bob, dave, stranger] = [newAddress('bob'), newAddress('dave'), newAddress('dora')]
    await sendTo(bob, { bcc: dave })
    const shown: string[] = []
    for (const address of [dave, stranger]) {
      const page = await newReaderIn(browser)
      await openNewest(page, zegel, bob)
      await passcodeButton(page).click()
      await page.getByRole('button', { name: 'Choose another address' }).click()
      await page.getByLabel('Another address').fill(address)
      await sendButton(page).click()
      const reference = await shownReference(page)
      const text = await page.getByRole('main').innerText()
      shown.push(text.replaceAll(reference, 'REFERENCE').replaceAll(/\d+ seconds|\d+:\d+/g, 'TIME'))
      await page.context().close()
    }
    expect(shown[1]).toBe(shown[0])

    await expect.poll(async () => (await zegel.listMails(dave)).length).toBe(2)
    expect(await zegel.listMails(stranger)).toEqual([])
  })

  it('says what is wrong with something that is no address', async () => {
    const bob = newAddress()
    await sendTo(`${bob}, ${newAddress('carol')}`)
    const page = await newReaderIn(browser)
    await openNewest(page, zegel, bob)
    await passcodeButton(page).click()
    await sendButton(page).click()
    await page.getByText('Choose your address, or type it.').waitFor()
    await page.getByLabel('Another address').fill('not an address')
    await sendButton(page).click()
    await page.getByText('This is not an email address.').waitFor()
    await page.context().close()
  })
})

describe('passcodes', () => {
  it('refuses a wrong passcode, counts the tries, and refuses the right one after the fifth', async () => {
    const bob = newAddress()
    await sendTo(bob)
    const page = await newReaderIn(browser)
    await openNewest(page, zegel, bob)
    await passcodeButton(page).click()
    const right = await readPasscode(zegel, bob, await shownReference(page))
    for (const left of [
      '4 tries left',
      '3 tries left',
      '2 tries left',
      '1 try left',
      'No try left',
    ]) {
      await passcodeField(page).fill(wrongCode(right))
      await continueButton(page).click()
      await page.getByRole('alert').filter({ hasText: left }).waitFor()
    }
    await passcodeField(page).fill(right)
    await continueButton(page).click()
    await page.getByRole('main').getByText('Ask for a new one').first().waitFor()
    expect(await page.locator('iframe').count()).toBe(0)
    expect(await page.getByRole('heading', { name: 'Private' }).count()).toBe(0)
    await page.context().close()
  })

  it('takes a passcode that is written with spaces', async () => {
    const bob = newAddress()
    await sendTo(bob)
    const page = await newReaderIn(browser)
    await openNewest(page, zegel, bob)
    await passcodeButton(page).click()
    const code = await readPasscode(zegel, bob, await shownReference(page))
    await passcodeField(page).fill(` ${code.slice(0, 4)} ${code.slice(4)} `)
    await continueButton(page).click()
    await messageShown(page, 'Private')
    await page.context().close()
  })

  it('refuses a passcode that was asked for in another browser', async () => {
    const bob = newAddress()
    await sendTo(bob)
    const [mine, others] = [await newReaderIn(browser), await newReaderIn(browser)]
    await openNewest(others, zegel, bob)
    await passcodeButton(others).click()
    const otherCode = await readPasscode(zegel, bob, await shownReference(others))
    await openNewest(mine, zegel, bob)
    await passcodeButton(mine).click()
    await shownReference(mine)
    await passcodeField(mine).fill(otherCode)
    await continueButton(mine).click()
    await mine.getByRole('alert').filter({ hasText: 'That is not the passcode' }).waitFor()
    await Promise.all([mine, others].map(page => page.context().close()))
  })

  it('refuses challenge and passcode together when they are replayed from another browser', async () => {
    const bob = newAddress()
    await sendTo(bob)
    const [mine, thief] = [await newReaderIn(browser), await newReaderIn(browser)]
    await openNewest(mine, zegel, bob)
    const challenge = await askForPasscode(mine)
    const code = await readPasscode(zegel, bob, await shownReference(mine))
    await thief.goto(`${zegel.portalUrl}/open`)
    expect(await verify(thief, { challenge, code })).toMatchObject({ ok: false })
    await passcodeField(mine).fill(code)
    await continueButton(mine).click()
    await messageShown(mine, 'Private')
    await Promise.all([mine, thief].map(page => page.context().close()))
  })

  it('refuses a passcode the second time', async () => {
    const bob = newAddress()
    await sendTo(bob)
    const page = await newReaderIn(browser)
    await openNewest(page, zegel, bob)
    const challenge = await askForPasscode(page)
    const code = await readPasscode(zegel, bob, await shownReference(page))
    await passcodeField(page).fill(code)
    await continueButton(page).click()
    await messageShown(page, 'Private')
    expect(await verify(page, { challenge, code })).toEqual({ ok: false, code: 'passcode-used' })
    await page.context().close()
  })

  it('replaces the passcode by a new one on request, with a reference of its own', async () => {
    const bob = newAddress()
    await sendTo(bob)
    const page = await newReaderIn(browser)
    await page.clock.install()
    await openNewest(page, zegel, bob)
    await passcodeButton(page).click()
    const first = await shownReference(page)
    await readPasscode(zegel, bob, first)
    await page.clock.fastForward(61_000)
    await page.getByRole('button', { name: 'Send a new passcode' }).click()
    await page.getByText(first).waitFor({ state: 'detached' })
    const second = await shownReference(page)
    expect(second).not.toBe(first)
    await passcodeField(page).fill(await readPasscode(zegel, bob, second))
    await continueButton(page).click()
    await messageShown(page, 'Private')
    await page.context().close()
  })
})

describe('another person’s session', () => {
  it('does not open a message to someone else, and offers to sign in with the right address', async () => {
    const [bob, carol] = [newAddress('bob'), newAddress('carol')]
    await sendTo(bob)
    await sendTo(carol)
    const page = await newReaderIn(browser)
    await openNewest(page, zegel, bob)
    await signInByPasscode(page, zegel, bob)
    await messageShown(page, 'Private')
    await openNewest(page, zegel, carol)
    expect(await page.locator('iframe').count()).toBe(0)
    await signInByPasscode(page, zegel, carol)
    await messageShown(page, 'Private')
    await page.context().close()
  })
})

/** Presses the button and returns the challenge that the portal answers with. */
async function askForPasscode(page: Page): Promise<string> {
  const [answer] = await Promise.all([
    page.waitForResponse(response => response.url().endsWith('/api/passcodes')),
    passcodeButton(page).click(),
  ])
  return ((await answer.json()) as { challenge: string }).challenge
}

/** Hands in a passcode as the page does, from the page's own origin. */
function verify(
  page: Page,
  { challenge, code }: { challenge: string; code: string },
): Promise<{ ok: boolean; code?: string }> {
  return page.evaluate(
    async body => {
      const answer = await fetch('/api/passcodes/verify', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (answer.ok) return { ok: true }
      const problem = (await answer.json()) as { code: string }
      return { ok: false, code: problem.code }
    },
    { challenge, code, privateComputer: false },
  )
}
