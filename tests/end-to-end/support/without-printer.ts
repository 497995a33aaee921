import type { Page } from 'playwright-core'

/** Keeps the frame of what is to be printed from the printer, and so on the page; marks it `data-printed`. */
export const withoutPrinter = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const own = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'contentWindow')
    Object.defineProperty(HTMLIFrameElement.prototype, 'contentWindow', {
      configurable: true,
      get(this: HTMLIFrameElement): unknown {
        if (this.closest('.printing') === null) return own?.get?.call(this)
        const print = () => void (this.dataset['printed'] = 'yes')
        return { print, focus: () => undefined, addEventListener: () => undefined }
      },
    })
  })
