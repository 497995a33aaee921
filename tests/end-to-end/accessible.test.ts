import { describe, expect, it } from 'vitest'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { TestInstallation } from '../support/test-installation.ts'
import { oneMoreStep, pickAccount, signInButton } from './support/accounts.ts'
import { asItIs, byLink, isSoundInEveryLook } from './support/every-look.ts'
import type { FaultyWay } from './support/faulty-way.ts'
import { altered, partsOf } from './support/forge.ts'
import { inAccountWorld } from './support/in-account-world.ts'
import { letterOfMany } from './support/letter-of-many.ts'
import {
  enterPasscode,
  messageBody,
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  openNewest,
  passcodeButton,
  passcodeField,
  readPasscode,
  saveToDisk,
  shownReference,
  signInByPasscode,
} from './support/reader.ts'
import { addAuthenticator } from './support/virtual-authenticator.ts'

let zegel: TestInstallation
let browser: Browser
let way: FaultyWay
const organisations = [
  { id: 'example', name: 'Example', domains: ['example.com'] },
  { id: 'arabic', name: 'مستشفى المدينة', domains: ['arabic.example'], locale: 'ar' },
]
inAccountWorld(world => ({ zegel, browser, way } = world), {
  config: {
    organisations,
    policy: { default: { expires: '30d' } },
  },
})

const isSound = isSoundInEveryLook
const subject = 'Results of your examination on 18 November'
const newReader = (options: BrowserContextOptions = {}): Promise<Page> =>
  newReaderIn(browser, { serviceWorkers: 'block', ...options })

async function sealedTo(to: string, more: { from?: string; html?: string } = {}): Promise<string> {
  await zegel.send({
    from: 'Alice de Vries <alice@example.com>',
    to,
    subject,
    text: 'All good.',
    ...more,
  })
  const [first = ''] = to.split(/, */)
  return saveToDisk(zegel, await newestMessageHtml(zegel, first))
}

/** A message opened up to the choice. */
async function readerOf(to: string, more: { from?: string; html?: string } = {}): Promise<Page> {
  const file = await sealedTo(to, more)
  const page = await newReader()
  await openFromDisk(page, file)
  await page.getByText('Show that it is yours:').waitFor()
  return page
}

const pressed = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()

