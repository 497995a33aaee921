import { connect } from 'node:net'
import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createLimitedServer, listenOn } from '../../../src/server/portal/http-server.ts'
import { testPortal } from './support/test-portal.ts'
import { ORIGIN, visitor } from './support/visitor.ts'

const MIB = 1024 * 1024
const HOST = new URL(ORIGIN).host
const signature = `${'A'.repeat(86)}==`

/** As a browser posts message.html from a disk. */
const fromDisk = {
  host: HOST,
  'content-type': 'text/plain',
  'sec-fetch-site': 'cross-site',
  origin: 'null',
}

function form(bytes: number): string {
  const line = `${'QUJD'.repeat(225)}\r\n`
  return `envelope=\r\n${line.repeat(Math.ceil(bytes / line.length))}\r\nsignature=${signature}\r\n`
}

interface Posted {
  readonly status: number
  readonly text: string
}

/** Over a real socket; the body is written in pieces. */
function post(port: number, body: string, headers: Record<string, string> = {}): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path: '/open',
        method: 'POST',
        headers: { ...fromDisk, ...headers },
      },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString('latin1'),
          }),
        )
      },
    )
    asked.on('error', reject)
    if (headers['transfer-encoding'] === 'chunked')
      for (let at = 0; at < body.length; at += 100_000) asked.write(body.slice(at, at + 100_000))
    else asked.setHeader('content-length', Buffer.byteLength(body))
    asked.end(headers['transfer-encoding'] === 'chunked' ? undefined : body)
  })
}

function envelopeIn(page: string): string | undefined {
  const block =
    /<script type="application\/octet-stream" id="envelope" data-signature="([^"]*)">([^<]*)</
  const found = block.exec(page)
  expect(found?.[1] ?? signature).toBe(signature)
  return found?.[2]?.replaceAll(/\s/g, '')
}
const sentIn = (body: string) => body.slice(9, body.lastIndexOf('signature=')).replaceAll(/\s/g, '')

describe('POST /open', () => {
  it.each([{}, { 'transfer-encoding': 'chunked' }])(
    'hands the envelope back in an inert block, byte for byte: %o',
    async headers => {
      const { portal } = await testPortal()
      const { port } = await portal.listen()
      for (const bytes of [10, 100_000, 8 * MIB - 5000]) {
        const body = form(bytes)
        const { status, text } = await post(port, body, headers)
        expect(status).toBe(200)
        expect(envelopeIn(text)).toBe(sentIn(body))
        expect(text).toMatch(/"askForFile":false/)
      }
    },
  )

  it('asks for the file where the body is larger than 8 MiB', async () => {
    const { portal } = await testPortal()
    const { port } = await portal.listen()
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
      const { status, text } = await post(port, form(9 * MIB), headers)
      expect(status).toBe(413)
      expect(envelopeIn(text)).toBeUndefined()
      expect(text).toMatch(/"askForFile":true/)
    }
  })

  it('asks for the file when the budget is used up, and takes envelopes again afterwards', async () => {
    const { portal } = await testPortal({
      portal: { maxPostedBytes: MIB, postedBudgetBytes: 4 * MIB },
    })
    const { port } = await portal.listen()
    const body = form(MIB - 5000)
    for (let round = 0; round < 3; round += 1) {
      const all = await Promise.all(Array.from({ length: 40 }, () => post(port, body)))
      expect(all.every(({ status }) => status === 200)).toBe(true)
      const taken = all.filter(({ text }) => envelopeIn(text) === sentIn(body))
      const asked = all.filter(({ text }) => text.includes('"askForFile":true'))
      expect(taken.length).toBeGreaterThan(0)
      expect(taken.length + asked.length).toBe(40)
    }
  })

  it('gives the budget back when the browser goes away in the middle', async () => {
    const { portal } = await testPortal({
      portal: { maxPostedBytes: MIB, postedBudgetBytes: 2 * MIB },
    })
    const { port } = await portal.listen()
    const body = form(MIB - 5000)
    for (let i = 0; i < 5; i += 1)
      await new Promise<void>(resolve => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.write(
            `POST /open HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 300_000)}`,
            () => socket.destroy(),
          )
        })
        socket.on('close', () => resolve())
        socket.on('error', () => undefined)
      })
    await expect
      .poll(async () => envelopeIn((await post(port, body)).text), { timeout: 10_000 })
      .toBe(sentIn(body))
  })

  it('takes a post from another site, which a file on a disk is', async () => {
    const { portal } = await testPortal()
    const response = await visitor(portal).ask('/open', { body: form(10), headers: fromDisk })
    expect(response.status).toBe(200)
  })
})

