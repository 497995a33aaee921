import { describe, expect, it, vi } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { accentOf } from '../../src/core/envelope/accent.ts'
import { pageHead, pageTail } from '../../src/core/envelope/render-page.ts'
import { messagePage, noticeWords } from '../../src/server/gateway/notice.ts'
import type { Notice } from '../../src/server/gateway/notice.ts'
import { noticeHtml } from '../../src/server/gateway/render-notice.ts'
import { pseudoWords } from '../support/pseudo-words.ts'
import { textFaults } from '../support/text-faults.ts'
import type { TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import {
  isLookedAt,
  isSoundInEveryLanguage,
  isSoundInInventedLanguages,
  isSoundWithEveryError,
  speakAtAddress,
  speakDocument,
  teachPseudo,
} from './support/languages.ts'
import { letterOfMany } from './support/letter-of-many.ts'
import {
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  passcodeButton,
  passcodeField,
  readPasscode,
  saveToDisk,
  shownReference,
} from './support/reader.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))
// Pictures of every state in every language take their time.
if (isLookedAt) vi.setConfig({ testTimeout: 30 * 60_000 })

/** English is what tests press; the words of every language are looked at in the same state. */
async function newPage(): Promise<Page> {
  const page = await newReaderIn(browser, { serviceWorkers: 'block' })
  await teachPseudo(page)
  return page
}
const isSound = isSoundInEveryLanguage
const isSoundInvented = isSoundInInventedLanguages

describe('nothing is cut, covered or left unmirrored in any language, nor in one that is 40 % longer', () => {
  it('the pages that the portal writes', async () => {
    const page = await newPage()
    await isSound(page, '/', speakAtAddress(`${zegel.portalUrl}/`))
    for (const path of ['/nothing-here', '/promises'])
      await isSoundInvented(page, path, speakAtAddress(`${zegel.portalUrl}${path}`))
    // Each has words of its own, and the English one is not beside another language.
    for (const path of ['/privacy', '/accessibility'])
      await isSound(page, path, speakAtAddress(`${zegel.portalUrl}${path}`, 'nl'))
    await page.context().close()
  })

  it('message.html and the mail around it', async () => {
    const page = await newPage()
    const { host } = new URL(zegel.portalUrl)
    const noticeIn = (locale: string): Notice => ({
      organisationName: 'Example',
      accent: '#8c2f28',
      logo: '',
      portalUrl: `https://${host}`,
      locale,
      subject: '',
    })
    const wordsIn = (lang: string) => noticeWords(noticeIn(lang), 'Alice de Vries', 'mailbox')
    const pageIn = (lang: string) => ({
      ...messagePage(noticeIn(lang), wordsIn(lang)),
      accent: accentOf('#8c2f28'),
    })
    const htmlIn = (lang: string, fits: boolean): string =>
      `${pageHead(pageIn(lang), '')}">${pageTail(pageIn(lang), '', fits)}`
    await isSound(
      page,
      'message.html',
      speakDocument(lang => htmlIn(lang, true)),
    )
    await isSoundInvented(
      page,
      'message.html of a large message',
      speakDocument(lang => htmlIn(lang, false)),
    )
    await isSound(
      page,
      'mail',
      speakDocument(lang => noticeHtml(pageIn(lang), wordsIn(lang))),
    )
    await page.context().close()
  })

  it('the way to a letter, and the letter', async () => {
    const bob = newAddress()
    const to = [bob, newAddress('carol')]
    await zegel.send({
      envelope: { from: 'alice@example.com', to },
      raw: letterOfMany(to.join(', ')),
    })
    const page = await newPage()
    await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, bob)))
    await passcodeButton(page).waitFor()
    await isSound(page, 'choice')
    await passcodeButton(page).click()
    await page.getByRole('button', { name: 'Send the passcode' }).click()
    await page.getByText('Choose your address, or type it.').waitFor()
    await isSoundInvented(page, 'which address')
    await page.getByRole('radio').first().check()
    await page.getByRole('button', { name: 'Send the passcode' }).click()
    const code = await readPasscode(zegel, bob, await shownReference(page))
    await passcodeField(page).fill(code === '00000000' ? '00000001' : '00000000')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('That is not the passcode').first().waitFor()
    await isSound(page, 'passcode, wrong')
    await page.route('**/api/release', route => route.fulfill({ status: 500 }))
    await passcodeField(page).fill(code)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('heading', { name: 'Something went wrong at our side' }).waitFor()
    await isSoundWithEveryError(page, 'errors')
    await page.unroute('**/api/release')
    await page.getByRole('button', { name: 'Try again' }).click()
    await messageShown(page, 'A letter of many parts')
    await page.getByRole('list', { name: 'Attachments' }).waitFor()
    await isSoundInvented(page, 'letter')
    await page.getByRole('button', { name: 'Reply all' }).click()
    await page.getByRole('textbox', { name: 'Your text' }).waitFor()
    await isSound(page, 'answer')
    await page.getByRole('button', { name: 'Back to the message' }).click()
    await page.getByRole('list', { name: 'Attachments' }).waitFor()
    await page.getByRole('button', { name: 'Preview page.html' }).click()
    await page.getByRole('dialog').locator('iframe').waitFor()
    await isSoundInvented(page, 'preview')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Open Outer/ }).click()
    await page.getByText('Who wrote it was not checked').waitFor()
    await isSoundInvented(page, 'attached message')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    await isSoundInvented(page, 'signed out')
    await page.context().close()
  })

  it('what went wrong, and the pages beside the way', async () => {
    const page = await newPage()
    await page.goto(`${zegel.portalUrl}/open`)
    const wrong = await saveToDisk(zegel, Buffer.from('<p>Hello</p>'))
    await page.getByLabel('Choose message.html').setInputFiles(wrong)
    await page.getByText('This is not a protected message').first().waitFor()
    await isSound(page, 'wrong file')
    for (const path of ['/associations', '/leave#https://user@xn--e1afmkfd.example/a']) {
      await page.goto(`${zegel.portalUrl}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await isSoundInvented(page, path)
    }
    await page.context().close()
  })
})

it('what is wrong with how words stand is found when it is planted', async () => {
  const page = await newReaderIn(browser, { viewport: { width: 320, height: 640 } })
  const faultsOf = async (body: string): Promise<readonly string[]> => {
    await page.setContent(`<html lang="en" dir="ltr"><body style="margin:0">${body}</body></html>`)
    return textFaults(page, { lang: 'en', dir: 'ltr' })
  }
  const row = 'white-space:nowrap;overflow:hidden;width:4rem'
  const planted: readonly (readonly [string, RegExp])[] = [
    [`<p style="${row}">Words that are cut off</p>`, /^cut/],
    [`<p style="${row};text-overflow:ellipsis">Words that end</p>`, /^ends in …/],
    ['<button style="width:2rem;white-space:nowrap">Send a code</button>', /^words do not fit/],
    ['<p style="margin-left:-3rem">Words</p>', /^beyond the window/],
    ['<p style="margin:0">One</p><p style="margin:-1.2em 0 0">Other</p>', /^over one another/],
    ['<p style="text-align:right">Words</p>', /^at the wrong edge/],
    [`<p>${'W'.repeat(60)}</p>`, /^wider than the window/],
    ['<p style="width:4rem;overflow-wrap:anywhere">Einmalpasswort</p>', /^torn, Einmalpasswort/],
  ]
  for (const [body, fault] of planted)
    expect(await faultsOf(body), body).toContainEqual(expect.stringMatching(fault))
  expect(await faultsOf('<p>Words</p><button>Send</button>')).toEqual([])
  expect(await textFaults(page, { lang: 'ar', dir: 'rtl' })).toEqual(['lang is en', 'dir is ltr'])
  await page.context().close()
})

it('the invented language is longer by 40 %, accented and in brackets', () => {
  expect(pseudoWords('Send a new passcode', 'ltr')).toBe('[Šéñd å ñéw påššçõdé õñé ţŵõ]')
  expect(pseudoWords('Print', 'rtl')).toBe('\u202E[Prîñt õñ]\u202C')
  expect(pseudoWords(' · ', 'ltr')).toBe(' · ')
})
