import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Debian's Firefox, where it is installed: none comes from npm. */
const firefoxPath = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(path => existsSync(path))
export const hasFirefox: boolean = firefoxPath !== undefined
export const withoutFirefox = hasFirefox ? '' : ' (skipped: no Firefox on this machine)'

/** One tab of a Firefox of its own. */
export interface FirefoxTab {
  goTo(url: string): Promise<void>
  /** Evaluates an expression in the page; its value must be a string, number or boolean. */
  evaluate(expression: string): Promise<unknown>
  /** Waits until an expression is true, also across pages. @throws Error after 90 s */
  until(expression: string): Promise<void>
  /** Real keys, to whatever has the focus. */
  type(text: string): Promise<void>
  close(): Promise<void>
}

/** Quiet: no first-run pages, nothing looked up by itself. */
const preferences: Readonly<Record<string, string | number | boolean>> = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'intl.accept_languages': 'en',
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
}

/** Starts Firefox without a window and speaks WebDriver BiDi with it. https://w3c.github.io/webdriver-bidi/ */
export async function launchFirefox(): Promise<FirefoxTab> {
  if (firefoxPath === undefined) throw new Error('no Firefox on this machine')
  const home = await mkdtemp(join(tmpdir(), 'zegel-firefox-'))
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  )
  await writeFile(join(home, 'user.js'), lines.join('\n'))
  const program = spawn(
    firefoxPath,
    ['--headless', '--no-remote', '--profile', home, '--remote-debugging-port', '0'],
    {
      env: { ...process.env, HOME: home, MOZ_DISABLE_CONTENT_SANDBOX: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const socket = new WebSocket(`${await listeningAddress(program)}/session`)
  await once(socket, 'open')
  const ask = asker(socket)
  await ask('session.new', { capabilities: {} })
  const { contexts } = (await ask('browsingContext.getTree', {})) as {
    contexts: { context: string }[]
  }
  const context = contexts[0]?.context ?? ''
  const tab = { ask, context }
  return {
    goTo: async url =>
      void (await ask('browsingContext.navigate', { context, url, wait: 'complete' })),
    evaluate: expression => evaluate(tab, expression),
    until: expression => until(tab, expression),
    type: async text =>
      void (await ask('input.performActions', { context, actions: [keys(text)] })),
    async close() {
      const ended = once(program, 'exit')
      program.kill('SIGTERM')
      await ended
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function listeningAddress(program: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    program.once('exit', code =>
      reject(new Error(`Firefox ended with ${code ?? 'a signal'}: ${said}`)),
    )
    program.stderr?.on('data', (data: Buffer) => {
      said += data.toString()
      const address = /WebDriver BiDi listening on (ws:\S+)/.exec(said)?.[1]
      if (address !== undefined) resolve(address)
    })
  })
}

type Ask = (method: string, params: object) => Promise<unknown>
interface Tab {
  readonly ask: Ask
  readonly context: string
}

interface Answer {
  readonly id?: number
  readonly type: string
  readonly result?: unknown
  readonly message?: string
}

function asker(socket: WebSocket): Ask {
  const waiting = new Map<number, (answer: Answer) => void>()
  let lastId = 0
  socket.addEventListener('message', event => {
    const answer = JSON.parse(String(event.data)) as Answer
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer)
  })
  return async (method, params) => {
    const id = (lastId += 1)
    const answered = new Promise<Answer>(resolve => waiting.set(id, resolve))
    socket.send(JSON.stringify({ id, method, params }))
    const answer = await answered
    waiting.delete(id)
    if (answer.type === 'error') throw new Error(`${method}: ${answer.message ?? ''}`)
    return answer.result
  }
}

async function evaluate({ ask, context }: Tab, expression: string): Promise<unknown> {
  const answer = (await ask('script.evaluate', {
    expression,
    target: { context },
    awaitPromise: true,
    userActivation: true,
  })) as { result?: { value?: unknown }; exceptionDetails?: { text: string } }
  if (answer.exceptionDetails !== undefined) throw new Error(answer.exceptionDetails.text)
  return answer.result?.value
}

async function until(tab: Tab, expression: string): Promise<void> {
  const endMs = Date.now() + 90_000
  while (Date.now() < endMs) {
    // Between two pages there is nothing to ask.
    const value = await evaluate(tab, expression).catch(() => false)
    if (value === true) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  const text = await evaluate(tab, 'document.body.innerText').catch(String)
  throw new Error(`never true: ${expression}; the page says: ${String(text)}`)
}

const keys = (text: string): object => ({
  type: 'key',
  id: 'keyboard',
  actions: Array.from(text).flatMap(value => [
    { type: 'keyDown', value },
    { type: 'keyUp', value },
  ]),
})
