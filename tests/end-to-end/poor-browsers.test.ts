import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { axeFindings } from '../support/axe.ts'
import type { TestInstallation } from '../support/test-installation.ts'
import { inInstallation } from './support/in-installation.ts'
import {
  choiceShown,
  messageShown,
  newAddress,
  newReaderIn,
  newestMessageHtml,
  openFromDisk,
  openNewest,
  passcodeButton,
  saveToDisk,
  signInByPasscode,
} from './support/reader.ts'

const builtBrowser = new URL('../../dist/browser/', import.meta.url)

let zegel: TestInstallation
let browser: Browser
inInstallation(shared => ({ zegel, browser } = shared))

/** A mail that waits in the mailbox of a new address. */
async function sealedFor(): Promise<string> {
  const to = newAddress()
  await zegel.send({ from: 'alice@example.com', to, subject: 'Hello', text: 'Read anywhere.' })
  return to
}

/** No service worker of an earlier visit stands between page and test. */
const newReader = (locale = 'en'): Promise<Page> =>
  newReaderIn(browser, { locale, serviceWorkers: 'block' })

const assetsAskedFor = (): string =>
  zegel.front.requests.map(({ path }) => path.replace('/assets/', '')).join(' ')

/** In a page or a worker: algorithms that Web Crypto does not know. */
function forgetAlgorithms(names: readonly string[]): void {
  for (const method of ['importKey', 'generateKey'] as const) {
    const original = crypto.subtle[method].bind(crypto.subtle) as (
      ...given: unknown[]
    ) => Promise<unknown>
    const isForgotten = (one: unknown): boolean =>
      names.includes(
        typeof one === 'string' ? one : ((one as { name?: string } | null)?.name ?? ''),
      )
    Object.defineProperty(crypto.subtle, method, {
      value: (...given: unknown[]) =>
        given.some(isForgotten)
          ? Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError'))
          : original(...given),
    })
  }
}

describe('a browser that lacks an algorithm', () => {
  it('loads the audited one for it, and for no other, and reads the message', async () => {
    const to = await sealedFor()
    const page = await newReader()
    await page.addInitScript(forgetAlgorithms, ['ECDH'])
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'BroadcastChannel'))
    await page.route('**/assets/open-letter-worker-*.js', async route => {
      const name = new URL(route.request().url()).pathname.replace('/assets/', '')
      const script = await readFile(new URL(name, builtBrowser), 'utf8')
      const lacking = `(${forgetAlgorithms.toString()})(['Ed25519', 'ChaCha20-Poly1305']);`
      await route.fulfill({ contentType: 'text/javascript', body: lacking + script })
    })
    zegel.front.clear()
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Hello')
    expect(assetsAskedFor()).toMatch(/curves-/)
    expect(assetsAskedFor()).toMatch(/ed25519-/)
    expect(assetsAskedFor()).toMatch(/chacha-/)
    await page.context().close()
  })

  it('loads nothing in place of what it has', async () => {
    const to = await sealedFor()
    const page = await newReader()
    zegel.front.clear()
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Hello')
    expect(assetsAskedFor()).not.toMatch(/curves-|ed25519-/)
    await page.context().close()
  })

  it('says that it could not finish where there are no workers, and keeps the message', async () => {
    const to = await sealedFor()
    const page = await newReader()
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'Worker'))
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await page.getByRole('heading', { name: 'Your browser could not finish' }).waitFor()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await page.context().close()
  })
})

/** What browsers do to IndexedDB in private windows, with cookies blocked, or when the disk is full. */
const storages: Readonly<Record<string, () => void>> = {
  'is not there': () => {
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined })
    Object.defineProperty(globalThis, 'sessionStorage', {
      get: () => {
        throw new DOMException('Access is denied.', 'SecurityError')
      },
    })
  },
  'refuses to open': () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
  },
  'is full': () => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('Quota exceeded.', 'QuotaExceededError')
    }
  },
}

describe('a browser whose storage', () => {
  it.each(Object.keys(storages))(
    '%s reads the message; a reload says why it asks for it',
    async how => {
      const to = await sealedFor()
      const page = await newReader()
      await page.addInitScript(storages[how] ?? (() => undefined))
      const file = await saveToDisk(zegel, await newestMessageHtml(zegel, to))
      await openFromDisk(page, file)
      await signInByPasscode(page, zegel, to)
      await messageShown(page, 'Hello')
      await page.reload()
      await page.getByText('Your browser keeps nothing between two pages').waitFor()
      await page.getByLabel('Choose message.html').setInputFiles(file)
      await messageShown(page, 'Hello')
      await page.context().close()
    },
  )

  it('deletes the message meanwhile: the page says so, asks for the file and goes on', async () => {
    const to = await sealedFor()
    const page = await newReader()
    const file = await saveToDisk(zegel, await newestMessageHtml(zegel, to))
    await openFromDisk(page, file)
    await choiceShown(page)
    await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const deleting = indexedDB.deleteDatabase('zegel')
          deleting.addEventListener('success', resolve)
          deleting.addEventListener('error', reject)
        }),
    )
    await page.reload()
    await page.getByText('your browser deleted it to make room').waitFor()
    await page.getByLabel('Choose message.html').setInputFiles(file)
    await passcodeButton(page).waitFor()
    await page.context().close()
  })
})

