import {
  SIGN_IN_PAGES,
  SIGN_IN_PROMPTS,
  formatSignInOutcome,
} from '../../../core/api/sign-in-results.ts'
import type { SignInPage, SignInResult } from '../../../core/api/sign-in-results.ts'
import type { Accounts, Finished, StartWish } from '../../identity/account/accounts.ts'
import type { Associations } from '../../identity/account/associations.ts'
import { newBinding } from '../../identity/browser-binding.ts'
import type { TakeAllowance } from '../../identity/rate-limiter.ts'
import type { Provider } from '../../identity/account/provider.ts'
import type { Session } from '../../identity/session.ts'
import type { Sessions } from '../../identity/sessions.ts'
import type { Brand } from '../brand.ts'
import { readBinding, setBinding } from '../cookies.ts'
import { PortalProblem } from '../problem.ts'
import type { Handler, PortalContext } from '../route.ts'
import type { ReadSession } from '../session-cookie.ts'
import { writeSession } from '../session-cookie.ts'
import { clearSignInCookie, readSignInCookie, setSignInCookie } from '../sign-in-cookies.ts'

export interface AccountHandlerNeeds {
  readonly accounts: Accounts
  readonly associations: Pick<Associations, 'hasAny'>
  readonly brands: ReadonlyMap<string, Brand>
  readonly sessions: Sessions
  readonly readSession: ReadSession
  readonly take: TakeAllowance
  readonly randomBytes: (length: number) => Uint8Array
}

/** `GET /auth/PROVIDER/start`: leads to the provider, or back to the page with the reason why not. */
export function startSignInHandler(needs: AccountHandlerNeeds): Handler {
  return async context => {
    const wish = readWish(context)
    const provider = needs.accounts.find(context.req.param('provider') ?? '', wish.organisationId)
    if (provider === undefined || !needs.brands.has(wish.organisationId))
      throw new PortalProblem('not-found')
    const taken = await needs.take('sign-in-network', context.get('network'))
    if (!taken.allowed) return backTo(context, provider, wish.page, 'rate-limited')
    const binding = readBinding(context) ?? newBinding(needs.randomBytes)
    const hint = hintOf(await needs.readSession(context), wish)
    const started = await needs.accounts.start(provider, { ...wish, binding, hint })
    if (!started.ok) return backTo(context, provider, wish.page, started.result)
    setBinding(context, binding)
    setSignInCookie(context, started.name, started.token)
    return context.redirect(started.location, 303)
  }
}

/** @throws PortalProblem `bad-request` */
function readWish(context: PortalContext): Omit<StartWish, 'binding' | 'hint'> {
  const query = (name: string) => context.req.query(name)
  const prompt = SIGN_IN_PROMPTS.find(name => name === query('prompt'))
  const page = query('page')
  const isPrivate = query('private')
  if (prompt === undefined || (page !== 'read' && page !== 'associations'))
    throw new PortalProblem('bad-request', { detail: 'wrong field: prompt or page' })
  if (isPrivate !== '0' && isPrivate !== '1')
    throw new PortalProblem('bad-request', { detail: 'wrong field: private' })
  // A link in a mail must not say whose computer this is: our own page alone does.
  const isOurPage = context.req.header('sec-fetch-site') === 'same-origin'
  const privateComputer = isOurPage && isPrivate === '1'
  return { organisationId: query('organisation') ?? '', privateComputer, prompt, page }
}

/** Only an address that this person has proven is said to the provider, and only where an account is made. */
function hintOf(
  session: Session | null,
  { organisationId, prompt }: Pick<StartWish, 'organisationId' | 'prompt'>,
): StartWish['hint'] {
  if (prompt !== 'create' || session?.organisationId !== organisationId) return null
  return session.proofs.at(-1)?.address ?? null
}

/**
 * `GET /auth/PROVIDER/callback`: the reader comes back. What counts is the transaction that this
 * browser began; a new session begins under a new number, and the page is told how it ended.
 */
export function finishSignInHandler(needs: AccountHandlerNeeds): Handler {
  return async context => {
    const provider = needs.accounts.find(context.req.param('provider') ?? '')
    if (provider === undefined) throw new PortalProblem('not-found')
    const taken = await needs.take('sign-in-return-network', context.get('network'))
    if (!taken.allowed) return backTo(context, provider, 'read', 'rate-limited')
    const finished = await needs.accounts.finish(provider, {
      parameters: new URL(context.req.url).searchParams,
      binding: readBinding(context),
      tokenOf: name => readSignInCookie(context, name),
    })
    if (finished.name !== null) clearSignInCookie(context, finished.name)
    if (!finished.ok) return backTo(context, provider, finished.page, finished.result)
    const result = await beginSession(needs, context, finished)
    return backTo(context, provider, finished.transaction.page, result)
  }
}

async function beginSession(
  needs: AccountHandlerNeeds,
  context: PortalContext,
  { transaction, account, proof }: Extract<Finished, { ok: true }>,
): Promise<SignInResult> {
  const { organisationId, privateComputer } = transaction
  const old = await needs.readSession(context)
  const signedIn = { organisationId, account }
  const session = await needs.sessions.signInAccount(old, signedIn, proof, privateComputer)
  await writeSession(needs.sessions, context, session)
  const isKnown = proof !== null || (await needs.associations.hasAny(organisationId, account))
  if (!isKnown) return 'passcode-needed'
  return 'proven'
}

/** Leads to one of our own pages and nowhere else. */
function backTo(
  context: PortalContext,
  { id }: Provider,
  page: SignInPage,
  result: SignInResult,
): Response {
  return context.redirect(
    `${SIGN_IN_PAGES[page]}#${formatSignInOutcome({ result, provider: id })}`,
    303,
  )
}
