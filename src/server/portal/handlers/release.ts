import { parseAddress } from '../../../core/address/address.ts'
import type { Address } from '../../../core/address/address.ts'
import { releaseRequest } from '../../../core/api/requests.ts'
import { fromBase64 } from '../../../core/envelope/base64.ts'
import type { Proof } from '../../../core/policy/policy.ts'
import { withNamedAddress } from '../../identity/account/associations.ts'
import type { Associations } from '../../identity/account/associations.ts'
import type { TakeAllowance } from '../../identity/rate-limiter.ts'
import type { Session } from '../../identity/session.ts'
import type { Sessions } from '../../identity/sessions.ts'
import type { Counters } from '../../telemetry/counters.ts'
import { headerOf } from '../header-of.ts'
import { openMessage } from '../opened-message.ts'
import type { OpenedMessageNeeds } from '../opened-message.ts'
import type { ReleaseKey } from '../portal-types.ts'
import { PortalProblem } from '../problem.ts'
import { readJson } from '../read-json.ts'
import type { Handler, PortalContext } from '../route.ts'
import { keepSession, sessionOf, writeSession } from '../session-cookie.ts'
import { requireAllowance } from './require-allowance.ts'

type ReleaseNeeds = OpenedMessageNeeds & {
  readonly releaseKey: ReleaseKey
  readonly sessions: Sessions
  readonly take: TakeAllowance
  readonly counters: Pick<Counters, 'ofReader'>
  readonly associations: Pick<Associations, 'proofsFor'>
}

/** `POST /api/release`: the portal's share, sealed to the browser's one-time key. protocol.md §4 */
export function releaseHandler(needs: ReleaseNeeds): Handler {
  return async context => {
    const session = sessionOf(context)
    await requireAllowance(needs.take, 'release-session', session.id)
    const { stanza, browserKey } = await readJson(context, releaseRequest)
    const key = fromBase64(browserKey)
    if (key === null) throw new PortalProblem('bad-request', { detail: 'wrong field: browserKey' })
    const proofs = await proofsOf(needs, session, stanza)
    const released = await needs.releaseKey({
      stanza,
      browserKey: key,
      proofs,
      nowMs: needs.clock(),
    })
    if (!released.ok) throw new PortalProblem(released.code)
    await keepNamed(needs.sessions, context, session, parseAddress(released.answer.recipient))
    countOpened(needs, context, session)
    return context.json(released.answer)
  }
}

/** The session is of the message's organisation: else it would not have proven a recipient. */
function countOpened(
  { brands, counters }: ReleaseNeeds,
  context: PortalContext,
  { organisationId }: Session,
): void {
  const brand = brands.get(organisationId)
  if (brand !== undefined) counters.ofReader(headerOf(context)).countMessageOpened(brand.countedAs)
}

/** The session's own proofs; what an account proves by association depends on who the message is for. */
async function proofsOf(
  needs: ReleaseNeeds,
  session: Session,
  stanza: string,
): Promise<readonly Proof[]> {
  if (session.account === null) return session.proofs
  const { policy } = await openMessage(needs, stanza)
  return needs.associations.proofsFor(session, policy)
}

/** Notes that the session was used, and the associated address that it now knows by name. */
async function keepNamed(
  sessions: Sessions,
  context: PortalContext,
  session: Session,
  recipient: Address | null,
): Promise<void> {
  const named = recipient === null ? session : withNamedAddress(session, recipient)
  if (named === session) await keepSession(sessions, context, session)
  else await writeSession(sessions, context, sessions.touch(named))
}
