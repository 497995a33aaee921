import { parseShape } from '../../core/api/shape.ts'
import type { Shape } from '../../core/api/shape.ts'
import { BODY_GRACE_MS, MAX_JSON_BYTES } from './limits.ts'
import { PortalProblem } from './problem.ts'
import type { PortalContext } from './route.ts'

/**
 * The JSON body of a request, exactly of the shape.
 * @throws PortalProblem `bad-request`, `too-large`, `too-slow`
 */
export async function readJson<T>(context: PortalContext, shape: Shape<T>): Promise<T> {
  const type = context.req.header('content-type') ?? ''
  if (!/^application\/json\s*(?:;|$)/i.test(type))
    throw new PortalProblem('bad-request', { detail: 'Content-Type must be application/json' })
  const parsed = parseShape(shape, parseText(await readText(context)))
  if (!parsed.ok) throw new PortalProblem('bad-request', { detail: `wrong field: ${parsed.path}` })
  return parsed.value
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new PortalProblem('bad-request', { detail: 'no JSON' })
  }
}

async function readText(context: PortalContext): Promise<string> {
  const length = context.req.header('content-length')
  if (length !== undefined && Number(length) > MAX_JSON_BYTES)
    throw new PortalProblem('too-large', { closeConnection: true })
  const chunks = await withinTime(collect(context.req.raw.body))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw new PortalProblem('bad-request', { detail: 'no UTF-8' })
  }
}

async function collect(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length > MAX_JSON_BYTES) throw new PortalProblem('too-large', { closeConnection: true })
    chunks.push(chunk)
  }
  return chunks
}

/** Slowloris: a small body that is not there after some seconds is not waited for. */
async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new PortalProblem('too-slow', { closeConnection: true })),
      BODY_GRACE_MS,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
