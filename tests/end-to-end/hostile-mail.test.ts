import { describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { hasCorpus, withoutCorpus } from '../support/corpus.ts'
import type { TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import { inGroupsOf, leakVectors, mailOf, scriptPayloads } from './support/payloads.ts'
import type { Payload } from './support/payloads.ts'
import {
  dialogsIn,
  messageBody,
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  openNewest,
  saveToDisk,
  signInByPasscode,
} from './support/reader.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))

/** A signed-in reader, and everything that a message makes their browser do. */
interface WatchedReader {
  readonly to: string
  readonly page: Page
  /** Dialogs and new windows. */
  readonly actions: string[]
}

const harmless = { origin: 'none', html: '<p>Nothing to see here.</p>' }

async function watchedReader(): Promise<WatchedReader> {
  const to = newAddress()
  await zegel.send({
    envelope: { from: 'alice@example.com', to },
    raw: mailOf(to, 'Before', [harmless]),
  })
  const page = await newReaderIn(browser)
  const actions = dialogsIn(page.context())
  page.context().on('page', () => actions.push('window'))
  await openNewest(page, zegel, to)
  await signInByPasscode(page, zegel, to)
  await messageShown(page, 'Before')
  return { to, page, actions }
}

async function show(reader: WatchedReader, subject: string, payloads: readonly Payload[]) {
  const { to, page } = reader
  await zegel.send({
    envelope: { from: 'alice@example.com', to },
    raw: mailOf(to, subject, payloads),
  })
  zegel.front.clear()
  await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, to)))
  await messageShown(page, subject)
  await messageBody(page).locator('body').waitFor({ state: 'attached' })
  await page.locator('.body[aria-busy]').waitFor({ state: 'detached' }) // a long letter comes in pieces
}

/** Does to everything in the frame what a reader might do by accident; links are only looked at. */
const touchEverything = (page: Page): Promise<readonly string[]> =>
  messageBody(page)
    .locator('html')
    .evaluate(root => {
      const kinds = [
        'mouseover',
        'mouseenter',
        'focus',
        'pointerdown',
        'animationend',
        'toggle',
        'error',
        'load',
      ]
      for (const element of root.querySelectorAll<HTMLElement>('*')) {
        for (const kind of kinds) element.dispatchEvent(new Event(kind, { bubbles: true }))
        if (element.closest('a, area') === null) element.click?.()
      }
      return [...root.querySelectorAll('a, area')].map(link => link.getAttribute('href') ?? '')
    })

/** To the page that shows where a link leads, or to another place of the same mail. */
const harmlessLink = /^(https:\/\/portal\.zegel\.test)?\/leave#|^(about:srcdoc)?#|^$/

/** Where the page itself may ask: its assets, its requests, the way in, and its service worker that takes the file. */
const ownPath = /^\/(assets\/[\w.-]+|api\/[a-z/]+|open|read|service-worker\.js)$/

async function nothingHappened(reader: WatchedReader, subject: string, origins: string) {
  const { page, actions } = reader
  const links = await touchEverything(page)
  await page.waitForLoadState('networkidle')
  expect(zegel.front.strays, origins).toEqual([])
  const paths = zegel.front.requests.map(({ path }) => path)
  expect(
    paths.filter(path => !ownPath.test(path)),
    origins,
  ).toEqual([])
  expect(actions, origins).toEqual([])
  expect(
    links.filter(href => !harmlessLink.test(href)),
    origins,
  ).toEqual([])
  expect(page.url(), origins).toBe(`${zegel.portalUrl}/read`)
  await messageShown(page, subject)
}

