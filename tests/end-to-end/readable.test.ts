import { describe, expect, it } from 'vitest'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { axeFindings, colourRules } from '../support/axe.ts'
import type { TestInstallation } from '../support/test-installation.ts'
import { keepPicture } from './support/every-look.ts'
import { inInstallation } from './support/in-installation.ts'
import { letterOfMany } from './support/letter-of-many.ts'
import {
  messageBody,
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  openNewest,
  passcodeButton,
  saveToDisk,
  signInByPasscode,
} from './support/reader.ts'

let zegel: TestInstallation
let browser: Browser
/** Accents that nobody could read on every ground. */
const accents = { yellow: '#ffff00', white: '#ffffff', black: '#000000', grey: '#808080' } as const
const accented = Object.entries(accents).map(([id, accent]) => ({
  id,
  name: id,
  domains: [`${id}.example`],
  accent,
}))
inInstallation(shared => ({ zegel, browser } = shared), {
  config: {
    organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }, ...accented],
  },
})

const subject = 'Results of your examination on 18 November'
const newReader = (options: BrowserContextOptions = {}): Promise<Page> =>
  newReaderIn(browser, { serviceWorkers: 'block', ...options })

async function sealedTo(to: string, from = 'alice@example.com'): Promise<string> {
  const html = '<p>All good, see <a href="https://example.com/">here</a>.</p>'
  await zegel.send({ from, to, subject, html })
  return saveToDisk(zegel, await newestMessageHtml(zegel, to))
}

describe('the colour of an organisation', () => {
  it.each(Object.keys(accents))('stays readable on every ground: %s', async id => {
    const to = newAddress()
    const page = await newReader()
    await page.goto(`file://${await sealedTo(to, `alice@${id}.example`)}`)
    await isReadable(page, 'message.html')
    await page.getByRole('button', { name: 'Read the message' }).click()
    await passcodeButton(page).waitFor()
    await isReadable(page, 'choice')
    await signInByPasscode(page, zegel, to)
    await messageShown(page, subject)
    await isReadable(page, 'message')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const contrast = () => contrastOf(messageBody(page).locator('a'))
      await expect.poll(contrast, { message: colorScheme }).toBeGreaterThanOrEqual(4.5)
    }
    await page.context().close()
  })
})

/** All else that axe looks for is the same in every colour: accessible.test.ts. */
async function isReadable(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await axeFindings(page, colourRules), `${state}, ${colorScheme}`).toEqual([])
  }
}

