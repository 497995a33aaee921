import {
  passkeyAssertion,
  passkeyCreationRequest,
  passkeyRegistration,
  passkeyRemoval,
} from '../../../core/api/passkeys.ts'
import { newBinding } from '../../identity/browser-binding.ts'
import type { Passkeys } from '../../identity/passkeys.ts'
import type { TakeAllowance } from '../../identity/rate-limiter.ts'
import { sessionView } from '../../identity/session.ts'
import type { Sessions } from '../../identity/sessions.ts'
import { readBinding, setBinding } from '../cookies.ts'
import { openMessage } from '../opened-message.ts'
import type { OpenedMessageNeeds } from '../opened-message.ts'
import { PortalProblem } from '../problem.ts'
import { readJson } from '../read-json.ts'
import type { Handler } from '../route.ts'
import { sessionOf, writeSession } from '../session-cookie.ts'
import type { ReadSession } from '../session-cookie.ts'
import { requireAllowance } from './require-allowance.ts'

interface MakingNeeds {
  readonly take: TakeAllowance
  readonly passkeys: Passkeys
}

/** `POST /api/passkeys/register/options`: a question to the authenticator, for a proven address. */
export function beginPasskeyHandler({ take, passkeys }: MakingNeeds): Handler {
  return async context => {
    const session = sessionOf(context)
    const { address } = await readJson(context, passkeyCreationRequest)
    const creation = await passkeys.beginMaking(session, address)
    if (creation === null) throw new PortalProblem('assurance-too-low')
    await requireAllowance(take, 'passkey-address', creation.userId)
    return context.json(creation)
  }
}

/** `POST /api/passkeys/register/verify`: keeps the public half. */
export function makePasskeyHandler({ passkeys }: Pick<MakingNeeds, 'passkeys'>): Handler {
  return async context => {
    const session = sessionOf(context)
    const id = await passkeys.make(session, await readJson(context, passkeyRegistration))
    if (id === null) throw new PortalProblem('passkey-refused')
    return context.json({ id }, 201)
  }
}

/** `POST /api/passkeys/authenticate/options`: the same for everyone, whoever has a passkey or not. */
export function askPasskeyHandler(needs: {
  readonly take: TakeAllowance
  readonly passkeys: Passkeys
  readonly randomBytes: (length: number) => Uint8Array
}): Handler {
  return async context => {
    await requireAllowance(needs.take, 'passkey-network', context.get('network'))
    const binding = readBinding(context) ?? newBinding(needs.randomBytes)
    const question = await needs.passkeys.beginSignIn(binding)
    setBinding(context, binding)
    return context.json(question)
  }
}

/** `POST /api/passkeys/authenticate/verify`: the right answer begins a session, under a new number. */
export function verifyPasskeyHandler(
  needs: OpenedMessageNeeds & {
    readonly take: TakeAllowance
    readonly passkeys: Passkeys
    readonly sessions: Sessions
    readonly readSession: ReadSession
  },
): Handler {
  return async context => {
    await requireAllowance(needs.take, 'passkey-network', context.get('network'))
    const answer = await readJson(context, passkeyAssertion)
    const { policy } = await openMessage(needs, answer.stanza)
    const signedIn = await needs.passkeys.signIn(answer, policy, readBinding(context))
    if (!signedIn.ok) throw new PortalProblem(signedIn.code)
    const old = await needs.readSession(context)
    const session = await needs.sessions.signIn(old, signedIn.proof, answer.privateComputer)
    await writeSession(needs.sessions, context, session)
    return context.json(sessionView(session))
  }
}

/** `GET /api/passkeys` */
export function listPasskeysHandler(passkeys: Passkeys): Handler {
  return async context => context.json(await passkeys.list(sessionOf(context)))
}

/** `DELETE /api/passkeys`: of one's own addresses only; the answer is the same when it was gone. */
export function removePasskeyHandler(passkeys: Passkeys): Handler {
  return async context => {
    const session = sessionOf(context)
    const { id } = await readJson(context, passkeyRemoval)
    await passkeys.remove(session, id)
    return context.body(null, 204)
  }
}
