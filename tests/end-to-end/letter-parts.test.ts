import { describe, expect, it } from 'vitest'
import type { Browser, FrameLocator, Page } from 'playwright-core'
import type { TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import { letterOfMany } from './support/letter-of-many.ts'
import { pdfPages } from './support/pdf-pages.ts'
import { pdfTextRuns } from './support/pdf-text-runs.ts'
import {
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  openNewest,
  saveToDisk,
  signInByPasscode,
} from './support/reader.ts'
import { withoutPrinter } from './support/without-printer.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))

let page: Page
let to: string
const happened: string[] = []
const button = (name: string | RegExp) => page.getByRole('button', { name })
const body = (): FrameLocator => page.frameLocator('iframe[title="Message body"] >> visible=true')
const heading = () => page.getByRole('heading', { level: 1 })
/** What has the focus, by what it is called. */
const focused = () =>
  page.evaluate(() => {
    const { activeElement } = document
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? ''
  })

/** One letter for all that follows. */
it('opens the letter that has them all', async () => {
  to = newAddress()
  await zegel.send({ envelope: { from: 'alice@example.com', to }, raw: letterOfMany(to) })
  page = await newReaderIn(browser, { timezoneId: 'Asia/Tokyo' })
  page.on('dialog', dialog => {
    happened.push(dialog.message())
    void dialog.dismiss()
  })
  page.context().on('page', () => happened.push('window'))
  await openNewest(page, zegel, to)
  await signInByPasscode(page, zegel, to)
  await messageShown(page, 'A letter of many parts')
  await page.getByRole('list', { name: 'Attachments' }).waitFor()
})

describe('what a letter carries', () => {
  it('shows an invitation as an appointment, in the time of the reader and of the sender', async () => {
    const card = page.locator('.card', { hasText: 'Board meeting' })
    await card.getByText('Changed invitation').waitFor()
    const words = await card.innerText()
    expect(words).toMatch(/December 1, 2026, 6:00\s–\s7:00\sPM GMT\+9/)
    expect(words).toMatch(
      /Time in Europe\/Amsterdam\s+Tuesday, December 1, 2026, 10:00\s–\s11:00\sAM/,
    )
    expect(words).toMatch(/every 2 weeks, on Tuesday, 6 times/)
    expect(words).toContain('Alice de Vries <alice@example.com>')
    expect(words).toMatch(/Bob <bob@example\.org>\W* \(accepted\)/)
    expect(await card.getByRole('link').count()).toBe(0)
  })

  it('shows a contact as a card, whose links lead through the page that shows their target', async () => {
    const card = page.locator('.card', { hasText: 'Carol Jansen' })
    await card.getByText('Head of Cardiology, Hospital').waitFor()
    const links = await card
      .getByRole('link')
      .evaluateAll(all => all.map(link => link.getAttribute('href') ?? ''))
    expect(links).toEqual([
      '/leave#tel:+31201234567',
      '/leave#mailto:carol@example.net',
      '/leave#https://example.net/carol',
    ])
  })

  it('lists what a winmail.dat and a digest hold, and says what cannot be opened here', async () => {
    const list = page.getByRole('list', { name: 'Attachments' })
    expect(await list.getByRole('listitem').count()).toBe(7)
    expect(await button(/^Preview/).allInnerTexts()).toHaveLength(4)
  })

  for (const [name, check] of [
    ['pixel.png', 'img'],
    ['page.html', 'pre'],
    ['tone.wav', 'audio'],
    ['drawing.svg', 'img'],
  ] as const)
    it(`previews ${name} in a frame of no origin; Escape closes it and gives the focus back`, async () => {
      await button(`Preview ${name}`).press('Enter')
      const dialog = page.getByRole('dialog', { name: `Preview of ${name}` })
      const frame = dialog.locator('iframe')
      await frame.waitFor()
      expect(await frame.getAttribute('sandbox')).toBe('')
      expect(await frame.evaluate((one: HTMLIFrameElement) => one.contentDocument)).toBeNull()
      await frame.contentFrame().locator(check).first().waitFor({ state: 'attached' })
      if (name === 'page.html')
        expect(await frame.contentFrame().locator('pre').innerText()).toContain('<script>alert(1)')
      if (name === 'pixel.png')
        await expect
          .poll(() =>
            frame
              .contentFrame()
              .locator('img')
              .evaluate((img: HTMLImageElement) => img.naturalWidth),
          )
          .toBe(1)
      if (name === 'tone.wav')
        await expect
          .poll(() =>
            frame
              .contentFrame()
              .locator('audio')
              .evaluate((one: HTMLAudioElement) => one.duration),
          )
          .toBeCloseTo(0.1)
      if (name !== 'page.html') {
        await frame.click({ position: { x: 5, y: 5 } })
        await expect.poll(focused).toBe(`Preview of ${name}`)
      }
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      expect(await focused()).toBe(`Preview ${name}`)
      await messageShown(page, 'A letter of many parts')
    })

  it('closes a preview with the Back of the browser', async () => {
    await button('Preview pixel.png').click()
    await page.getByRole('dialog').waitFor()
    await page.goBack()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await messageShown(page, 'A letter of many parts')
  })

  it('opens attached messages as messages that nobody vouches for; Back leads out', async () => {
    await button(/^Open Outer/).click()
    await expect.poll(() => heading().innerText()).toBe('Forwarded offer')
    expect(await page.title(), 'browsers keep titles in their history').toBe('Protected message')
    const unchecked = page.getByText('Who wrote it was not checked')
    await unchecked.waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await unchecked.isVisible()).toBe(true)
    await page.emulateMedia({ media: null })
    expect(await page.locator('.verified').isVisible()).toBe(false)
    await body().getByText('Buy now').waitFor()
    await button(/^Open/).click()
    await expect.poll(() => heading().innerText()).toBe('The innermost')
    await page.reload()
    await expect.poll(() => heading().allInnerTexts()).toEqual(['The innermost'])
    await page.goBack()
    await expect.poll(() => heading().innerText()).toBe('Forwarded offer')
    await button('Back to the message').click()
    await expect.poll(() => heading().innerText()).toBe('A letter of many parts')
    expect(await page.title()).toBe('Protected message')
  })

  it('gives the focus back to what opened an attached message', async () => {
    await button(/^Open Outer/).press('Enter')
    await expect.poll(() => heading().innerText()).toBe('Forwarded offer')
    await expect.poll(() => focused()).toBe('Forwarded offer')
    await page.goBack()
    await expect.poll(() => focused()).toMatch(/^Open Outer/)
  })

  it('runs and fetches nothing of what is hidden in all of it', async () => {
    expect(happened).toEqual([])
    expect(zegel.front.strays).toEqual([])
  })
})

