import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import { axeFindings, lookRules } from '../../support/axe.ts'
import { layoutFaults } from '../../support/layout.ts'

/** How a person has the page. */
interface Look {
  readonly language: 'en' | 'ar'
  readonly colorScheme: 'light' | 'dark'
  readonly viewport: { readonly width: number; readonly height: number }
  /**
   * What axe looks for: all in one look, in a second, which differs in everything axe can tell apart, what that can
   * change. How things stand is seen in every look.
   */
  readonly axe: 'all' | 'look' | 'none'
}

const wide = { width: 1100, height: 800 }
const phone = { width: 320, height: 640 }
/** A window of 1280 × 1024 at 400 %. */
const enlarged = { width: 320, height: 256 }

/** Of language, colours and width each meets each of the others; the last is how a page is left. */
const everyLook: readonly Look[] = [
  { language: 'en', colorScheme: 'dark', viewport: enlarged, axe: 'all' },
  { language: 'ar', colorScheme: 'light', viewport: phone, axe: 'look' },
  { language: 'ar', colorScheme: 'dark', viewport: wide, axe: 'none' },
  { language: 'en', colorScheme: 'light', viewport: wide, axe: 'none' },
]
/** The third repeats what the others show one by one: asked for by hand. */
const looks = everyLook.filter((_, at) => at !== 2 || process.env['ZEGEL_EVERY_LOOK'] === '1')

/** How the language of a page is changed without leaving its state. */
export type ChangeLanguage = (page: Page, language: Look['language']) => Promise<void>

/** By the choice at the top, as a person does it. */
export const bySelect: ChangeLanguage = async (page, language) => {
  const choice = page.locator('.language select')
  if ((await choice.inputValue()) !== language) await choice.selectOption(language)
  await expect.poll(() => page.locator('html').getAttribute('lang')).toBe(language)
}

/** Pages that need no script have links instead. */
export const byLink: ChangeLanguage = async (page, language) => {
  if ((await page.locator('html').getAttribute('lang')) === language) return
  const url = new URL(page.url())
  url.searchParams.set('lang', language)
  await page.goto(url.href)
}

/** message.html speaks its organisation's language and English; a provider that of the browser. */
export const asItIs: ChangeLanguage = () => Promise.resolve()

/** Nothing that axe finds, nothing out of its place, in every look; the state stays. */
export async function isSoundInEveryLook(
  page: Page,
  state: string,
  change: ChangeLanguage = bySelect,
): Promise<void> {
  await page.waitForLoadState()
  for (const { language, colorScheme, viewport, axe } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize(viewport)
    await change(page, language)
    const look = `${state}, ${language}, ${colorScheme}, ${viewport.width} px`
    const found =
      axe === 'none' ? [] : await axeFindings(page, axe === 'all' ? undefined : lookRules)
    expect.soft(found, look).toEqual([])
    expect.soft(await layoutFaults(page), look).toEqual([])
    expect.soft(await page.getByRole('heading', { level: 1 }).count(), `${look}: one h1`).toBe(1)
    await keepPicture(page, look)
  }
}

/** For eyes: in the folder that the environment names, none in a usual run. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['ZEGEL_TEST_PICTURES']
  if (folder === undefined) return
  const path = `${folder}/${name.replaceAll(/[^\w]+/g, '-')}.png`
  await page.screenshot({ path, fullPage: true })
}
