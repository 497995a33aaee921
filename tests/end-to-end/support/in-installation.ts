import { afterAll, beforeAll } from 'vitest'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../../support/browser.ts'
import { startTestInstallation } from '../../support/test-installation.ts'
import type { TestInstallation, TestInstallationOptions } from '../../support/test-installation.ts'

/** What the tests of a file share. */
interface Shared {
  readonly zegel: TestInstallation
  /** Every host name there is leads to the installation. */
  readonly browser: Browser
}

/** One installation and one browser for all tests of a file, handed over before the first and ended after the last. */
export function inInstallation(
  take: (shared: Shared) => void,
  options: TestInstallationOptions = {},
): void {
  let zegel: TestInstallation | undefined
  let browser: Browser | undefined
  beforeAll(async () => {
    zegel = await startTestInstallation(options)
    browser = await launchChromium(zegel.front)
    take({ zegel, browser })
  })
  afterAll(async () => {
    await browser?.close()
    await zegel?.close()
  })
}
