import type { Proof } from '../../../core/policy/policy.ts'
import { evaluate } from '../../../core/policy/evaluate.ts'
import { mayAnswer } from '../../../core/policy/may-answer.ts'
import { REPLY_TYPE } from '../../../core/reply/content-types.ts'
import type { HandOver } from '../../../core/reply/hand-over.ts'
import type { Associations } from '../../identity/account/associations.ts'
import type { TakeAllowance } from '../../identity/rate-limiter.ts'
import type { Session } from '../../identity/session.ts'
import type { Sessions } from '../../identity/sessions.ts'
import { MAX_HAND_OVERS } from '../limits.ts'
import { openMessage } from '../opened-message.ts'
import type { OpenedMessage, OpenedMessageNeeds } from '../opened-message.ts'
import type { Replies } from '../portal-types.ts'
import { PortalProblem } from '../problem.ts'
import { handOverReply } from '../replies/hand-over-reply.ts'
import { readReplyRequest } from '../replies/read-reply-request.ts'
import type { PostedReply } from '../replies/read-reply-request.ts'
import { replyBody } from '../replies/reply-body.ts'
import type { ReplyBody } from '../replies/reply-body.ts'
import type { Handler, PortalContext } from '../route.ts'
import { keepSession, sessionOf } from '../session-cookie.ts'
import { requireAllowance } from './require-allowance.ts'

type RepliesNeeds = OpenedMessageNeeds & {
  readonly take: TakeAllowance
  readonly sessions: Sessions
  readonly associations: Pick<Associations, 'proofsFor'>
  readonly replies?: Replies | undefined
}

/**
 * `POST /api/replies`: says who the writer is and passes the sealed reply on to the gateway; it can open
 * nothing of it, and answers once the gateway has delivered. docs/replies.md §2
 */
export function repliesHandler(needs: RepliesNeeds): Handler {
  const places = { taken: 0 }
  return async context => {
    const body = replyBody(context, lengthOf(context), needs.clock)
    if (places.taken >= MAX_HAND_OVERS) return refuse(body, new PortalProblem('busy'))
    places.taken++
    try {
      return context.json(await passOn(needs, context, body))
    } catch (error) {
      return await refuse(body, error)
    } finally {
      places.taken--
    }
  }
}

async function passOn(needs: RepliesNeeds, context: PortalContext, body: ReplyBody) {
  const { replies } = needs
  const to = replies?.handOverTo()
  if (replies === undefined || to === undefined) throw new PortalProblem('replies-off')
  const session = sessionOf(context)
  await requireAllowance(needs.take, 'reply-session', session.id)
  checkForm(context, body, replies.maxBytes)
  const posted = await readReplyRequest(body)
  const message = await openMessage(needs, posted.stanza)
  const proof = await writerOf(needs, session, message)
  await requireAllowance(needs.take, 'reply-writer', proof.address)
  await requireAllowance(needs.take, 'reply-organisation', proof.organisationId)
  await keepSession(needs.sessions, context, session)
  const head = headOf(message, proof, posted, needs.clock())
  const broken = brokenOff(context, body)
  return handOverReply({ to, sign: replies.sign, head, file: posted.file(), broken })
}

/** Nothing of the message counts but what its stanza says. @throws PortalProblem as a release, and `reply-not-allowed` */
async function writerOf(
  { associations, clock }: RepliesNeeds,
  session: Session,
  { policy, overrides }: OpenedMessage,
): Promise<Proof> {
  const proofs = await associations.proofsFor(session, policy)
  const verdict = evaluate(policy, proofs, overrides, clock())
  if (!verdict.allowed) throw new PortalProblem(verdict.code)
  if (!mayAnswer(policy)) throw new PortalProblem('reply-not-allowed')
  return verdict.proof
}

function headOf(
  { policy, padded }: OpenedMessage,
  { address, method, assurance, provenAtMs }: Proof,
  { fileBytes }: PostedReply,
  atMs: number,
): HandOver {
  return {
    version: 1,
    organisationId: policy.organisationId,
    record: Buffer.from(padded).toString('base64'),
    writer: { address, method, assurance, provenAtMs },
    atMs,
    bytes: fileBytes,
  }
}

/** @throws PortalProblem `bad-request`: without its length nobody knows where a reply ends */
function lengthOf(context: PortalContext): number {
  const length = context.req.header('content-length')
  if (length === undefined || !/^\d{1,15}$/.test(length))
    throw new PortalProblem('bad-request', {
      detail: 'Content-Length is missing',
      closeConnection: true,
    })
  return Number(length)
}

function checkForm(context: PortalContext, body: ReplyBody, maxBytes: number): void {
  const type = context.req.header('content-type') ?? ''
  if (type.toLowerCase() !== REPLY_TYPE)
    throw new PortalProblem('bad-request', { detail: `Content-Type must be ${REPLY_TYPE}` })
  if (body.bytes > maxBytes) throw new PortalProblem('too-large')
}

/** Once the reply is passed on in whole it is sent: a closed tab does not take it back. */
function brokenOff(context: PortalContext, body: ReplyBody): AbortSignal {
  const broken = new AbortController()
  context.env.outgoing?.once('close', () => {
    if (!body.isWhole()) broken.abort()
  })
  return broken.signal
}

/** A browser looks at the answer when it has sent everything. */
async function refuse(body: ReplyBody, error: unknown): Promise<never> {
  if (error instanceof PortalProblem && error.extras.closeConnection !== true) await body.discard()
  throw error
}