describe('the text of a letter', () => {
  it('folds the older messages at its end; the search of the browser opens the fold', async () => {
    const fold = body().locator('details.zegel-quote')
    await fold.getByText('Earlier messages').waitFor()
    expect(await fold.evaluate((one: HTMLDetailsElement) => one.open)).toBe(false)
    const before = (await page.locator('iframe').first().boundingBox())?.height ?? 0
    await fold.locator('summary').press('Enter')
    await expect
      .poll(async () => (await page.locator('iframe').first().boundingBox())?.height ?? 0)
      .toBeGreaterThan(before + 100)
    await fold.locator('summary').press('Enter')
    // A place within the message is shown by the same steps as a find in the page: folds around it are opened.
    const opened = await body()
      .locator('html')
      .evaluate(root => {
        const view = root.ownerDocument.defaultView
        if (view !== null) view.location.hash = '#needle'
        return root.querySelector<HTMLDetailsElement>('details.zegel-quote')?.open
      })
    expect(opened).toBe(true)
    await fold.locator('summary').press('Enter')
  })

  it('shows and folds all older messages at once, for browsers that do not search in what is folded', async () => {
    const all = page.getByLabel('Show all earlier messages')
    const fold = body().locator('details.zegel-quote')
    const isOpen = () => fold.evaluate((one: HTMLDetailsElement) => one.open)
    await all.check()
    await expect.poll(isOpen).toBe(true)
    const root = body().locator('html')
    for (const change of ['uncheck', 'check'] as const) {
      await root.evaluate(old => old.setAttribute('title', 'old'))
      await page.getByLabel('Original colours')[change]()
      await body().locator('html:not([title])').waitFor() // drawn anew: else what follows meets the old one
      await expect.poll(isOpen).toBe(true)
    }
    await body().locator('summary', { hasText: 'Earlier messages' }).press('Enter')
    await expect.poll(() => all.isChecked()).toBe(false)
    await all.check()
    await expect.poll(isOpen).toBe(true)
    await all.uncheck()
    await expect.poll(isOpen).toBe(false)
  })

  it('is shown in its own colours on paper, and in those of the reader on request', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    const colours = () =>
      body()
        .locator('p.loud')
        .evaluate(one => {
          const { color, backgroundColor } = getComputedStyle(one)
          return `${color} ${backgroundColor} ${getComputedStyle(one.ownerDocument.documentElement).colorScheme}`
        })
    await expect.poll(colours).toBe('rgb(255, 0, 0) rgb(255, 255, 0) light')
    await page.getByLabel('Original colours').uncheck()
    await expect.poll(colours).toBe('rgb(239, 235, 229) rgba(0, 0, 0, 0) dark')
    await page.getByLabel('Original colours').check()
    await expect.poll(colours).toBe('rgb(255, 0, 0) rgb(255, 255, 0) light')
    await page.emulateMedia({ colorScheme: null })
  })

  it('says in words what was kept out', async () => {
    await page
      .getByText(
        '5 remote items were kept out: 2 pictures, 1 invisible picture that reports reading, 1 style sheet, and 1 font.',
      )
      .waitFor()
  })

  it('loses nothing on a phone of 320 px: what is wider scrolls within the frame', async () => {
    await page.setViewportSize({ width: 320, height: 640 })
    const wider = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    await expect.poll(wider).toBeLessThanOrEqual(0)
    const scrolls = await body()
      .locator('html')
      .evaluate(root => {
        root.scrollLeft = 10_000
        const reached = root.scrollLeft
        root.scrollLeft = 0
        return { reached, needed: root.scrollWidth - root.clientWidth }
      })
    expect(scrolls.needed).toBeGreaterThan(300)
    expect(scrolls.reached).toBe(scrolls.needed)
    await page.setViewportSize({ width: 1100, height: 800 })
  })
})