/** Of a link in the frame of a letter, whose ground is the sheet below. WCAG 2.2 §1.4.3 */
async function contrastOf(link: Locator): Promise<number> {
  const ink = await link.evaluate(one => getComputedStyle(one).color)
  const ground = await link.page().locator('.sheet').first().evaluate(luminousGround)
  const [light = 0, dark = 0] = [luminance(ink), luminance(ground)].toSorted((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

const luminousGround = (sheet: Element): string => getComputedStyle(sheet).backgroundColor

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map(value => {
    const part = Number(value) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

describe('who wants no motion', () => {
  it('sees nothing move', async () => {
    const to = newAddress()
    const file = await sealedTo(to)
    const page = await newReader({ reducedMotion: 'reduce' })
    await page.addInitScript(() => {
      for (const kind of ['transitionrun', 'animationstart'])
        document.addEventListener(kind, () => (document.documentElement.dataset['moved'] = kind))
    })
    await openFromDisk(page, file)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, subject)
    await page.getByText('Is this real?').click()
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
    const moved = page.locator('html[data-moved]')
    expect(await moved.count()).toBe(0)
    // What would have been seen.
    await page.locator('h1').evaluate(one => {
      one.style.transition = 'translate 1ms'
      one.getBoundingClientRect()
      one.style.translate = '1px'
    })
    await moved.waitFor()
    await page.context().close()
  })
})

describe('forced colours', () => {
  it('leave every control its border, and every word to be read', async () => {
    const to = newAddress()
    await zegel.send({ envelope: { from: 'alice@example.com', to }, raw: letterOfMany(to) })
    const page = await newReader({ forcedColors: 'active' })
    await openNewest(page, zegel, to)
    await isSeenInForcedColours(page, 'choice')
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'A letter of many parts')
    await page.getByRole('button', { name: 'Preview pixel.png' }).waitFor()
    await isSeenInForcedColours(page, 'letter')
    await page.getByRole('button', { name: 'Preview pixel.png' }).click()
    await page.getByRole('dialog').locator('iframe').waitFor()
    await isSeenInForcedColours(page, 'preview')
    await page.context().close()
  })
})

async function isSeenInForcedColours(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const look = `${state}, ${colorScheme}, forced colours`
    await keepPicture(page, look)
    expect(await axeFindings(page, colourRules), look).toEqual([])
    const bare = await page.locator('button, a.button, dialog[open], .sheet').evaluateAll(all =>
      all
        .filter(one => one.checkVisibility() && !one.matches('.quiet'))
        .filter(one => {
          const { borderTopStyle, borderTopWidth, borderTopColor } = getComputedStyle(one)
          const seen = borderTopStyle !== 'none' && borderTopWidth !== '0px'
          return !seen || borderTopColor === getComputedStyle(document.body).backgroundColor
        })
        .map(one => one.outerHTML.slice(0, 100)),
    )
    expect(bare, look).toEqual([])
  }
}

describe('a table on a phone', () => {
  it('keeps its words and figures whole, and the page within the screen', async () => {
    const to = newAddress()
    const cells = (tag: string, words: readonly string[]): string =>
      `<tr>${words.map(word => `<${tag}>${word}</${tag}>`).join('')}</tr>`
    const html = `<table>${cells('th', ['Description', 'Quantity', 'Price', 'Remarks'])}${cells('td', ['Examination', '12', '25.00', 'Ordered by the specialist on Friday, as agreed'])}</table>`
    await zegel.send({ from: 'alice@example.com', to, subject: 'Invoice', html })
    const page = await newReaderIn(browser, { viewport: { width: 320, height: 640 } })
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Invoice')
    const found = messageBody(page).locator('th, td:not(:last-child)')
    await expect.poll(() => found.count()).toBe(7)
    const lines = await found.evaluateAll(all =>
      all.map(cell => {
        const range = cell.ownerDocument.createRange()
        range.selectNodeContents(cell)
        return range.getClientRects().length
      }),
    )
    expect(lines).toEqual(lines.map(() => 1))
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    ).toBeLessThanOrEqual(0)
    await page.context().close()
  })
})

describe('a picture made narrower', () => {
  it('keeps the proportions of its attributes: what is drawn out to a line stays a line', async () => {
    const to = newAddress()
    const dot = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'
    const sizes = ['width="500" height="1"', 'width="520" height="26"', 'width="20" height="20"']
    const html = sizes.map(size => `<p><img alt="" src="${dot}" ${size}></p>`).join('')
    await zegel.send({ from: 'alice@example.com', to, subject: 'Lines', html })
    const page = await newReaderIn(browser, { viewport: { width: 320, height: 640 } })
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Lines')
    const pictures = messageBody(page).locator('img')
    await expect.poll(() => pictures.count()).toBe(3)
    // Drawn, and in a frame of its last width: before, a picture has no size of its own.
    const shapes = (): Promise<readonly (readonly number[])[]> =>
      pictures.evaluateAll((all: HTMLImageElement[]) =>
        all.map(one => {
          const { width, height } = one.getBoundingClientRect()
          return [one.naturalWidth, width, height]
        }),
      )
    await expect
      .poll(async () => (await shapes()).map(([own = 0, width = 0]) => own > 0 && width > 10))
      .toEqual([true, true, true])
    const [line, band, square] = (await shapes()).map(([, width = 0, height = 0]) => ({
      width,
      height,
    }))
    expect(line?.height).toBeLessThanOrEqual(1)
    expect(band?.width).toBeLessThan(320)
    expect(band?.height).toBeCloseTo((band?.width ?? 0) / 20, 0)
    expect(square).toEqual({ width: 20, height: 20 })
    await page.context().close()
  })
})

describe('a letter of much', () => {
  it('is there from its first line to its last, and all its files are listed on demand', async () => {
    const to = newAddress()
    const lines = Array.from({ length: 3000 }, (_, at) => `<p style="color:#333">Line ${at}</p>`)
    const attachments = Array.from({ length: 150 }, (_, at) => ({
      filename: `file-${at}.txt`,
      content: String(at),
    }))
    const html = lines.join('')
    await zegel.send({ from: 'alice@example.com', to, subject: 'Much', html, attachments })
    const page = await newReaderIn(browser)
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Much')
    await messageBody(page).getByText('Line 2999', { exact: true }).waitFor()
    await page.getByRole('checkbox', { name: 'Original colours' }).waitFor()
    await expect.poll(() => page.locator('.body[aria-busy]').count()).toBe(0)
    await page.locator('.body').getByText('One moment').waitFor({ state: 'detached' })
    const files = page.getByRole('list', { name: 'Attachments' }).getByRole('listitem')
    await expect.poll(() => files.count()).toBe(100)
    await page.getByRole('button', { name: '50 more' }).click()
    await expect.poll(() => files.count()).toBe(150)
    const focused = page.locator('button:focus')
    expect(await focused.innerText()).toContain('file-100.txt')
    await page.context().close()
  })
})
