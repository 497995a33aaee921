import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Locator, Page } from 'playwright-core'
import { testPortal } from '../server/portal/support/test-portal.ts'
import { ORIGIN, visitor } from '../server/portal/support/visitor.ts'
import { axeFindings } from '../support/axe.ts'
import { launchChromium } from '../support/browser.ts'
import { layoutFaults } from '../support/layout.ts'

const ORGANISATION = {
  id: 'example',
  name: 'Example',
  domains: ['example.com'],
  privacyAddress: 'privacy@example.com',
  privacyPost: 'Street 1\n1000 AA Town',
}
const LANGUAGES = ['nl', 'ar', 'zh-TW'] as const
const WIDE = { width: 1200, height: 800 }
const NARROW = { width: 320, height: 640 }
const english =
  'This site never stores it in any form: not the subject, the text or the attachments.'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

/** A page of a real portal in a real browser; what it loads is recorded. */
async function newPage(): Promise<{ page: Page; asked: string[] }> {
  const { portal } = await testPortal({
    organisations: [ORGANISATION],
    needs: { browserFolder: new URL('../../dist/browser/', import.meta.url) },
  })
  const who = visitor(portal)
  const asked: string[] = []
  const context = await browser.newContext({ viewport: WIDE, hasTouch: true })
  await context.route('**/*', async route => {
    const { pathname, search, origin } = new URL(route.request().url())
    asked.push(`${origin}${pathname}`)
    const answer = await who.ask(`${pathname}${search}`)
    const body = Buffer.from(await answer.arrayBuffer())
    await route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body,
    })
  })
  return { page: await context.newPage(), asked }
}

/** The sentence that says that nothing is stored, with its original. */
const unitOf = (page: Page): Locator => page.locator('.unit', { hasText: english })
const originalOf = (page: Page): Locator => unitOf(page).locator('.original')

/** On the page, wherever it is scrolled to. */
const topOf = (element: Locator): Promise<number> =>
  element.evaluate(one => one.getBoundingClientRect().top + scrollY)

describe.each(LANGUAGES)('the privacy statement in %s', language => {
  it('has the original at hand by pointer, keyboard and touch, and side by side', async () => {
    const { page, asked } = await newPage()
    await page.goto(`${ORIGIN}/privacy?lang=${language}`)
    expect(asked.filter(address => !address.startsWith(ORIGIN))).toEqual([])
    expect(await page.locator('script').count()).toBe(0)
    await isAtHandWide(page)
    expect(await axeFindings(page)).toEqual([])

    await page.setViewportSize(NARROW)
    await page.reload()
    await isAtHandNarrow(page)
    expect(await layoutFaults(page)).toEqual([])

    await page.locator('.views a').tap()
    await originalOf(page).waitFor()
    const all = await page.locator('.original').all()
    for (const one of all) expect(await one.isVisible()).toBe(true)
    expect(await layoutFaults(page)).toEqual([])
    expect(await axeFindings(page)).toEqual([])
    await page.context().close()
  })
})

/** Shown in the room that it has, so that nothing moves. */
async function isAtHandWide(page: Page): Promise<void> {
  const original = originalOf(page)
  const next = page.locator('section').nth(2)
  const before = await topOf(next)
  expect(await original.isVisible()).toBe(false)
  expect(await original.getAttribute('lang')).toBe('en')

  await unitOf(page).locator('.line').hover()
  expect(await original.isVisible()).toBe(true)
  await page.mouse.move(0, 0)
  expect(await original.isVisible()).toBe(false)

  await unitOf(page).locator('summary').focus()
  expect(await original.isVisible()).toBe(true)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await original.isVisible()).toBe(true)
  expect(await topOf(next)).toBe(before)
}

async function isAtHandNarrow(page: Page): Promise<void> {
  const original = originalOf(page)
  const elsewhere = page.locator('h1')
  expect(await original.isVisible()).toBe(false)
  await unitOf(page).locator('summary').tap()
  expect(await original.isVisible()).toBe(true)
  await elsewhere.tap()
  expect(await original.isVisible()).toBe(true)
  await unitOf(page).locator('summary').tap()
  await elsewhere.tap()
  expect(await original.isVisible()).toBe(false)
}

it('the statements name whom to write to, and on paper stand the words that were asked for', async () => {
  const { page } = await newPage()
  await page.goto(`${ORIGIN}/privacy?lang=en`)
  expect(await page.locator('.contacts').innerText()).toMatch(
    /^Example\s+By mail\s+privacy@example\.com\s+By post\s+Street 1\n1000 AA Town$/,
  )
  expect(await page.locator('.original').count()).toBe(0)
  expect(await axeFindings(page)).toEqual([])

  await page.setViewportSize(NARROW)
  await page.goto(`${ORIGIN}/accessibility?lang=nl`)
  expect(await layoutFaults(page)).toEqual([])
  expect(await axeFindings(page)).toEqual([])

  await page.setViewportSize(WIDE)
  await page.emulateMedia({ media: 'print' })
  await page.goto(`${ORIGIN}/privacy?lang=nl`)
  expect(await originalOf(page).isVisible()).toBe(false)
  expect(await page.locator('.unit summary').first().isVisible()).toBe(false)
  await page.goto(`${ORIGIN}/privacy?lang=nl&view=both`)
  expect(await originalOf(page).isVisible()).toBe(true)
  await page.context().close()
})

it('what is wrong with where things stand is found when it is planted, and only in sight', async () => {
  const context = await browser.newContext({ viewport: NARROW })
  const page = await context.newPage()
  const faultsOf = async (body: string): Promise<readonly string[]> => {
    await page.setContent(`<body style="margin:0">${body}</body>`)
    return layoutFaults(page)
  }
  const button = (style: string): string =>
    `<button style="display:block;width:99px;height:50px;${style}">Send</button>`
  const planted: readonly (readonly [string, RegExp])[] = [
    ['<p style="width:400px">Words</p>', /^wider than the window/],
    ['<p style="width:4rem;overflow:hidden;white-space:nowrap">Words cut off</p>', /^cut/],
    [button('margin-left:-20px'), /^outside/],
    [button('height:20px'), /^small/],
    [button('') + button('margin-top:-9px'), /^over one another/],
  ]
  for (const [body, fault] of planted)
    expect(await faultsOf(body), body).toContainEqual(expect.stringMatching(fault))
  const scrolled = `<div style="height:60px;overflow-y:auto">${button('').repeat(3)}</div>`
  expect(await faultsOf(scrolled + button(''))).toEqual([])
  await context.close()
})
