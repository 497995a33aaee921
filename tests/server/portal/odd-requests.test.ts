import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { testPortal } from './support/test-portal.ts'
import { ORIGIN } from './support/visitor.ts'

const HOST = `Host: ${new URL(ORIGIN).host}`

/** What comes back for bytes on a line of their own; the client says that it is done. */
function answerTo(port: number, lines: readonly string[], body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
    })
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
}

const statusesOf = (answers: string) =>
  [...answers.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))

async function listening() {
  const test = await testPortal()
  const { port } = await test.portal.listen()
  return { ...test, port }
}

describe('threat: request smuggling', () => {
  const inner = `GET /health/live HTTP/1.1\r\n${HOST}\r\n\r\n`

  const smuggled: readonly (readonly [string, readonly string[], string])[] = [
    ['a length and chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
    ['two lengths', ['Content-Length: 0', 'Content-Length: 9'], ''],
    ['a list of lengths', ['Content-Length: 0, 0'], ''],
    ['a length with a sign', ['Content-Length: +0'], ''],
    ['an unknown coding', ['Transfer-Encoding: xchunked'], '0\r\n\r\n'],
    ['chunks that are not the last coding', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
    ['a blank before the colon', ['Transfer-Encoding : chunked'], '0\r\n\r\n'],
    ['a folded line', ['X: y', ' Content-Length: 9'], ''],
    ['a line that ends in LF', ['Transfer-Encoding: chunked\nX: y'], '0\r\n\r\n'],
    ['a CR in a value', ['X: y\rTransfer-Encoding: chunked'], '0\r\n\r\n'],
    ['a chunk that ends in LF', ['Transfer-Encoding: chunked'], '1\nx\n0\n\n'],
  ]

  it('ends the line, and answers nothing behind it', async () => {
    const { port } = await listening()
    for (const [name, fields, body] of smuggled) {
      const answers = await answerTo(port, ['POST /open HTTP/1.1', HOST, ...fields], body + inner)
      expect(statusesOf(answers), name).toEqual([400])
      expect(answers, name).toMatch(/connection: close/i)
    }
  })

  it('takes the body of what it refuses for no request', async () => {
    const { port } = await listening()
    const fields = [HOST, `Content-Length: ${inner.length}`, 'Content-Type: text/plain']
    for (const [first, status] of [
      ['POST /api/describe HTTP/1.1', 403],
      ['POST /api/session HTTP/1.1', 405],
      ['POST /none HTTP/1.1', 404],
      ['GET /health/live HTTP/1.1', 200],
    ] as const)
      expect(statusesOf(await answerTo(port, [first, ...fields], inner))).toEqual([status])
  })
})

describe('threat: foreign host names', () => {
  const names: readonly (readonly [string, string, string, number])[] = [
    ['of a whole address, whatever Host says', 'http://evil.example/open', HOST, 421],
    ['of two Hosts', '/open', `${HOST}\r\nHost: evil.example`, 421],
    ['with a dot at its end', '/open', `${HOST}.`, 421],
    ['with a user', '/open', 'Host: mail.example.com@evil.example', 400],
    ['with a path', '/open', `${HOST}/evil`, 400],
    ['of two names', '/open', `${HOST}, evil.example`, 400],
    ['of none', '/open', 'Host:', 400],
    ['for no path', '*', HOST, 400],
  ]

  it('refuses them, and takes its own whole address', async () => {
    const { port, logged } = await listening()
    for (const [name, target, host, status] of names) {
      const answer = await answerTo(port, [`GET ${target} HTTP/1.1`, host, 'Connection: close'])
      expect(statusesOf(answer), name).toEqual([status])
      expect(answer, name).not.toMatch(/evil|location:/i)
      expect(answer, name).toMatch(/cache-control: no-store/i)
      expect(answer, name).toMatch(/content-security-policy: default-src 'none'/i)
    }
    expect(logged.join()).not.toContain('portal-request-failed')
    const lines = ['GET http://mail.example.com/ HTTP/1.1', 'Host: evil.example']
    expect(statusesOf(await answerTo(port, [...lines, 'Connection: close']))).toEqual([200])
  })
})

describe('methods that no browser sends for a page', () => {
  it('are refused, and nothing of what was sent is said back', async () => {
    const { port } = await listening()
    for (const [method, statuses] of [
      ['TRACE', [405]],
      ['OPTIONS', [405]],
      ['PROPFIND', [405]],
      ['TRACK', [400]],
      ['CONNECT', []],
    ] as const) {
      const lines = [`${method} / HTTP/1.1`, HOST, 'X-Canary: sent-with-it', 'Connection: close']
      const answer = await answerTo(port, lines)
      expect(statusesOf(answer), method).toEqual(statuses)
      expect(answer, method).not.toMatch(/sent-with-it|access-control/i)
    }
  })
})
