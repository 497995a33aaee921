import { randomBytes } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { failed, ok, warning } from './finding.ts'
import type { CheckLine } from './finding.ts'

/** The first half is sent, then nothing for so long: whoever hands it on at once shows it by the time that passes. */
const pauseMs = 2000
/** A person waits; a slow line sends 8 MiB in that time at 0.6 Mbit/s. */
const patienceMs = 120_000

const name = 'public address'

/**
 * Posts an envelope as large as readers may post, half of it late, through the portal's public address, as a
 * browser does. `POST /open` keeps nothing, and says in Server-Timing how long the body took to come in:
 * so a body limit of a proxy, and one that first collects the body (perhaps in a file), show themselves.
 */
export async function checkPublicAddress(
  portalUrl: string,
  maxPostedBytes: number,
  onProgress: (done: number, total: number) => void,
): Promise<CheckLine> {
  const body = largestBody(maxPostedBytes)
  try {
    const answer = await postSlowly(new URL('/open', portalUrl), body, onProgress)
    return judge(portalUrl, body.length, answer)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return failed(
      name,
      `${portalUrl} does not take a message of ${body.length} bytes (${reason}); is the portal running, does the proxy let a body of that size through?`,
    )
  }
}

interface Answer {
  readonly status: number
  /** How long the portal waited for the body; undefined when the answer is not the portal's. */
  readonly bodyMs: number | undefined
}

function judge(portalUrl: string, bytes: number, { status, bodyMs }: Answer): CheckLine {
  if (bodyMs === undefined && status === 413)
    return failed(
      name,
      `a proxy before ${portalUrl} refuses ${bytes} bytes; raise its body limit (docs/deploy.md)`,
    )
  if (bodyMs === undefined)
    return failed(
      name,
      `what answers at ${portalUrl} (status ${status}) is not this portal; look at portal.url and the proxy`,
    )
  if (status >= 500) return warning(name, `the portal is busy (status ${status}); try again later`)
  if (status >= 400) return failed(name, `the portal refuses a posted message (status ${status})`)
  if (bodyMs < pauseMs / 2)
    return failed(
      name,
      `a proxy before ${portalUrl} collects a whole message, perhaps in a file, before it hands it on; switch that off (docs/deploy.md)`,
    )
  return ok(name, `${portalUrl} takes ${bytes} bytes, and hands them on while they come`)
}

/** A form of the right shape with nothing in it: random bytes that no key opens. */
function largestBody(maxBytes: number): Buffer {
  const signature = randomBytes(64).toString('base64')
  const frame = `envelope=\r\nsignature=${signature}\r\n`.length
  const digits = Math.floor((maxBytes - frame) / 4) * 4
  const envelope = randomBytes((digits / 4) * 3).toString('base64')
  return Buffer.from(`envelope=${envelope}\r\nsignature=${signature}\r\n`, 'latin1')
}

async function postSlowly(
  url: URL,
  body: Buffer,
  onProgress: (done: number, total: number) => void,
): Promise<Answer> {
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'content-length': body.length },
    signal: AbortSignal.timeout(patienceMs),
  })
  const answered = new Promise<Answer>((resolve, reject) => {
    request.on('error', reject)
    request.on('response', response => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, bodyMs: readBodyMs(response) })
    })
  })
  const half = Math.floor(body.length / 2)
  request.write(body.subarray(0, half), () => onProgress(half, body.length))
  const early = await Promise.race([answered, sleep(pauseMs, undefined)])
  if (early === undefined) request.end(body.subarray(half))
  return finish(request, answered)
}

/** The answer; what of the body nobody wants any more is not sent. */
async function finish(request: { destroy(): void }, answered: Promise<Answer>): Promise<Answer> {
  try {
    return await answered
  } finally {
    request.destroy()
  }
}

/** `Server-Timing: body;dur=2003`. https://www.w3.org/TR/server-timing/ */
function readBodyMs(response: IncomingMessage): number | undefined {
  const header = response.headers['server-timing']
  const value = /(?:^|,)\s*body\s*;\s*dur=([\d.]+)/.exec(
    Array.isArray(header) ? header.join(',') : (header ?? ''),
  )?.[1]
  return value === undefined ? undefined : Number(value)
}