describe('the paper of a letter', () => {
  it('has exactly the letter: who, when, to whom, the whole text, the names of the files', async () => {
    await page.emulateMedia({ media: 'print' })
    const words = await page.locator('body').evaluate(all => (all as HTMLElement).innerText)
    await page.emulateMedia({ media: null })
    for (const said of [
      'A letter of many parts',
      'alice@example.com',
      'verified',
      to,
      'December 1, 2026',
      'pixel.png',
    ])
      expect(words).toContain(said)
    for (const tool of [
      'Reply',
      'Sign out',
      'Preview',
      'Download all',
      'Make a passkey',
      'Original colours',
      'Show all earlier messages',
      'Privacy',
    ])
      expect(words).not.toContain(tool)
    const pages = pdfPages(await page.pdf({ format: 'A4' }))
    expect(pages).toBeGreaterThanOrEqual(4)
    expect(pages).toBeLessThanOrEqual(9)
    const fold = body().locator('details.zegel-quote')
    expect(await fold.evaluate((one: HTMLDetailsElement) => one.open)).toBe(false)
  })
})

describe('the paper that the Print button asks for', () => {
  const printed = () => page.locator('.printing iframe[data-printed]')

  it('has what the page has on paper, in a frame without scripts, and the letter last', async () => {
    await withoutPrinter(page)
    await body().locator('p.loud').click()
    await page.keyboard.press('Control+p')
    await printed().waitFor({ state: 'attached' })
    expect(await printed().getAttribute('sandbox')).toBe('allow-same-origin allow-modals')
    const frame = printed().contentFrame()
    await frame.locator('.printed p.loud').waitFor()
    await page.emulateMedia({ media: 'print' })
    const words = await frame.locator('body').first().innerText()
    await page.emulateMedia({ media: null })
    for (const said of ['Example', 'A letter of many parts', 'alice@example.com', 'verified', to])
      expect(words).toContain(said)
    for (const said of ['Board meeting', 'pixel.png', 'Carol Jansen']) expect(words).toContain(said)
    for (const tool of ['Preview', 'Download all', 'Original colours', 'Sign out'])
      expect(words).not.toContain(tool)
    const last = frame.locator('.letter > :last-child')
    expect(await last.getAttribute('class')).toBe('printed')
    expect(await frame.locator('details:not([open])').count()).toBe(0)
  })

  it('says of an attached message that nobody vouches for it', async () => {
    await button(/^Open Outer/).click()
    await body().getByText('Buy now').waitFor()
    await page.evaluate(() => document.querySelector('.printing iframe')?.remove())
    await button('Print').click()
    await printed().waitFor({ state: 'attached' })
    const words = await printed().contentFrame().locator('body').first().innerText()
    expect(words).toContain('Forwarded offer')
    expect(words).toContain('Who wrote it was not checked')
    expect(words).not.toContain('vouches for it')
    await page.goBack()
    await messageShown(page, 'A letter of many parts')
  })

  it('goes once it is printed', async () => {
    await page.reload()
    await messageShown(page, 'A letter of many parts')
    await body().locator('p.loud').waitFor()
    await page.evaluate(() => {
      new MutationObserver((changes, observer) => {
        if (!changes.some(({ removedNodes }) => removedNodes.length > 0)) return
        observer.disconnect()
        document.title = 'printed'
      }).observe(document.querySelector('.printing') ?? document, { childList: true })
    })
    await button('Print').click()
    await expect.poll(() => page.title()).toBe('printed')
    expect(await page.locator('.printing iframe').count()).toBe(0)
    expect(await page.evaluate(() => document.querySelector('.printing')?.childNodes.length)).toBe(
      0,
    )
    await body().locator('p.loud').waitFor()
  })

  it('ends its pages between lines', async () => {
    await withoutPrinter(page)
    await button('Print').click()
    await printed().waitFor({ state: 'attached' })
    // The same tree as a page, which Playwright can print.
    await page.evaluate(() => {
      const paper = document.querySelector<HTMLIFrameElement>('.printing iframe')?.contentDocument
      if (paper) document.documentElement.replaceWith(document.adoptNode(paper.documentElement))
    })
    const drawn = new Set<number>()
    for (const height of ['297mm', '281mm', '263mm', '247mm']) {
      const pdf = await page.pdf({ width: '210mm', height })
      expect(pdfPages(pdf)).toBeGreaterThanOrEqual(4)
      drawn.add(pdfTextRuns(pdf))
    }
    expect(drawn.size).toBe(1)
    await page.reload()
    await messageShown(page, 'A letter of many parts')
  })
})

describe('threat: an attached message posing as the message itself', () => {
  it('says so when sender, name or answers are not what was verified', async () => {
    const other = newAddress()
    await zegel.send({
      envelope: { from: 'alice@example.com', to: other },
      raw: [
        'From: "Bank.example \u2714" <alice@example.com>',
        'Sender: mallory@evil.example',
        'Reply-To: collect@evil.example',
        `To: ${other}`,
        'Subject: Who am I',
        '',
        'x',
      ].join('\r\n'),
    })
    await openFromDisk(page, await saveToDisk(zegel, await newestMessageHtml(zegel, other)))
    await page.getByRole('button', { name: 'Use a one-time passcode' }).waitFor()
    await signInByPasscode(page, zegel, other)
    await messageShown(page, 'Who am I')
    await page.getByText(/is the sender’s own choice and can mislead/).waitFor()
    await page.getByText('mallory@evil.example sent it for someone else').waitFor()
    await page.getByText('would go to collect@evil.example').waitFor()
    const sender = await page.locator('.who p').first().innerText()
    expect(sender).toMatch(/^alice@example\.com/)
  })
})
