import { readFile } from 'node:fs/promises'
import { globSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Browser, Locator, Page } from 'playwright-core'
import { axeFindings } from '../support/axe.ts'
import type { ListedMail, TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import { letterOfMany } from './support/letter-of-many.ts'
import {
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  openNewest,
  readPasscode,
  saveToDisk,
} from './support/reader.ts'

let zegel: TestInstallation
let browser: Browser
const hospital = 'مستشفى المدينة'
inInstallation(shared => ({ zegel, browser } = shared), {
  config: {
    organisations: [
      { id: 'example', name: 'Example', domains: ['example.com'] },
      { id: 'arabic', name: hospital, domains: ['arabic.example'], locale: 'ar' },
    ],
  },
})

const subject = 'Results of your examination on 18 November'
async function sealedTo(to: string): Promise<string> {
  await zegel.send({ from: 'Alice de Vries <alice@example.com>', to, subject, text: 'All good.' })
  return saveToDisk(zegel, await newestMessageHtml(zegel, to))
}
const referenceForm = /\b[0-9A-Z]{2}-[0-9A-Z]{3}\b/

/** Asks for a passcode with the button that is so called; returns the reference that the page shows. */
async function askFor(page: Page, button: string): Promise<string> {
  await page.getByRole('button', { name: button }).click()
  await page.getByText(referenceForm).first().waitFor()
  return referenceForm.exec(await page.getByRole('main').innerText())?.[0] ?? ''
}

async function mailWith(to: string, reference: string): Promise<ListedMail | undefined> {
  const find = async (): Promise<ListedMail | undefined> =>
    (await zegel.listMails(to)).find(({ subject }) => subject.includes(reference))
  await expect.poll(find).toBeDefined()
  return find()
}

/** A mail in another writing comes as Base64; its code is a line of its own, in digits that every keyboard has. */
async function passcodeIn(id: string): Promise<string> {
  const answer = await fetch(`${zegel.mailboxApi}/api/messages/${id}/raw`)
  const [, body = ''] = (await answer.text()).split('\r\n\r\n')
  const text = Buffer.from(body, 'base64').toString()
  expect(text).toContain('\u2068')
  const code = /^(\d{8})\r?$/m.exec(text)?.[1]
  if (code === undefined) throw new Error(`no passcode in the mail: ${text}`)
  return code
}

/** Where the letters of a text stand on the screen: true when each is to the right of the one before. */
function readsLeftToRight(words: Locator, part: string): Promise<boolean> {
  return words.evaluate((element, searched) => {
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
      const start = (node.textContent ?? '').indexOf(searched)
      if (start === -1) continue
      const places = Array.from(searched, (_, i) => {
        const range = document.createRange()
        range.setStart(node, start + i)
        range.setEnd(node, start + i + 1)
        return range.getBoundingClientRect()
      })
      return places.every((place, i) => {
        const before = places[i - 1]
        return before === undefined || place.top > before.top + 1 || place.left > before.left
      })
    }
    throw new Error(`no ${searched}`)
  }, part)
}

