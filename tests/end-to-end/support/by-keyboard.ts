import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import { patienceMs } from '../../support/patience.ts'

/** What a person does who has no mouse. */

/** More stops than any page has. */
const mostStops = 80

/** What has the focus, as it is called; also within the frame of a letter. */
export async function focusedName(page: Page): Promise<string> {
  const names = await inFrames(page, nameOfFocused)
  return names.find(name => name !== null) ?? ''
}

/** In a document: null when nothing in it has the focus, or a frame. */
function nameOfFocused(): string | null {
  const element = document.activeElement
  if (!document.hasFocus() || !(element instanceof HTMLElement)) return null
  if (element === document.body || element instanceof HTMLIFrameElement) return null
  const fields = [HTMLInputElement, HTMLSelectElement]
  const labels = fields.flatMap(field =>
    element instanceof field ? [...(element.labels ?? [])] : [],
  )
  const name = element.getAttribute('aria-label') ?? labels[0]?.innerText ?? element.innerText
  return name.replaceAll(/\s+/g, ' ').trim()
}

/** Presses Tab (or Shift+Tab) until what is so called has the focus, and sees that its outline shows it. */
export async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  for (let stops = 0; stops < mostStops; stops++) {
    await page.keyboard.press(key)
    if (!(await focusedName(page)).startsWith(name)) continue
    expect(await hasOutline(page), `outline of ${name}`).toBe(true)
    return
  }
  throw new Error(`${key} never reaches ${name}`)
}

/** Waits until a button, link or field with this name is there; goes to it and presses a key on it. */
export async function press(page: Page, name: string, key = 'Enter'): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press(key)
}

async function hasOutline(page: Page): Promise<boolean> {
  const shown = await inFrames(page, () => {
    const focused = document.activeElement
    // A field that is itself not to be seen gives its outline to its label.
    return [focused, focused?.nextElementSibling].some(element => {
      if (!(element instanceof HTMLElement)) return false
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0
    })
  })
  return shown.includes(true)
}

/** Null for a frame that goes away meanwhile, as that of a preview does when it is closed. */
function inFrames<T>(page: Page, look: () => T): Promise<readonly (T | null)[]> {
  return Promise.all(
    page
      .frames()
      .map(frame =>
        frame === page.mainFrame() ? frame.evaluate(look) : frame.evaluate(look).catch(() => null),
      ),
  )
}

/** The step is said: the focus is on its heading, or a live region says it. */
export async function isSaid(page: Page, words: string): Promise<void> {
  const said = async (): Promise<boolean> => {
    const regions = page.locator('[role=status], [role=alert], [aria-live]')
    const lines = [await focusedName(page), ...(await regions.allInnerTexts())]
    return lines.some(line => line.includes(words))
  }
  await expect.poll(said, { timeout: patienceMs, message: `${words} is said` }).toBe(true)
}
