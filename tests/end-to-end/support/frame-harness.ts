import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { securityHeaders } from '../../../src/server/portal/security-headers.ts'
import { chromiumFromNpm } from '../../support/chromium-from-npm.ts'
import { dialogsIn } from './reader.ts'
import type { FrameHarness } from './frame-harness-page.ts'

declare global {
  // Of the page, in functions that Playwright evaluates there.
  var harness: FrameHarness
}

export interface RunningHarness {
  /** A page with the reader page's own headers, or with none. */
  readonly open: (headers: 'reader' | 'none') => Promise<Page>
  /** Connections that the browser has made to anywhere else, whatever their name. */
  readonly leaks: () => readonly string[]
  readonly forgetLeaks: () => void
  readonly close: () => Promise<void>
}

/** A browser for which every host name is one recorder, and a page with the reader's modules. @param page a file of this folder */
export async function startFrameHarness(page = 'frame-harness-page.ts'): Promise<RunningHarness> {
  const script = await bundle(page)
  const recorder = await startRecorder()
  const server = createServer((request, response) => {
    const reader = request.url === '/reader'
    const headers = reader ? securityHeaders('reader', { tls: false }) : {}
    if (request.url === '/assets/harness.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    } else {
      response.writeHead(200, { ...headers, 'content-type': 'text/html' })
      response.end('<!doctype html><script type="module" src="/assets/harness.js"></script>')
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const browser = await launch(recorder.port)
  return {
    async open(headers) {
      const page = await browser.newPage()
      dialogsIn(page.context())
      await page.goto(`http://127.0.0.1:${port}/${headers}`)
      await page.waitForFunction(() => globalThis.harness !== undefined)
      return page
    },
    leaks: () => recorder.seen,
    forgetLeaks: () => recorder.seen.splice(0),
    async close() {
      await browser.close()
      server.close()
      recorder.close()
    },
  }
}

async function bundle(page: string): Promise<string> {
  const input = fileURLToPath(new URL(`./${page}`, import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'chrome120', rolldownOptions: { input } },
  })
  const [first] = [built].flat()
  if (first === undefined || !('output' in first)) throw new Error('the harness was not built')
  return first.output[0].code
}

/** Takes every connection, notes what it says first, and hangs up. */
async function startRecorder(): Promise<{
  readonly port: number
  readonly seen: string[]
  readonly close: () => void
}> {
  const seen: string[] = []
  const server = createTcpServer(socket => {
    socket.on('error', () => undefined)
    socket.once('data', data => {
      seen.push(data.toString('latin1').split('\r\n', 2).join(' '))
      socket.destroy()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, seen, close: () => server.close() }
}

function launch(recorderPort: number): ReturnType<typeof chromium.launch> {
  const { executablePath, env } = chromiumFromNpm()
  return chromium.launch({
    executablePath,
    headless: true,
    env: { ...process.env, ...env },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=MAP * 127.0.0.1:${recorderPort}, EXCLUDE 127.0.0.1`,
    ],
  })
}