describe('threat: a mail that calls home', () => {
  it('is noticed by these tests: a page that loads a remote picture leaves a trace', async () => {
    const page = await newReaderIn(browser)
    zegel.front.clear()
    const dialogs = dialogsIn(page.context())
    await page.setContent('<img src="https://leaking.via/x.png" onerror="alert(1)">')
    await expect.poll(() => dialogs).toEqual(['1'])
    expect(zegel.front.strays).toEqual(['GET https://leaking.via/x.png'])
    await page.context().close()
  })

  it('loads nothing and runs nothing for what tracking and phishing mails commonly hold', async () => {
    const reader = await watchedReader()
    const payloads = [
      '<img src="https://leaking.via/pixel.gif" width="1" height="1">',
      '<link rel="stylesheet" href="https://leaking.via/a.css"><style>@import "https://leaking.via/b.css"</style>',
      '<p style="background:url(https://leaking.via/bg.png)">x</p>',
      '<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>',
      '<form action="https://leaking.via/"><input name="password" autofocus onfocus=alert(4)><button>go</button></form>',
      '<iframe src="https://leaking.via/frame"></iframe><object data="https://leaking.via/o"></object>',
      '<meta http-equiv="refresh" content="0;url=https://leaking.via/refresh"><base href="https://leaking.via/">',
      '<a href="javascript:alert(5)">click</a><a href="https://leaking.via/link">link</a><a href="/privacy">inside</a>',
      '<video src="https://leaking.via/v.mp4" autoplay></video><audio src="https://leaking.via/a.mp3" autoplay></audio>',
    ].map((html, index) => ({ origin: String(index), html }))
    await show(reader, 'Common tricks', payloads)
    await nothingHappened(reader, 'Common tricks', 'common tricks')
    await reader.page.getByText(/remote items were kept out/).waitFor()
    await show(reader, 'Only a form', [{ origin: 'form', html: '<form><input></form>' }])
    await reader.page.getByText('This message has no text.').waitFor()
    await reader.page.context().close()
  })

  it.skipIf(!hasCorpus)(`makes no request for any known leak${withoutCorpus}`, async () => {
    const reader = await watchedReader()
    for (const [index, group] of inGroupsOf(60, leakVectors()).entries()) {
      await show(reader, `Leaks ${index}`, group)
      await nothingHappened(reader, `Leaks ${index}`, group.map(({ origin }) => origin).join(', '))
    }
    await reader.page.context().close()
  })
})

describe('threat: a mail that brings scripts', () => {
  // Every one of them goes through sanitiser and frame in message-frame.test.ts; here, through everything around these.
  it.skipIf(!hasCorpus)(`runs none of one known injection in eight${withoutCorpus}`, async () => {
    const reader = await watchedReader()
    const some = scriptPayloads().filter((_, index) => index % 8 === 0)
    for (const [index, group] of inGroupsOf(250, some).entries()) {
      await show(reader, `Scripts ${index}`, group)
      const [first, last] = [group.at(0)?.origin, group.at(-1)?.origin]
      await nothingHappened(reader, `Scripts ${index}`, `${first ?? ''} to ${last ?? ''}`)
    }
    await reader.page.context().close()
  })

  it('keeps subject, names and file names from becoming markup', async () => {
    const reader = await watchedReader()
    const { to, page } = reader
    const markup = '<img src=x onerror=alert(1)>'
    await zegel.send({
      from: { name: `"${markup}"`, address: 'alice@example.com' },
      to,
      subject: markup,
      text: markup,
      attachments: [{ filename: `${markup}.txt`, content: 'x' }],
    })
    zegel.front.clear()
    await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, to)))
    await messageShown(page, markup)
    expect(await messageBody(page).locator('body').innerText()).toContain(markup)
    expect(await page.locator('img[src="x"]').count()).toBe(0)
    expect(reader.actions).toEqual([])
    await page.context().close()
  })
})

describe('threat: a mail that takes the page for itself', () => {
  it('stays within its frame, and what follows it within reach, however high it claims to be', async () => {
    const reader = await watchedReader()
    const html =
      '<style>html{height:90000000px;margin:-9000px}</style><div style="position:fixed;inset:-5000px;z-index:2147483647">over everything</div><p style="height:40000000px;width:90000px">x</p>'
    await show(reader, 'Huge', [{ origin: 'huge', html }])
    const { page } = reader
    const frame = page.locator('iframe')
    await expect.poll(async () => (await frame.boundingBox())?.height ?? 0).toBeGreaterThan(40_000)
    const size = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement
      return { wider: scrollWidth - innerWidth, scrollHeight }
    })
    expect(size.wider).toBeLessThanOrEqual(0)
    expect(size.scrollHeight).toBeLessThan(60_000)
    await page.getByRole('button', { name: 'Download the original' }).click()
    await nothingHappened(reader, 'Huge', 'huge')
    await page.context().close()
  })
})
