import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request as httpRequest } from 'node:http'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { buffer as collect } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkHop } from '../../../src/server/commands/checks/check-hop.ts'
import { checkPublicAddress } from '../../../src/server/commands/checks/check-public-address.ts'
import { browserFolder } from '../../../src/server/commands/browser-folder.ts'
import { compareAssets } from '../../../src/server/commands/compare-assets.ts'
import { startInstallation } from '../../../src/server/commands/installation.ts'
import type { Installation } from '../../../src/server/commands/installation.ts'
import { isExpectedPage } from '../../../src/server/commands/is-expected-page.ts'
import { makeKeys } from '../../../src/server/commands/make-keys.ts'
import { parseConfig } from '../../../src/server/config/load-config.ts'
import { createMailbox } from '../../../src/server/demo/mailbox.ts'
import type { Mailbox } from '../../../src/server/demo/mailbox.ts'
import { readBrowserBuild } from '../../../src/server/portal/browser-build.ts'
import { createRootKeyFile } from '../../../src/server/keys/root-key.ts'
import { createLog } from '../../../src/server/telemetry/log.ts'
import { freePort } from '../../support/free-port.ts'
import { startZegel, zegel } from './zegel.ts'
import { zegelHere } from './zegel-here.ts'

const sixtyFourKiB = 64 * 1024

