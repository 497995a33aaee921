import { readFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { Config } from '../../config/schema.ts'
import { failed, ok } from './finding.ts'
import type { CheckLine } from './finding.ts'

const name = 'gateway for answers'
const patienceMs = 10_000
/** A refusal of the listener is a short problem. */
const MAX_ANSWER_BYTES = 16 * 1024

/** Whether the portal could hand an answer over; nothing is handed over. docs/replies.md §3 */
export async function checkReplyListener({ portal, gateway }: Config): Promise<CheckLine> {
  if (portal.replies === '' && gateway.replies.listen !== '')
    return ok(
      name,
      `listens at ${gateway.replies.listen}; name its address in portal.replies of the portal's host`,
    )
  if (portal.replies === '')
    return ok(
      name,
      'in the same process; for processes apart set gateway.replies.listen and portal.replies',
    )
  try {
    const ca = portal.repliesCa === '' ? undefined : await readFile(portal.repliesCa, 'utf8')
    const code = await askWithGet(new URL('/replies', portal.replies), ca)
    return code === 'method-not-allowed'
      ? ok(name, `${portal.replies} answers`)
      : failed(name, `what answers at ${portal.replies} is no gateway; look at portal.replies`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return failed(
      name,
      `${portal.replies} cannot be reached (${reason}); does the gateway listen there, is its certificate trusted (portal.repliesCa)?`,
    )
  }
}

/** The code of the problem that is answered; empty when it is none. */
async function askWithGet(url: URL, ca: string | undefined): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = {
      timeout: patienceMs,
      agent: false,
      ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
    }
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options)
    request.on('response', resolve)
    request.on('error', reject)
    request.on('timeout', () => request.destroy(new Error('no answer in time')))
    request.end()
  })
  let text = ''
  for await (const piece of response) {
    text += String(piece)
    if (text.length > MAX_ANSWER_BYTES) break
  }
  return /"code":\s*"([a-z-]+)"/.exec(text)?.[1] ?? ''
}
