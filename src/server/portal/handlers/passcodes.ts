import { passcodeRequest, passcodeVerifyRequest } from '../../../core/api/requests.ts'
import { isAssuranceEnough } from '../../../core/policy/evaluate.ts'
import { newBinding } from '../../identity/browser-binding.ts'
import type { Associations } from '../../identity/account/associations.ts'
import type { Passcodes } from '../../identity/passcodes.ts'
import type { Passkeys } from '../../identity/passkeys.ts'
import type { TakeAllowance } from '../../identity/rate-limiter.ts'
import { sameText } from '../../identity/keyed-hash.ts'
import { sessionView, shownAccountId } from '../../identity/session.ts'
import type { Session } from '../../identity/session.ts'
import type { Sessions } from '../../identity/sessions.ts'
import { readBinding, setBinding } from '../cookies.ts'
import { openMessage } from '../opened-message.ts'
import type { OpenedMessageNeeds } from '../opened-message.ts'
import { readerLocale } from '../reader-locale.ts'
import { PortalProblem } from '../problem.ts'
import { readJson } from '../read-json.ts'
import type { Handler } from '../route.ts'
import { writeSession } from '../session-cookie.ts'
import type { ReadSession } from '../session-cookie.ts'
import { requireAllowance } from './require-allowance.ts'

/** `POST /api/passcodes`: mails a code to an address of the policy. protocol.md §3 */
export function requestPasscodeHandler(
  needs: OpenedMessageNeeds & {
    readonly take: TakeAllowance
    readonly passcodes: Passcodes
    readonly randomBytes: (length: number) => Uint8Array
  },
): Handler {
  return async context => {
    await requireAllowance(needs.take, 'passcode-network', context.get('network'))
    const { stanza, recipient, locale } = await readJson(context, passcodeRequest)
    const { policy } = await openMessage(needs, stanza)
    if (!isAssuranceEnough('mailbox', policy.assurance))
      throw new PortalProblem('assurance-too-low')
    const binding = readBinding(context) ?? newBinding(needs.randomBytes)
    const requested = await needs.passcodes.request({ policy, recipient, binding, locale })
    if (!requested.ok) {
      const { code, ...extras } = requested
      throw new PortalProblem(code, 'retryAfterSeconds' in extras ? extras : {})
    }
    setBinding(context, binding)
    return context.json(requested.answer, 201)
  }
}

/** `POST /api/passcodes/verify`: the right code begins a session, under a new number. */
export function verifyPasscodeHandler(needs: {
  readonly take: TakeAllowance
  readonly passcodes: Passcodes
  readonly passkeys: Pick<Passkeys, 'renew'>
  readonly associations: Pick<Associations, 'afterPasscode'>
  readonly sessions: Sessions
  readonly readSession: ReadSession
}): Handler {
  return async context => {
    await requireAllowance(needs.take, 'verify-network', context.get('network'))
    const request = await readJson(context, passcodeVerifyRequest)
    const { challenge, code, privateComputer, associate } = request
    const old = await needs.readSession(context)
    if (associate !== undefined) requireShownAccount(old, associate)
    const verified = await needs.passcodes.verify(challenge, code, readBinding(context))
    if (!verified.ok) {
      const { triesLeft } = { triesLeft: undefined, ...verified }
      throw new PortalProblem(verified.code, triesLeft === undefined ? {} : { triesLeft })
    }
    await needs.passkeys.renew(old, verified.proof)
    const wish = associate !== undefined ? { locale: readerLocale(context) } : null
    if (old !== null) await needs.associations.afterPasscode(old, verified.proof, wish)
    const session = await needs.sessions.signIn(old, verified.proof, privateComputer)
    await writeSession(needs.sessions, context, session)
    return context.json(sessionView(session))
  }
}

/**
 * Before the code is used up: another tab may have signed in with another account since, or out.
 * @throws PortalProblem `account-changed`
 */
function requireShownAccount(session: Session | null, shown: string): void {
  const account = session?.account ?? null
  if (account === null || !sameText(shownAccountId(account), shown))
    throw new PortalProblem('account-changed')
}

/** `GET /api/passcodes/:id`: what became of the mail; only in the browser that asked. */
export function passcodeDeliveryHandler(passcodes: Passcodes): Handler {
  return async context => {
    const delivery = await passcodes.delivery(context.req.param('id') ?? '', readBinding(context))
    if (delivery === undefined) throw new PortalProblem('not-found')
    return context.json(delivery)
  }
}
