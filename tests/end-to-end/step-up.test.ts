import { describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { axeFindings } from '../support/axe.ts'
import type { TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import {
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  passcodeButton,
  saveToDisk,
} from './support/reader.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared), {
  config: { policy: { default: { assurance: 'mfa' } } },
})

describe('a message that asks for two factors', () => {
  it('says why, and offers no passcode, which would not do', async () => {
    const to = newAddress()
    await zegel.send({ from: 'alice@example.com', to, subject: 'Strict', text: 'Hello' })
    const page = await newReaderIn(browser)
    await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, to)))
    await page.getByText('For this message Example asks for two factors').waitFor()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
    expect(await passcodeButton(page).count()).toBe(0)
    expect(await axeFindings(page)).toEqual([])
    await page.context().close()
  })
})
