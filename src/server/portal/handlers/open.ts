import { EnvelopeError } from '../../../core/envelope/errors.ts'
import { readPostedEnvelope } from '../../../core/envelope/posted-envelope.ts'
import type { BodyBudget } from '../body-budget.ts'
import { ANSWER_PIECE_BYTES, MAX_ANSWER_MS, POSTED_FORM_OVERHEAD_BYTES } from '../limits.ts'
import type { PageWriter } from '../page-writer.ts'
import { descriptionBlock, splitPosted } from '../pages/script-page.ts'
import type { PostedPage } from '../pages/script-page.ts'
import { PortalProblem } from '../problem.ts'
import { readPostedBody } from '../read-posted-body.ts'
import type { PostedBody, PostedBodySource } from '../read-posted-body.ts'
import type { Handler, PortalContext } from '../route.ts'
import { describePosted } from './describe-posted.ts'
import type { DescribePostedNeeds } from './describe-posted.ts'

export interface OpenNeeds extends DescribePostedNeeds {
  readonly writer: PageWriter
  readonly budget: BodyBudget
  /** Of the envelope with its form. */
  readonly maxPostedBytes: number
}

/**
 * `POST /open`: answers the reader's page, which carries the posted envelope in an inert block and says
 * what is known about it. It changes nothing, keeps nothing, and cannot open what passes by. protocol.md §2
 */
export function postedOpenHandler(needs: OpenNeeds): Handler {
  const maxBytes = needs.maxPostedBytes + POSTED_FORM_OVERHEAD_BYTES
  return async context => {
    const startedMs = needs.clock()
    const read = await readPostedBody(sourceOf(context), needs.budget, maxBytes, needs.clock)
    // By how long the body took to come in, `zegel check` sees whether a proxy collects it first.
    context.header('Server-Timing', `body;dur=${needs.clock() - startedMs}`)
    if (read.ok) return answerWith(needs, context, read.body, maxBytes)
    if (read.code === 'endless') throw new PortalProblem('too-large', { closeConnection: true })
    if (read.code === 'too-slow') throw new PortalProblem('too-slow', { closeConnection: true })
    return askForFile(needs, context, read.code)
  }
}

/** Read and thrown away, so that the browser looks at the answer; for hosts that only lead to another one. */
export async function discardBody(context: PortalContext, clock: () => number): Promise<void> {
  const nothing = { reserve: () => null, used: 0 }
  const read = await readPostedBody(sourceOf(context), nothing, Infinity, clock)
  if (!read.ok && read.code !== 'busy')
    throw new PortalProblem('too-large', { closeConnection: true })
}

/** The page works all the same, so it is no error to the browser unless the body was beyond what any button posts. */
async function askForFile(
  { writer }: OpenNeeds,
  context: PortalContext,
  code: 'too-large' | 'busy',
): Promise<Response> {
  const page = { page: 'opener', askForFile: true } as const
  const text = await writer.scriptPage(writer.languageOf(context), page)
  return context.html(text, code === 'too-large' ? 413 : 200)
}

async function answerWith(
  needs: OpenNeeds,
  context: PortalContext,
  body: PostedBody,
  maxBytes: number,
): Promise<Response> {
  const { writer } = needs
  try {
    const posted = readPosted(body.bytes, maxBytes)
    const { signature } = posted
    const options = { page: 'viewer', posted: { signature } } as const
    const page = splitPosted(await writer.scriptPage(writer.languageOf(context), options))
    releaseAfterAnswer(context, body)
    context.header('Content-Type', 'text/html; charset=UTF-8')
    return context.body(streamOf(partsOf(needs, page, posted.envelope, context.get('network'))))
  } catch (error) {
    body.release()
    throw error
  }
}

/** What asks for files leaves first: the browser does, while the message is looked at. */
async function* partsOf(
  needs: OpenNeeds,
  page: PostedPage,
  envelope: Uint8Array,
  network: string,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(page.head)
  const description = await describePosted(needs, envelope, network)
  yield Buffer.from(descriptionBlock(description) + page.beforeEnvelope)
  for (let at = 0; at < envelope.length; at += ANSWER_PIECE_BYTES)
    yield envelope.subarray(at, at + ANSWER_PIECE_BYTES)
  yield Buffer.from(page.after)
}

/** @throws PortalProblem `bad-envelope` */
function readPosted(bytes: Uint8Array, maxBytes: number) {
  try {
    return readPostedEnvelope(bytes, maxBytes)
  } catch (error) {
    if (error instanceof EnvelopeError) throw new PortalProblem('bad-envelope')
    throw error
  }
}

/** The memory is held until the last byte has left, and not longer than a reader may take. */
function releaseAfterAnswer(context: PortalContext, body: PostedBody): void {
  const outgoing = context.env.outgoing
  if (outgoing === undefined) return
  // Gone while its page was written: `close` does not come again.
  if (outgoing.closed || outgoing.destroyed) return body.release()
  const timer = setTimeout(() => outgoing.destroy(), MAX_ANSWER_MS)
  outgoing.once('close', () => {
    clearTimeout(timer)
    body.release()
  })
}

/** As the reader takes them. */
function streamOf(parts: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const next = await parts.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
  })
}

function sourceOf(context: PortalContext): PostedBodySource {
  const length = context.req.header('content-length')
  return {
    chunks: context.env.incoming ?? context.req.raw.body ?? emptyBody(),
    length: length === undefined ? null : Number(length),
    network: context.get('network'),
    ownsChunks: context.env.incoming !== undefined,
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