describe('every page in every look gives axe nothing to find', () => {
  it('the portal’s own pages', async () => {
    const page = await newReader()
    for (const path of ['/', '/privacy', '/promises', '/nothing-here']) {
      await page.goto(`${zegel.portalUrl}${path}`)
      await isSound(page, path, byLink)
    }
    const leads = [
      'https://user@xn--e1afmkfd.example/a',
      'mailto:a@example.com',
      'tel:+31201234567',
      '',
    ]
    for (const path of ['/open', '/read', '/associations', ...leads.map(to => `/leave#${to}`)]) {
      await page.goto('about:blank')
      await page.goto(`${zegel.portalUrl}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await isSound(page, path)
    }
    await page.goto(`${zegel.portalUrl}/open`)
    const wrong = await saveToDisk(zegel, Buffer.from('<p>Hello</p>'))
    await page.getByLabel('Choose message.html').setInputFiles(wrong)
    await page.getByText('This is not a protected message').first().waitFor()
    await isSound(page, 'wrong file')
    await page.context().close()
  })

  it('the pages without scripts', async () => {
    // axe is a script: the page is drawn as it is without any, and only axe runs.
    const page = await newReader({ bypassCSP: true })
    await page.route('**/assets/*.js', route => route.abort())
    for (const path of ['/open', '/read', '/associations'])
      await isSound(page, `${path} without scripts`, async (_, language) => {
        await page.goto(`${zegel.portalUrl}${path}?lang=${language}`)
        await page.evaluate(() => {
          for (const element of document.querySelectorAll('noscript'))
            element.outerHTML = element.textContent
        })
      })
    await page.context().close()
  })

  it('message.html, also of an organisation that writes from right to left', async () => {
    const page = await newReader()
    for (const from of ['alice@example.com', 'alice@arabic.example']) {
      const to = newAddress()
      await zegel.send({ from, to, subject, text: 'All good.' })
      const [mail] = await zegel.listMails(to)
      await page.goto(
        `file://${await saveToDisk(zegel, await zegel.attachment(mail?.id ?? '', 'message.html'))}`,
      )
      await isSound(page, `message.html of ${from}`, asItIs)
    }
    await page.context().close()
  })

  it('the way with a passcode', async () => {
    const [bob, carol] = [newAddress('bob'), newAddress('carol')]
    const page = await readerOf(`${bob}, ${carol}`)
    await isSound(page, 'choice')
    await page.getByText('Other ways').click()
    await page.getByText('Is this real?').click()
    await isSound(page, 'choice, opened up')
    await page.getByText('Is this real?').click()
    await passcodeButton(page).click()
    await page.getByRole('heading', { name: 'Which address is yours?' }).waitFor()
    await pressed(page, 'Send the passcode')
    await isSound(page, 'which address, none chosen')
    await page.getByRole('radio').first().check()
    await pressed(page, 'Send the passcode')
    const code = await readPasscode(zegel, bob, await shownReference(page))
    await isSound(page, 'passcode')
    await passcodeField(page).fill('1234')
    await pressed(page, 'Continue')
    await page.getByText('A passcode has 8 digits').waitFor()
    await isSound(page, 'passcode, incomplete')
    await passcodeField(page).fill(code === '00000000' ? '00000001' : '00000000')
    await pressed(page, 'Continue')
    await page.getByText('That is not the passcode').first().waitFor()
    await isSound(page, 'passcode, wrong')
    zegel.advance(16 * 60_000)
    await passcodeField(page).fill(code)
    await pressed(page, 'Continue')
    await page.getByText('This passcode has ended').first().waitFor()
    await isSound(page, 'passcode, ended')
    await page.context().close()
  })

  it('a provider that is down', async () => {
    const page = await readerOf(newAddress())
    await way.stop()
    await signInButton(page, 'Microsoft').click()
    await page.getByText('Microsoft does not answer at the moment.').waitFor()
    await way.mend()
    zegel.advance(11_000) // longer than a provider that did not answer is left alone
    await isSound(page, 'provider down')
    await page.context().close()
  })

  it('the way with an account', async () => {
    const to = newAddress()
    const page = await readerOf(to)
    await signInButton(page, 'Google').click()
    await page.locator('#email').waitFor()
    await isSound(page, 'provider', asItIs)
    await page.locator('a.button').click()
    await page.getByText('You did not finish signing in').waitFor()
    await isSound(page, 'sign-in cancelled')
    // The result comes back in the fragment: the provider of the tests refuses nobody.
    await page.goto(`${zegel.portalUrl}/read#sign-in=account-refused&provider=microsoft`)
    await page.reload()
    await page.getByText('does not accept this Microsoft account here').waitFor()
    await isSound(page, 'account refused')
    await signInButton(page, 'Microsoft').click()
    await pickAccount(page, { email: `private-${to}`, kind: 'personal' })
    await oneMoreStep(page)
    await isSound(page, 'one more step')
    await pressed(page, 'Send the passcode')
    await shownReference(page)
    await isSound(page, 'passcode that associates')
    await enterPasscode(page, zegel, to)
    await messageShown(page, subject)
    await page.getByRole('link', { name: 'Your associations' }).click()
    await page.getByText('Microsoft account').waitFor()
    await isSound(page, 'associations')
    await page.getByRole('button', { name: 'Remove: Microsoft' }).click()
    await page.getByRole('button', { name: 'Keep' }).waitFor()
    await isSound(page, 'associations, before removal')
    await pressed(page, 'Remove')
    await page.getByText('There are none').waitFor()
    await isSound(page, 'associations, none')
    await page.context().close()
  })

  it('the wait, offline, and what was not opened', async () => {
    const to = newAddress()
    const page = await readerOf(to)
    let goOn: () => void = () => undefined
    const held = new Promise<void>(resolve => {
      goOn = resolve
    })
    await page.route('**/api/release', async route => {
      await held
      await route.abort('internetdisconnected').catch(() => undefined) // the reader has ended it
    })
    await signInByPasscode(page, zegel, to)
    await page.getByText('Asking for the key').waitFor()
    await isSound(page, 'wait')
    await pressed(page, 'Cancel')
    await page.getByRole('heading', { name: 'Not opened' }).waitFor()
    await isSound(page, 'stopped')
    await pressed(page, 'Open it after all')
    await page.getByText('Asking for the key').waitFor()
    goOn()
    await page.getByRole('heading', { name: 'The portal cannot be reached' }).waitFor()
    await isSound(page, 'offline')
    await page.context().close()
  })

  it('a letter with everything, what opens from it, and its end', async () => {
    const to = newAddress()
    await zegel.send({ envelope: { from: 'alice@example.com', to }, raw: letterOfMany(to) })
    const page = await newReader()
    await addAuthenticator(page)
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'A letter of many parts')
    await page.getByRole('list', { name: 'Attachments' }).waitFor()
    await page.getByRole('button', { name: 'Make a passkey' }).waitFor()
    await messageBody(page).locator('summary', { hasText: 'Earlier messages' }).click()
    await isSound(page, 'letter')
    for (const name of ['pixel.png', 'page.html', 'tone.wav']) {
      await page.getByRole('button', { name: `Preview ${name}` }).click()
      await page.getByRole('dialog').locator('iframe').waitFor()
      await isSound(page, `preview of ${name}`)
      await page.keyboard.press('Escape')
    }
    await page.getByRole('button', { name: /^Open Outer/ }).click()
    await page.getByText('Who wrote it was not checked').waitFor()
    await isSound(page, 'attached message')
    await pressed(page, 'Back to the message')
    await pressed(page, 'Make a passkey')
    await page.getByText('Your passkey is made').first().waitFor()
    await isSound(page, 'passkey made')
    await pressed(page, 'Sign out')
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    await isSound(page, 'signed out')
    await page.context().close()
  })

  it('a session that ends', async () => {
    const to = newAddress()
    await sealedTo(to)
    const page = await newReader()
    await page.clock.install()
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, subject)
    const soon = page.getByText('You will be signed out in').first()
    // Other tests of this file move the portal's clock: a step at a time, until it is time.
    await expect
      .poll(async () => {
        if (!(await soon.isVisible())) await page.clock.fastForward('00:50')
        return soon.isVisible()
      })
      .toBe(true)
    await isSound(page, 'signed out soon')
    await page.clock.fastForward('03:00')
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor()
    await isSound(page, 'session ended')
    await page.context().close()
  })

  it('a letter whose sender is not sure', async () => {
    const to = newAddress()
    const raw = `From: "ceo@bank.example" <alice@example.com>\r\nSender: <bob@evil.example>\r\nReply-To: <other@evil.example>\r\nTo: ${to}\r\nSubject: Pay\r\n\r\nNow.`
    await zegel.send({ envelope: { from: 'alice@example.com', to }, raw })
    const page = await newReader()
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Pay')
    await isSound(page, 'doubtful sender')
    await page.route('**/api/session', route =>
      route.request().method() === 'DELETE'
        ? route.abort('internetdisconnected')
        : route.continue(),
    )
    await pressed(page, 'Sign out')
    await page.getByText('the portal could not be told').waitFor()
    await isSound(page, 'signed out, unknown to the portal')
    await page.context().close()
  })

  it('the mailbox of the demo', async () => {
    await sealedTo('bob@example.org')
    const page = await newReader()
    for (const path of ['/', '/compose', '/?to=bob@example.org']) {
      await page.goto(`${zegel.mailboxUrl}${path}`)
      await isSound(page, `mailbox ${path}`, byLink)
    }
    await page.locator('#list li a').first().click()
    await page.getByRole('link', { name: 'Open message.html' }).waitFor()
    await isSound(page, 'mailbox, a mail', byLink)
    await page.context().close()
  })

  it('a message that is for another, withdrawn, forged or expired', async () => {
    const to = newAddress()
    const file = await sealedTo(to)
    await revokeMessageTo(to)
    const page = await newReader()
    await openFromDisk(page, file)
    await page.getByRole('heading', { name: 'The sender has withdrawn this message' }).waitFor()
    await isSound(page, 'withdrawn')
    const [mine, others] = [newAddress(), newAddress()]
    await openFromDisk(page, await sealedTo(mine))
    await signInByPasscode(page, zegel, mine)
    await messageShown(page, subject)
    const html = await newestMessageHtml(zegel, mine)
    const ageFile = Uint8Array.from(partsOf(html).ageFile)
    ageFile.set([(ageFile.at(-40) ?? 0) ^ 1], ageFile.length - 40)
    await openFromDisk(page, await saveToDisk(zegel, altered(html, { ageFile })))
    await page.locator('[role=alert] h1').waitFor()
    await isSound(page, 'not genuine')
    const file2 = await sealedTo(others)
    await openFromDisk(page, file2)
    await passcodeButton(page).waitFor()
    await isSound(page, 'for another')
    zegel.advance(31 * 24 * 3600 * 1000)
    await openFromDisk(page, file2)
    await page.getByRole('heading', { name: 'This message has expired' }).waitFor()
    await isSound(page, 'expired')
    await page.context().close()
  })
})

/** What `zegel revoke ID` does. */
const revokeMessageTo = (to: string): Promise<void> =>
  zegel.withStore(async store => {
    const entries = await store.journal.list('example', { limit: 100 })
    const entry = entries.find(({ recipients }) => recipients.includes(to))
    if (entry === undefined) throw new Error('the journal does not know the message')
    await store.overrides.put({
      messageId: entry.messageId,
      organisationId: entry.organisationId,
      recipient: null,
      revoked: true,
      changesExpiry: false,
      expiresAtMs: null,
      createdAtMs: Date.now(),
    })
  })