describe('threat: huge, short and wrong bodies at every door', () => {
  it.each([
    '',
    'envelope=',
    'x',
    'envelope=QUJD\r\n',
    `envelope=QUJ\r\nsignature=${signature}\r\n`,
    `envelope=QU=D\r\nsignature=${signature}\r\n`,
    `envelope=<script>alert(1)</script>\r\nsignature=${signature}\r\n`,
    `envelope=QUJD\r\nsignature="><script>alert(1)</script>\r\n`,
    `signature=${signature}\r\nenvelope=QUJD\r\n`,
    `envelope=QUJD\r\nsignature=${signature}\r\nextra=1\r\n`,
    '\u0000'.repeat(100_000),
  ])('POST /open answers a page that says so and shows nothing of it: %#', async body => {
    const { portal } = await testPortal()
    const response = await visitor(portal).ask('/open', { body, headers: fromDisk })
    expect(response.status).toBe(400)
    const page = await response.text()
    expect(page).toContain('<h1>')
    expect(page).not.toContain('alert(1)')
    expect(page).not.toContain('id="envelope"')
  })

  const doors = ['/api/describe', '/api/passcodes', '/api/passcodes/verify', '/api/usage']

  it.each(doors)('POST %s answers a problem', async path => {
    const { portal } = await testPortal()
    const who = visitor(portal)
    const json = { 'content-type': 'application/json' }
    const bodies: (string | Uint8Array<ArrayBuffer>)[] = [
      '',
      '{',
      'null',
      '[]',
      '"x"',
      '{}',
      '{"stanza":1}',
      '{"stanza":"x","extra":1}',
      '{"__proto__":{"stanza":"x"}}',
      '['.repeat(100_000),
      new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]),
    ]
    for (const body of bodies) {
      const response = await who.ask(path, { body, headers: json })
      expect(response.status).toBe(400)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(await response.json()).toMatchObject({ code: 'bad-request', status: 400 })
    }
    const huge = await who.ask(path, { body: ' '.repeat(200_000), headers: json })
    expect(await huge.json()).toMatchObject({ code: 'too-large', status: 413 })
  })

  it('never repeats what was sent', async () => {
    const { portal, logged } = await testPortal()
    const who = visitor(portal)
    const canary = 'CANARY-4711'
    for (const path of doors) {
      const response = await who.ask(path, { json: { stanza: canary, [canary]: canary } })
      expect(await response.text()).not.toContain(canary)
    }
    await who.ask(`/${canary}`)
    expect(logged.join('')).not.toContain(canary)
  })

  it('answers internal for a surprise, and keeps its words to itself', async () => {
    const { portal, logged } = await testPortal({
      needs: { openStanza: () => Promise.reject(new Error('secret of bob@example.net')) },
    })
    const response = await visitor(portal).ask('/api/describe', { json: { stanza: 'x' } })
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(logged.join('')).toContain('portal-request-failed')
    expect(logged.join('')).not.toContain('bob@example.net')
  })
})

describe('threat: slowloris on HTTP', () => {
  it('cuts a line whose header fields do not come', async () => {
    const timeouts = { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 }
    const server = createLimitedServer((_, response) => response.end(), undefined, timeouts)
    const port = await listenOn(server, { host: '127.0.0.1', port: 0 })
    const socket = connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ')
    const dripping = setInterval(() => socket.write('a'), 20)
    const answer = await new Promise<string>(resolve => {
      let text = ''
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(text))
    })
    clearInterval(dripping)
    expect(answer).toMatch(/^HTTP\/1\.1 408/)
    await new Promise(resolve => {
      server.close(resolve)
    })
  })

  it('refuses floods of header fields', async () => {
    const { portal } = await testPortal()
    const { port } = await portal.listen()
    const flood = { 'x-flood': 'x'.repeat(20_000) }
    await expect(post(port, 'x', flood)).resolves.toMatchObject({ status: 431 })
  })
})
