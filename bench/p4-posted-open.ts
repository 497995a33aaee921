// P4: POST /open of 8 MiB, beside the same server stack that buffers and answers without checks;
// then 200 at once, more than the budget holds. performance.md
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { fileURLToPath } from 'node:url'
import { describeMachine } from './support/machine.ts'
import { postedEnvelope } from './support/posted-envelope.ts'
import { atLeast, atMost, format, renderReport, writeReport } from './support/report.ts'
import type { Report } from './support/report.ts'
import { measure, ratio } from './support/rounds.ts'
import type { Measured } from './support/rounds.ts'
import { freePort, waitForPort } from './support/smtp-programs.ts'
import { createInstallation, startServe } from './support/zegel-process.ts'
import type { ServeProcess } from './support/zegel-process.ts'

const maxPostedBytes = 8 * 1024 * 1024
/** Below the budget of 256 MiB: every one of them is answered with its envelope. */
const atOnce = 16
const overload = 200
/** A post that has no answer by then hangs. */
const hangMs = 120_000

interface Overload {
  readonly withEnvelope: number
  readonly askedForFile: number
  readonly refused: number
  readonly hung: number
  readonly seconds: number
  readonly peakMegabytes: number
}

const report = await benchPostedOpen()
console.log(renderReport(report))
console.log(writeReport(report, describeMachine()), '\n')

async function benchPostedOpen(): Promise<Report> {
  const ports = { portal: await freePort(), smtp: await freePort(), bare: await freePort() }
  const folder = createInstallation({ portalPort: ports.portal, smtpPort: ports.smtp })
  const portal = await startServe(folder)
  const bare = await startBareServer(ports.bare)
  try {
    const body = postedEnvelope(folder, maxPostedBytes)
    const measured = await measure([
      { name: 'zegel', run: () => postMany(ports.portal, body, atOnce) },
      { name: 'no checks', run: () => postMany(ports.bare, body, atOnce) },
    ])
    return summarise(measured, body.length, await overloadWith(portal, ports.portal, body))
  } finally {
    bare.kill()
    await portal.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Posts at once; every answer must carry the envelope back. */
async function postMany(
  port: number,
  body: Buffer,
  count: number,
): Promise<{ amount: number; ms: number }> {
  const startMs = performance.now()
  const answers = await Promise.all(Array.from({ length: count }, () => post(port, body)))
  const ms = performance.now() - startMs
  const bad = answers.find(answer => answer.status !== 200 || answer.bytes < body.length / 2)
  if (bad !== undefined)
    throw new Error(`POST /open: ${bad.status} with ${bad.bytes} bytes, not the envelope`)
  return { amount: count, ms }
}

async function overloadWith(portal: ServeProcess, port: number, body: Buffer): Promise<Overload> {
  portal.resetPeak()
  const startMs = performance.now()
  const answers = await Promise.all(
    Array.from({ length: overload }, () =>
      post(port, body).catch(() => ({ status: 0, bytes: 0, hung: false })),
    ),
  )
  const count = (test: (answer: Answer) => boolean): number => answers.filter(test).length
  return {
    withEnvelope: count(({ status, bytes }) => status < 400 && bytes >= body.length / 2),
    askedForFile: count(({ status, bytes }) => status > 0 && bytes > 0 && bytes < body.length / 2),
    refused: count(({ status, hung }) => status === 0 && !hung),
    hung: count(({ hung }) => hung),
    seconds: (performance.now() - startMs) / 1000,
    peakMegabytes: portal.peakMegabytes(),
  }
}

interface Answer {
  readonly status: number
  readonly bytes: number
  readonly hung: boolean
}

/** One post on a connection of its own, as a browser sends the form of a file on disk. */
function post(port: number, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path: '/open',
        method: 'POST',
        agent: false,
        headers: {
          host: `localhost:${port}`,
          'content-type': 'text/plain',
          'content-length': body.length,
          origin: 'null',
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
        },
      },
      response => {
        let bytes = 0
        response.on('data', (chunk: Buffer) => (bytes += chunk.length))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes, hung: false }))
        response.on('error', reject)
      },
    )
    request.setTimeout(hangMs, () => {
      resolve({ status: 0, bytes: 0, hung: true })
      request.destroy()
    })
    request.on('error', reject)
    request.end(body)
  })
}

async function startBareServer(port: number): Promise<{ kill: () => void }> {
  const file = fileURLToPath(new URL('support/bare-http-server.ts', import.meta.url))
  const child = spawn(process.execPath, [file, String(port)], { stdio: 'inherit' })
  await waitForPort(port)
  return { kill: () => void child.kill() }
}

function summarise(measured: readonly Measured[], bodyBytes: number, over: Overload): Report {
  return {
    id: 'P4',
    title: `posted open, ${(bodyBytes / 2 ** 20).toFixed(1)} MiB each`,
    columns: ['server', `posts a second, ${atOnce} at once`],
    rows: measured.map(({ name, perSecond }) => [name, format(perSecond)]),
    verdicts: [
      atLeast('zegel ÷ no checks', ratio(measured, 'zegel', 'no checks'), 0.6),
      atMost(`peak resident memory, ${overload} at once`, over.peakMegabytes, 450, ' MB'),
      atMost(`of ${overload} at once: hung`, over.hung, 0),
      atMost(`of ${overload} at once: without an answer`, over.refused, 0),
    ],
    notes: [
      `${overload} at once: ${over.withEnvelope} answered with the envelope, ${over.askedForFile} with the page that asks for the file, in ${over.seconds.toFixed(1)} s`,
    ],
    raw: { measured, overload: over, bodyBytes },
  }
}
