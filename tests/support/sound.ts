import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import { axeFindings } from './axe.ts'

/** Nothing that axe finds, nothing that runs out of the page sideways, one heading of the first level. */
export async function isSound(page: Page, state: string): Promise<void> {
  await page.waitForLoadState()
  expect(await axeFindings(page), state).toEqual([])
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, `${state}: wider than the window`).toBeLessThanOrEqual(0)
  expect(await page.getByRole('heading', { level: 1 }).count(), `${state}: one h1`).toBe(1)
}

/** Sound in both colour schemes; leaves the page light. */
export async function isSoundInBoth(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await isSound(page, `${state}, ${colorScheme}`)
  }
}