describe('a connection that is lost', () => {
  it('is said, nothing is lost, and the message opens by itself when it is back', async () => {
    const to = await sealedFor()
    const page = await newReader()
    await page.route('**/api/release', async route => {
      await page.context().setOffline(true)
      await route.abort('internetdisconnected')
    })
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await page.getByRole('heading', { name: 'You are offline' }).waitFor()
    await page.unroute('**/api/release')
    await page.context().setOffline(false)
    await messageShown(page, 'Hello')
    await page.context().close()
  })

  it('keeps what was asked for, and the same button asks again', async () => {
    const to = await sealedFor()
    const page = await newReader()
    await openNewest(page, zegel, to)
    await page.waitForLoadState('networkidle')
    await page.context().setOffline(true)
    await passcodeButton(page).click()
    await page.getByText('The portal cannot be reached').waitFor()
    await page.context().setOffline(false)
    await signInByPasscode(page, zegel, to)
    await messageShown(page, 'Hello')
    await page.context().close()
  })
})

describe('a portal that was renewed while a page was open', () => {
  it('has no part of the old page: trying again loads the new page, which opens the message again', async () => {
    const to = newAddress()
    await zegel.send({
      envelope: { from: 'alice@example.com', to },
      raw: `From: alice@example.com\r\nTo: ${to}\r\nSubject: With a file\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nx\r\n`,
    })
    const page = await newReader()
    await page.route('**/assets/attachments-*.js', route => route.fulfill({ status: 404 }))
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    const again = page.getByRole('button', { name: 'Try again' })
    await again.waitFor()
    await page.evaluate(() => Object.assign(globalThis, { isOld: true }))
    await page.unroute('**/assets/attachments-*.js')
    await page.route('**/assets/attachments-*.js', async route => {
      const isOld = await page.evaluate(() => 'isOld' in globalThis)
      await (isOld ? route.fulfill({ status: 404 }) : route.continue())
    })
    await again.click()
    await page.getByRole('button', { name: 'Download a.pdf' }).waitFor()
    expect(await page.evaluate(() => 'isOld' in globalThis)).toBe(false)
    await page.context().close()
  })
})

describe('a long wait', () => {
  it('says what is done, can be ended, and the message can be opened after all', async () => {
    const to = await sealedFor()
    const page = await newReader()
    let goOn: () => void = () => undefined
    const held = new Promise<void>(resolve => {
      goOn = resolve
    })
    await page.route('**/api/release', async route => {
      await held
      await route.continue()
    })
    await openNewest(page, zegel, to)
    await signInByPasscode(page, zegel, to)
    await page.getByText('Asking for the key').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('heading', { name: 'Not opened' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    goOn()
    await page.getByRole('button', { name: 'Open it after all' }).click()
    await messageShown(page, 'Hello')
    await page.context().close()
  })
})

describe('a browser without scripts', () => {
  it('is told on every page what is needed, in its language', async () => {
    const to = await sealedFor()
    const page = await newReaderIn(browser, {
      javaScriptEnabled: false,
      locale: 'nl',
      viewport: { width: 320, height: 640 },
    })
    const file = await saveToDisk(zegel, await newestMessageHtml(zegel, to))
    await openFromDisk(page, file)
    for (const path of ['', '/open', '/read', '/leave', '/associations']) {
      if (path !== '') await page.goto(`${zegel.portalUrl}${path}`)
      await page
        .getByRole('heading', { level: 1, name: 'Deze pagina heeft scripts nodig' })
        .waitFor()
      // Playwright's texts leave `noscript` out.
      expect(await page.getByRole('main').innerText()).toContain('Sta scripts toe voor deze site')
      expect(await page.locator('html').getAttribute('lang')).toBe('nl')
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThan(321)
    }
    await page.context().close()
  })

  it('gets a page in which axe finds nothing', async () => {
    // axe is a script: the page is drawn as it is without any, and only axe runs.
    const page = await newReaderIn(browser, { bypassCSP: true, serviceWorkers: 'block' })
    await page.route('**/assets/*.js', route => route.abort())
    for (const path of ['/open', '/read']) {
      await page.goto(`${zegel.portalUrl}${path}`)
      await page.evaluate(() => {
        for (const element of document.querySelectorAll('noscript'))
          element.outerHTML = element.textContent
      })
      await page.getByRole('heading', { level: 1, name: 'This page needs scripts' }).waitFor()
      expect(await axeFindings(page), path).toEqual([])
    }
    await page.context().close()
  })
})