describe('for who reads from right to left', () => {
  it('the whole way is in Arabic; codes, addresses and file names keep their direction', async () => {
    const to = newAddress()
    await zegel.send({ envelope: { from: 'alice@example.com', to }, raw: letterOfMany(to) })
    const page = await newReaderIn(browser, { locale: 'ar' })
    const main = page.getByRole('main')
    await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, to)))
    await page.getByRole('heading', { name: 'رسالة من' }).waitFor()
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
    expect(await readsLeftToRight(main, 'b•••@example.org')).toBe(true)
    const reference = await askFor(page, 'استخدام رمز لمرة واحدة')
    expect(await readsLeftToRight(main, reference)).toBe(true)
    const mail = await mailWith(to, reference)
    const code = await passcodeIn(mail?.id ?? '')
    expect(withoutMarks(mail?.subject)).toBe(`رمزك لمرة واحدة، المرجع ${reference}`)

    // As an Arabic keyboard writes digits.
    const typed = code.replaceAll(/\d/g, digit => String.fromCodePoint(0x660 + Number(digit)))
    await page.locator('#passcode').fill(typed)
    await page.keyboard.press('Enter')
    await messageShown(page, 'A letter of many parts')
    await page.getByRole('button', { name: 'معاينة pixel.png' }).waitFor()
    expect(await readsLeftToRight(main, 'pixel.png')).toBe(true)
    expect(await readsLeftToRight(page.locator('.verified'), 'alice@example.com')).toBe(true)

    const place = page.locator('.card-rows dd', { hasText: 'Room 1' })
    expect(await place.evaluate(one => getComputedStyle(one).direction)).toBe('ltr')
    expect(await place.evaluate(one => getComputedStyle(one).textAlign)).toBe('right')

    const letter = page.locator('.body iframe').first()
    expect(await directionOf(letter.contentFrame().locator('p').first())).toBe('ltr')
    const mirrored = 'matrix(-1, 0, 0, 1, 0, 0)'
    const transform = (icon: Locator) => icon.evaluate(one => getComputedStyle(one).transform)
    expect(await transform(page.locator('.bar .icon').first())).toBe(mirrored)
    expect(await transform(page.locator('.headline .seal'))).toBe('none')
    expect(await transform(page.locator('.verified .icon'))).toBe('none')
    await page.context().close()
  })

  it('a name is not torn apart by the sentence it stands in', async () => {
    const to = newAddress()
    await zegel.send({ from: '"Alice & Co!" <alice@example.com>', to, subject, text: 'All good.' })
    const page = await newReaderIn(browser, { locale: 'ar' })
    await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, to)))
    const heading = page.getByRole('heading', { name: 'رسالة من' })
    await heading.waitFor()
    expect(await readsLeftToRight(heading, 'Co!')).toBe(true)
    await page.context().close()
  })

  it('message.html and the mail around it begin in Arabic and go on in English', async () => {
    const to = newAddress()
    await zegel.send({ from: 'alice@arabic.example', to, subject, text: 'All good.' })
    const [mail] = await zegel.listMails(to)
    expect(withoutMarks(mail?.subject)).toBe('رسالة محمية من alice@arabic.example')
    const page = await newReaderIn(browser)
    const html = await zegel.attachment(mail?.id ?? '', 'message.html')
    await page.goto(`file://${await saveToDisk(zegel, html)}`)
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
    expect(await directionOf(page.locator('h2'))).toBe('ltr')
    expect(await readsLeftToRight(page.locator('h1'), 'alice@arabic.example')).toBe(true)
    expect(await readsLeftToRight(page.locator('section.soft').first(), 'portal.zegel.test')).toBe(
      true,
    )
    await page.goto(`${zegel.mailboxUrl}/messages/${mail?.id ?? ''}?view=formatted`)
    const around = page.locator('iframe.body').contentFrame()
    const brand = around.getByText(hospital, { exact: true }).locator('xpath=..')
    expect(await brand.evaluate(one => getComputedStyle(one).borderRightWidth)).toBe('4px')
    expect(await directionOf(around.locator('h1').first())).toBe('rtl')
    await page.context().close()
  })

  it('no style knows left or right', async () => {
    const files = globSync('src/**/*.{css,ts,tsx}', { cwd: new URL('../../', import.meta.url) })
    const styles = files.filter(file => /\.css$|style\.ts$/.test(file))
    expect(styles.length).toBeGreaterThan(5)
    const sided =
      /(?:margin|padding|border)-(?:left|right)|(?<![\w-])(?:left|right)\s*:|(?:text-align|float)\s*:\s*(?:left|right)/
    for (const file of styles)
      expect(await readFile(new URL(`../../${file}`, import.meta.url), 'utf8'), file).not.toMatch(
        sided,
      )
  })
})

/** What keeps an address in its direction; the mailbox shows lists without. */
const withoutMarks = (words = ''): string => words.replaceAll(/[\u2068\u2069]/g, '')

const directionOf = (words: Locator): Promise<string> =>
  words.evaluate(one => getComputedStyle(one).direction)

describe('in the reader’s language', () => {
  it('speaks Dutch to a Dutch browser, on every page of the way and in the passcode mail', async () => {
    const bob = newAddress()
    await sealedTo(bob)
    const page = await newReaderIn(browser, { locale: 'nl-NL' })
    await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, bob)))
    await page.getByRole('button', { name: 'Gebruik een eenmalige code' }).click()
    const reference = /\b[0-9A-Z]{2}-[0-9A-Z]{3}\b/
    await page.getByText(reference).first().waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('nl')
    expect(await axeFindings(page)).toEqual([])
    const shown = reference.exec(await page.getByRole('main').innerText())?.[0] ?? ''
    const code = await readPasscode(zegel, bob, shown)
    const mail = (await zegel.listMails(bob)).find(({ subject }) => subject.includes(shown))
    expect(mail?.subject).toMatch(/^Uw code/)
    await page.locator('#passcode').fill(code)
    await page.keyboard.press('Enter')
    await messageShown(page, 'Results of your examination on 18 November')
    await page.getByRole('button', { name: 'Afmelden' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.context().close()
  })

  it('changes language in the middle without losing the place', async () => {
    const bob = newAddress()
    await sealedTo(bob)
    const page = await newReaderIn(browser)
    await openNewest(page, zegel, bob)
    await page.getByLabel('Language').selectOption('nl')
    await page.getByRole('button', { name: 'Gebruik een eenmalige code' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('nl')
    expect(await page.title()).toBe('Beveiligd bericht')
    await page.getByLabel('Taal').selectOption('en')
    await expect.poll(() => page.title()).toBe('Protected message')
    await page.context().close()
  })
})