describe('zegel check and verify on a running portal', () => {
  let folder = ''
  let mailbox: Mailbox
  let installation: Installation
  let portalUrl = ''
  const servers: Server[] = []

  beforeAll(async () => {
    folder = mkdtempSync(`${tmpdir()}/zegel-check-`)
    mailbox = createMailbox({ httpPort: 0, smtpPort: 0, gateway: { host: '127.0.0.1', port: 9 } })
    await mailbox.listen()
    portalUrl = `http://localhost:${await freePort()}`
    installation = await startPortal()
  })

  afterAll(async () => {
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
    await installation.close()
    await mailbox.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function startPortal(): Promise<Installation> {
    for (const name of ['gateway.key', 'portal.key']) await createRootKeyFile(`${folder}/${name}`)
    const sink = { host: '127.0.0.1', port: mailbox.smtpPort, tls: 'none' } as const
    const input = {
      organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
      gateway: { listen: ['127.0.0.1:0'], nextHop: sink },
      portal: {
        url: portalUrl,
        listen: `127.0.0.1:${new URL(portalUrl).port}`,
        maxPostedBytes: sixtyFourKiB,
        mail: { relay: sink },
      },
    }
    const pinned = await makeKeys(folder, input, Date.now)
    return startInstallation({
      config: parseConfig(JSON.stringify(pinned), `${folder}/zegel.yaml`, {}),
      role: 'portal',
      environment: {},
      log: createLog({ write: () => undefined, clock: Date.now }),
      clock: Date.now,
    })
  }

  /** A server of another name before the portal; returns its address. */
  async function startProxy(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  const forward = (
    incoming: IncomingMessage,
    body: Buffer | null,
    answer: (response: IncomingMessage) => void,
  ): void => {
    const { method, url, headers } = incoming
    const request = httpRequest(
      new URL(url ?? '/', portalUrl),
      { method: method ?? 'GET', headers: { ...headers, host: new URL(portalUrl).host } },
      answer,
    )
    request.on('error', () => incoming.destroy()) // the check has left
    if (body === null) incoming.pipe(request)
    else request.end(body)
  }

  const check = (url: string) => checkPublicAddress(url, sixtyFourKiB, () => undefined)

  it('takes a message of the full size, straight or through a proxy that streams', async () => {
    const streaming = await startProxy((incoming, outgoing) =>
      forward(incoming, null, response => passOn(response, outgoing)),
    )
    expect(await check(portalUrl)).toMatchObject({ state: 'ok' })
    expect(await check(streaming)).toMatchObject({ state: 'ok' })
  })

  it('finds a proxy that collects the body before it hands it on', async () => {
    const collecting = await startProxy((incoming, outgoing) => {
      collect(incoming).then(
        body => forward(incoming, body, response => passOn(response, outgoing)),
        () => outgoing.destroy(),
      )
    })
    const line = await check(collecting)
    expect(line).toMatchObject({ state: 'failed' })
    expect(line.detail).toContain('collects a whole message')
  })

  it('finds a body limit', async () => {
    const limited = await startProxy((_incoming, outgoing) => outgoing.writeHead(413).end())
    const line = await check(limited)
    expect(line).toMatchObject({ state: 'failed' })
    expect(line.detail).toContain('raise its body limit')
  })

  it('finds that something else answers, or nothing', async () => {
    const other = await startProxy((_incoming, outgoing) => outgoing.end('hello'))
    expect((await check(other)).detail).toContain('is not this portal')
    expect(await check(`http://127.0.0.1:${await freePort()}`)).toMatchObject({ state: 'failed' })
  })

  it('connects to a mail server and names what it offers', async () => {
    const hop = {
      host: '127.0.0.1',
      port: mailbox.smtpPort,
      tls: 'none',
      serverName: '',
      ca: undefined,
      clientCertificate: undefined,
      credentials: undefined,
      heloName: 'localhost',
    } as const
    const line = await checkHop('next hop', hop, 1000)
    expect(line).toMatchObject({ state: 'ok' })
    expect(line.detail).toContain('PIPELINING')
    expect(await checkHop('next hop', hop, 10 ** 9)).toMatchObject({ state: 'warning' })
    const away = { ...hop, port: await freePort() }
    expect(await checkHop('next hop', away)).toMatchObject({ state: 'failed' })
    const secure = { ...hop, tls: 'required' } as const
    expect((await checkHop('next hop', secure)).detail).toContain('it offers no STARTTLS')
  })

  it('verifies a portal that serves what this program was built with', async () => {
    const results = await compareAssets(new URL(portalUrl))
    const names = results.filter(({ state }) => state === 'same').map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining([
        'the page /',
        'the page /open',
        'the page /read',
        'the page /open, posted to',
      ]),
    )
    expect(results.filter(({ state }) => state === 'altered' || state === 'missing')).toEqual([])
  })

  it('finds one altered byte of a script', async () => {
    const altering = await startProxy((incoming, outgoing) =>
      forward(incoming, null, response => {
        const isScript = /\/assets\/viewer-.*\.js$/.test(incoming.url ?? '')
        answerAltered(response, outgoing, body => {
          if (isScript) body[10] = (body[10] ?? 0) ^ 1
          return body
        })
      }),
    )
    const altered = (await compareAssets(new URL(altering))).filter(
      ({ state }) => state === 'altered',
    )
    expect(altered.map(({ name }) => name)).toEqual([expect.stringMatching(/\/assets\/viewer-/)])
  })

  it.each([
    [
      'a script of its own',
      (page: string) => page.replace('</body>', '<script src="/x.js"></script></body>'),
    ],
    [
      'a script within the page',
      (page: string) => page.replace('</body>', '<script>x()</script></body>'),
    ],
    [
      'another base',
      (page: string) => page.replace('<head>', '<head><base href="https://evil.test/">'),
    ],
    [
      'a script behind what a browser takes for the end of a title',
      (page: string) =>
        page.replace('<title>', '<title><a b="</title><script src="/x.js"></script><i c=">'),
    ],
    [
      'a script behind what a browser takes for the end of a comment',
      (page: string) => page.replace('<title>', '<!-- --!><script src="/x.js"></script> -->$&'),
    ],
    [
      'another address to go to',
      (page: string) =>
        page.replace('<title>', '<meta http-equiv="refresh" content="0;url=https://evil.test/">$&'),
    ],
    [
      'a byte order mark of another encoding',
      (page: string) =>
        Buffer.from(`\ufeff<script src="/x.js"></script>${page}`, 'utf16le').toString('latin1'),
    ],
  ])('finds a page with %s', async (_what, alter) => {
    const { assets } = await readBrowserBuild(browserFolder)
    const answer = await fetch(`${portalUrl}/open`)
    const { headers } = answer
    const page = Buffer.from(await answer.arrayBuffer()).toString('latin1')
    const judged = (text: string) =>
      isExpectedPage({ headers, bytes: Buffer.from(text, 'latin1') }, 'page', assets)
    expect(judged(page)).toBe(true)
    expect(judged(alter(page))).toBe(false)
  })

  it('finds a script of its own that only who posts a message is given', async () => {
    const altering = await startProxy((incoming, outgoing) =>
      forward(incoming, null, response => {
        answerAltered(response, outgoing, body => {
          if (incoming.method !== 'POST') return body
          const page = body.toString('latin1')
          return Buffer.from(page.replace('<body>', '$&<script src="/x.js"></script>'), 'latin1')
        })
      }),
    )
    const altered = (await compareAssets(new URL(altering))).filter(({ state }) => state !== 'same')
    expect(altered).toEqual([{ name: 'the page /open, posted to', state: 'altered' }])
  })

  it('finds a page whose policy lets other scripts in', async () => {
    const loose = await startProxy((incoming, outgoing) =>
      forward(incoming, null, response => {
        const policy = String(response.headers['content-security-policy'])
        const headers = {
          ...response.headers,
          'content-security-policy': policy.replace("script-src 'self'", "script-src 'self' *"),
        }
        outgoing.writeHead(response.statusCode ?? 0, headers)
        response.pipe(outgoing)
      }),
    )
    const results = await compareAssets(new URL(loose))
    expect(results).toContainEqual({ name: 'the page /read', state: 'altered' })
  })

  it('finds a page in an encoding that is not checked', async () => {
    const other = await startProxy((incoming, outgoing) =>
      forward(incoming, null, response => {
        const headers = { ...response.headers, 'content-type': 'text/html; charset=utf-16' }
        outgoing.writeHead(response.statusCode ?? 0, headers)
        response.pipe(outgoing)
      }),
    )
    const results = await compareAssets(new URL(other))
    expect(results).toContainEqual({ name: 'the page /read', state: 'altered' })
  })

  it('ends with status 0 when a portal is verified, 1 when it is none', async () => {
    const good = await zegel(['verify', portalUrl, '--json'])
    expect(good.status).toBe(0)
    const other = await startProxy((_incoming, outgoing) => outgoing.end('hello'))
    const bad = await zegelHere(['verify', other])
    expect(bad.status).toBe(1)
    expect(bad.stderr).toContain('differ')
    expect((await zegelHere(['verify', 'ftp://x.test'])).status).toBe(2)
  })
})

describe('zegel serve', () => {
  let folder = ''

  beforeAll(() => {
    folder = mkdtempSync(`${tmpdir()}/zegel-serve-`)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('runs what zegel init wrote, is found in order by zegel check, and ends with status 0', async () => {
    const [portal, smtp] = [await freePort(), await freePort()]
    const flags = {
      '--data': folder,
      '--organisation': 'Example',
      '--domain': 'example.com',
      '--portal-url': `http://localhost:${portal}`,
      '--portal-listen': `127.0.0.1:${portal}`,
      '--smtp-listen': `127.0.0.1:${smtp}`,
      '--next-hop': `127.0.0.1:${await freePort()}`,
    }
    await zegelHere(['init', '--no-escrow', ...Object.entries(flags).flat()])
    const config = ['--config', `${folder}/zegel.yaml`]
    const child = startZegel(['serve', ...config])
    try {
      let stdout = ''
      for await (const chunk of child.stdout ?? []) {
        stdout += String(chunk)
        if (stdout.includes('\n')) break
      }
      expect(stdout).toBe(`zegel ready portal=http://localhost:${portal} smtp=127.0.0.1:${smtp}\n`)
      const checked = await zegel(['check', '--skip', 'dns', '--skip', 'mail', ...config])
      expect(checked.stdout.toString()).not.toMatch(/^failed/m)
      expect(checked.stdout.toString()).toMatch(/^ok +public address/m)
      expect(checked.status).toBe(0)
      const mail = await zegelHere([
        'check',
        '--skip',
        'dns',
        '--skip',
        'public',
        '--json',
        ...config,
      ])
      expect(mail.status).toBe(1)
      expect(JSON.parse(mail.stdout.toString())).toContainEqual(
        expect.objectContaining({ name: 'next hop', state: 'failed' }),
      )
    } finally {
      child.kill('SIGTERM')
    }
    const [status] = await once(child, 'close')
    expect(status).toBe(0)
  })

  it('opens only the root key of its role', async () => {
    const config = ['--config', `${folder}/zegel.yaml`]
    const env = { ZEGEL_GATEWAY_ROOTKEY: 'file:/nonexistent/gateway.key' }
    const gateway = await zegelHere(['serve', '--role', 'gateway', ...config], { env })
    expect(gateway.status).toBe(1)
    expect(gateway.stderr).toContain('/nonexistent/gateway.key')
    const child = startZegel(['serve', '--role', 'portal', ...config], { env })
    const said: Buffer[] = []
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk))
    for await (const chunk of child.stdout ?? [])
      if (String(chunk).startsWith('zegel ready portal=')) break
    child.kill('SIGTERM')
    const [status] = await once(child, 'close')
    expect([status, Buffer.concat(said).toString()]).toEqual([0, ''])
  })

  it('says every mistake in the configuration, a line each', async () => {
    const env = { ZEGEL_PORTAL_LISTEN: 'nowhere', ZEGEL_GATEWAY_MAXCONNECTIONS: '0' }
    const { status, stderr } = await zegelHere(['serve', '--config', `${folder}/zegel.yaml`], {
      env,
    })
    expect(status).toBe(1)
    expect(stderr.trimEnd().split('\n')).toHaveLength(2)
    expect(stderr).toMatch(/^zegel: ZEGEL_PORTAL_LISTEN: .*HOST:PORT/m)
  })
})

function answerAltered(
  response: IncomingMessage,
  outgoing: ServerResponse,
  alter: (body: Buffer) => Buffer,
): void {
  const { 'content-length': _length, ...headers } = response.headers
  outgoing.writeHead(response.statusCode ?? 0, headers)
  collect(response).then(
    body => outgoing.end(alter(body)),
    () => outgoing.destroy(),
  )
}

function passOn(response: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(response.statusCode ?? 0, response.headers)
  response.pipe(outgoing)
}
