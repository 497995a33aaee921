import { expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import type { TestInstallation } from '../support/test-installation.ts'
import { focusedName, isSaid, press, tabTo } from './support/by-keyboard.ts'
import { isSoundInEveryLook } from './support/every-look.ts'
import { inInstallation } from './support/in-installation.ts'
import { newAddress, newReaderIn, openNewest, signInByPasscode } from './support/reader.ts'

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared), {
  config: { policy: { mayForward: [{ header: 'Subject', headerMatches: '^Pasted$' }] } },
})

async function openedLetter(subject: string): Promise<Page> {
  const to = newAddress()
  await zegel.send({
    from: 'alice@example.com',
    to: [to, 'carol@example.com'],
    cc: 'dave@example.com',
    subject,
    html: '<p>Canary of the original</p>',
    attachments: [{ filename: 'plan.txt', content: 'plan' }],
  })
  const page = await newReaderIn(browser)
  await openNewest(page, zegel, to)
  await signInByPasscode(page, zegel, to)
  await page.getByRole('heading', { level: 1, name: subject }).waitFor()
  return page
}

const written = (page: Page) => page.getByRole('textbox', { name: 'Your text' })

it('an answer is written, left, found again and sent without a mouse', async () => {
  const page = await openedLetter('Figures')
  await press(page, 'Reply all')
  await isSaid(page, 'Reply all')
  await expect.poll(() => written(page).evaluate(one => one === document.activeElement)).toBe(true)
  await page.keyboard.type('Dear Alice, ')
  await page.keyboard.press('Control+b')
  await page.keyboard.type('thank you')
  await page.keyboard.press('Enter')

  // One stop for the row of formats, with arrows from button to button; back to the text, which Tab leaves.
  await tabTo(page, 'Bold', 'Shift+Tab')
  for (const _ of [1, 2, 3]) await page.keyboard.press('ArrowRight')
  expect(await focusedName(page)).toBe('Bulleted list')
  await page.keyboard.press('Enter')
  await page.keyboard.type('a point')
  await expect.poll(() => written(page).locator('li').innerText()).toBe('a point')
  await press(page, 'Plain text', 'Space')
  await isSaid(page, 'Formatting and pictures in the text will be lost.')
  await expect.poll(() => focusedName(page)).toBe('Keep formatting')
  await page.keyboard.press('Enter')
  expect(await written(page).locator('b').count()).toBeGreaterThan(0)

  // People: one is taken away and comes back; nobody else can be typed, as forwarding is not allowed.
  await tabTo(page, 'Remove: dave@example.com', 'Shift+Tab')
  await page.keyboard.press('Enter')
  await isSaid(page, 'Removed: dave@example.com')
  await press(page, 'Add: dave@example.com')
  await isSaid(page, 'Added: dave@example.com')
  expect(await page.getByRole('textbox', { name: 'Add an address' }).count()).toBe(0)

  // Enter in a field sends nothing. Back leads to the letter, and the draft waits there, with what was typed last.
  await tabTo(page, 'Subject')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Bulleted list')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' at last')
  await page.goBack()
  await isSaid(page, 'The message is open.')
  await press(page, 'Continue writing')
  await isSaid(page, 'Your draft was found again')
  await page.reload()
  await expect.poll(() => written(page).innerText()).toContain('a point at last')
  await press(page, 'Send the original message along')
  await tabTo(page, 'Send me a copy')
  await press(page, 'Send')
  await isSaid(page, 'Your message was sent')
  await expect.poll(() => focusedName(page)).toBe('Your message was sent')
  await expect
    .poll(async () => (await zegel.listMails('alice@example.com')).map(({ subject }) => subject))
    .toContain('Re: Figures')
  await press(page, 'Back to the message')
  await isSaid(page, 'The message is open.')
  await expect.poll(() => focusedName(page)).toBe('Figures')
  expect(await page.getByRole('button', { name: 'Continue writing' }).count()).toBe(0)
  await page.context().close()
})

it('nothing that is pasted or dropped fetches or runs; pictures go into the text, files along, within the limit', async () => {
  const page = await openedLetter('Pasted')
  const asked: string[] = []
  page.on('request', request => asked.push(request.url()))
  await page.getByRole('button', { name: 'Reply', exact: true }).click()
  await written(page).waitFor()
  await written(page).evaluate(field => {
    const paste = (data: DataTransfer): boolean =>
      field.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      )
    const html = new DataTransfer()
    html.setData(
      'text/html',
      `<p style="font-weight:700;background:url(https://evil.test/b)">kept<img src="https://evil.test/x.png" onerror="document.title='run'"><script>document.title='run'</script></p>` +
        `<a href="javascript:document.title='run'">no link</a><svg onload="document.title='run'"></svg>`,
    )
    html.setData('text/plain', 'kept')
    paste(html)
    const picture = new DataTransfer()
    const bytes = Uint8Array.from(
      atob(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      ),
      letter => letter.charCodeAt(0),
    )
    picture.items.add(new File([bytes], 'shot.png', { type: 'image/png' }))
    paste(picture)
    const files = new DataTransfer()
    files.items.add(new File(['small'], 'small.txt', { type: 'text/plain' }))
    files.items.add(new File([new Uint8Array(60_000_000)], 'large.bin'))
    document.body.dispatchEvent(
      new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }),
    )
  })
  await written(page).locator('img[src^="blob:"]').waitFor()
  await page.getByText('large.bin does not fit.').waitFor()
  await page.getByRole('button', { name: 'Remove: small.txt' }).waitFor()
  const html = await written(page).innerHTML()
  expect(html).toContain('kept')
  expect(html).not.toMatch(/script|onerror|javascript:|evil|svg|cid:/)
  expect(await page.title()).not.toBe('run')
  expect(asked.filter(url => /evil|cid:/.test(url))).toEqual([])
  // What is dragged here from another page
  const line = await page.context().newCDPSession(page)
  const { x = 0, y = 0 } = (await written(page).boundingBox()) ?? {}
  const dragged = `<div style="position:fixed;inset:0"><img src="https://evil.test/y.png">dragged</div>`
  const data = { items: [{ mimeType: 'text/html', data: dragged }], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await line.send('Input.dispatchDragEvent', { type, x: x + 20, y: y + 20, data })
  await written(page).getByText('dragged').waitFor()
  expect(await written(page).innerHTML()).not.toMatch(/fixed|evil/)
  // What is quoted is shown in its own frame and never stands in the editor. EFAIL
  await page.getByText('Show the original message').click()
  const frame = page.frameLocator('.quoted iframe')
  await frame.getByText('Canary of the original').waitFor()
  expect(html).not.toContain('Canary')
  // An address that was typed and is none keeps the answer here; one that is goes along without being asked.
  const person = page.getByRole('textbox', { name: 'Add an address' })
  await person.fill('nobody')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByText('This is not an email address.').waitFor()
  await expect.poll(() => person.evaluate(one => one === document.activeElement)).toBe(true)
  await person.fill('erin@outside.test')
  await page.getByLabel('Subject').click()
  await page.getByRole('button', { name: 'Remove: erin@outside.test' }).waitFor()
  await page.getByRole('button', { name: 'Link' }).click()
  await page.getByLabel('Where the link leads').waitFor()
  await isSoundInEveryLook(page, 'an answer')
  await page.context().close()
})
