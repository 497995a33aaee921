import { signal } from '../ui/signal.ts'
import type { Signal } from '../ui/signal.ts'
import { forgetAllMessages, keepMessage, loadMessage, touchMessage } from '../opener/tab-store.ts'
import { signInPath } from '../../core/api/sign-in-results.ts'
import type { SignInOutcome, SignInPrompt } from '../../core/api/sign-in-results.ts'
import { forgetPasscode, recallPasscode, rememberPasscode } from './passcode-memory.ts'
import { rememberWay } from './last-way.ts'
import { takeSignInOutcome } from './sign-in-return.ts'
import {
  beginAssociation,
  endAssociation,
  historyAccount,
  historyStep,
  pushStep,
  unwindSteps,
} from './step-history.ts'
import { onSignOutElsewhere, tellSignOut } from './sign-out-channel.ts'
import { countedAs } from './counted-as.ts'
import type {
  DescribeAnswer,
  PasscodeDelivery,
  PasscodeRequest,
  SessionView,
} from '../../core/api/messages.ts'
import type { KeptMessage } from '../opener/tab-store.ts'
import type { PasskeyApi } from '../passkeys/passkey-api.ts'
import type { PortalApi, Refusal } from './portal-api.ts'
import type { ShownLetter, showMessage } from './show-message.ts'
import type { AskedPasscode, Step, Trouble } from './step.ts'

/** How often an open message says that its tab is still there. */
const touchEveryMs = 10 * 60 * 1000

interface ReaderNeeds {
  readonly portal: PortalApi
  readonly clock: () => number
  /** BCP 47 tag of the page's language, for the passcode mail. */
  readonly locale: () => string
  /** Loaded when it is needed: nobody decrypts before signing in. */
  readonly loadShowMessage: () => Promise<typeof showMessage>
  /** Loaded when a passkey is asked for. */
  readonly loadPasskeys: () => Promise<PasskeyApi>
  /** Leaves for another page of this portal. */
  readonly leaveFor: (path: string) => void
}

/** What the reader page does; the components only draw `step` and call back. */
export interface Reader {
  readonly step: Signal<Step>
  readonly description: Signal<DescribeAnswer | null>
  readonly session: Signal<SessionView | null>
  /** What the person said about this computer, for every way in. */
  readonly privateComputer: Signal<boolean>
  readonly start: () => Promise<void>
  readonly takeMessage: (message: KeptMessage) => Promise<void>
  /** The person wants a passcode: at once when there is one address, else after saying which. */
  readonly wantPasscode: () => Promise<Refusal | null>
  /** Leaves for the provider; what comes next is a new page. */
  readonly signInWith: (provider: string, prompt: SignInPrompt) => void
  /** Null when it opens the message; `cancelled` when the person closed the browser's dialogue. */
  readonly usePasskey: () => Promise<Refusal | 'cancelled' | null>
  /** As its button says; the id where it is not offered (any more). */
  readonly providerName: (id: string) => string
  readonly chooseAddress: () => void
  /** From the explanation of an association to the choice; nothing is associated then. */
  readonly chooseOtherWay: () => void
  readonly askPasscode: (recipient: PasscodeRequest['recipient']) => Promise<Refusal | null>
  readonly enterPasscode: (code: string) => Promise<Refusal | null>
  /** What became of the passcode mail; null when the portal cannot say now. */
  readonly passcodeDelivery: (id: string) => Promise<PasscodeDelivery | null>
  readonly back: () => void
  readonly retry: () => Promise<void>
  readonly stay: () => Promise<void>
  readonly close: (how: 'signed-out' | 'session-ended') => Promise<void>
  readonly signInAgain: () => Promise<void>
}

/** Refusals after which signing in (again, or with another address) is the next step. */
const signInHelps: ReadonlySet<string> = new Set([
  'sign-in-required',
  'not-a-recipient',
  'assurance-too-low',
])

/** Draws nothing and knows no element: `step` says what the screen shows. */
export function createReader(needs: ReaderNeeds): Reader {
  const { portal, clock } = needs
  const step = signal<Step>({ kind: 'loading' })
  const description = signal<DescribeAnswer | null>(null)
  const session = signal<SessionView | null>(null)
  const privateComputer = signal(false)
  let message: KeptMessage | null = null
  let again: () => Promise<void> = () => Promise.resolve()
  let unwinding = false

  async function start(): Promise<void> {
    addEventListener('popstate', () => {
      if (unwinding) unwinding = false
      else if (['choose', 'associate', 'which', 'code'].includes(step.value.kind))
        showStepOfHistory()
    })
    onSignOutElsewhere(() => void showClosed('signed-out'))
    const outcome = takeSignInOutcome()
    if (outcome?.result === 'proven') rememberWay(outcome.provider)
    const kept = await loadMessage()
    if (kept !== null) return begin(kept, outcome)
    const reason = location.hash === '#memory' ? 'memory' : 'message-lost'
    if (reason === 'message-lost') portal.countError('message-lost')
    step.value = { kind: 'pick', reason }
  }

  /** A message picked on this page stays in memory when the browser keeps nothing. */
  async function takeMessage(taken: KeptMessage): Promise<void> {
    await keepMessage(taken, clock())
    await begin(taken)
  }

  async function begin(kept: KeptMessage, outcome: SignInOutcome | null = null): Promise<void> {
    message = kept
    again = () => begin(kept)
    step.value = { kind: 'loading' }
    const described = await portal.describe({ stanza: kept.stanza })
    if (!described.ok) return showTrouble(described.refusal)
    description.value = described.value
    if (described.value.signedIn) return open(kept)
    if (outcome !== null || historyAccount() !== undefined) await stay()
    if (outcome === null) showStepOfHistory()
    else await comeBack(kept, outcome, described.value)
  }

  /** Back from a provider, and the message does not open yet. */
  async function comeBack(
    kept: KeptMessage,
    outcome: SignInOutcome,
    { methods }: DescribeAnswer,
  ): Promise<void> {
    const { result } = outcome
    const isValid = result === 'proven' || result === 'passcode-needed'
    const account = session.value?.account ?? null
    if (isValid && methods.passcode && account !== null) {
      const shown = { provider: account.provider, id: account.id }
      beginAssociation(shown)
      step.value = { kind: 'associate', account: shown }
    } else if (result === 'proven') await open(kept)
    else step.value = { kind: 'choose', trouble: null, outcome }
  }

  function showStepOfHistory(): void {
    const asked = historyStep() === 'code' ? recallPasscode(clock()) : null
    const account = historyAccount()
    if (asked !== null) step.value = { kind: 'code', asked }
    else if (historyStep() === 'which') step.value = { kind: 'which' }
    else if (historyStep() === 'associate' && account !== undefined)
      step.value = { kind: 'associate', account }
    else step.value = { kind: 'choose', trouble: null }
  }

  async function open(kept: KeptMessage): Promise<void> {
    again = () => open(kept)
    step.value = { kind: 'opening', stage: { name: 'key' } }
    const show = await needs.loadShowMessage().catch(() => null)
    if (show === null) return showTrouble({ code: 'offline' })
    const result = await show(kept, portal, stage => {
      step.value = { kind: 'opening', stage }
    })
    if (result.ok) return showLetter(result.shown)
    showTrouble('refusal' in result ? result.refusal : { code: result.problem })
  }

  async function showLetter(letter: ShownLetter): Promise<void> {
    forgetPasscode()
    unwindSteps()
    step.value = { kind: 'letter', letter }
    if (session.value === null) await stay()
    keepTouching()
  }

  function keepTouching(): void {
    const timer = setInterval(() => {
      if (step.value.kind !== 'letter') clearInterval(timer)
      else touchMessage(clock()).catch(() => undefined) // storage is blocked: nothing to keep
    }, touchEveryMs)
  }

  function showTrouble(trouble: Trouble): void {
    countTrouble(portal, trouble)
    if (!signInHelps.has(trouble.code)) {
      step.value = { kind: 'trouble', trouble }
      return
    }
    unwinding = unwindSteps()
    step.value = { kind: 'choose', trouble }
    if (trouble.code === 'not-a-recipient') void stay()
  }

  async function wantPasscode(): Promise<Refusal | null> {
    const [only, ...others] = description.value?.recipients ?? []
    if (only !== undefined && others.length === 0) return askPasscode({ index: only.index })
    chooseAddress()
    return null
  }

  function chooseAddress(): void {
    pushStep('which')
    step.value = { kind: 'which' }
  }

  function chooseOtherWay(): void {
    endAssociation()
    step.value = { kind: 'choose', trouble: null }
  }

  async function askPasscode(recipient: PasscodeRequest['recipient']): Promise<Refusal | null> {
    if (message === null) return { code: 'bad-request' }
    const { stanza } = message
    const answer = await portal.askPasscode({ stanza, recipient, locale: needs.locale() })
    if (!answer.ok) return answer.refusal
    const account = historyAccount()
    const asked: AskedPasscode = {
      answer: answer.value,
      recipient,
      askedAtMs: clock(),
      ...(account === undefined ? {} : { associate: account }),
    }
    rememberPasscode(asked)
    pushStep('code')
    step.value = { kind: 'code', asked }
    return null
  }

  async function enterPasscode(code: string): Promise<Refusal | null> {
    if (step.value.kind !== 'code' || message === null) return { code: 'bad-request' }
    const { answer: asked, associate } = step.value.asked
    const answer = await portal.verifyPasscode({
      challenge: asked.challenge,
      code,
      privateComputer: privateComputer.value,
      ...(associate === undefined ? {} : { associate: associate.id }),
    })
    if (!answer.ok && answer.refusal.code === 'account-changed') {
      // Another account than the one that was shown: nothing is associated unseen.
      endAssociation()
      step.value = { kind: 'choose', trouble: answer.refusal }
      return null
    }
    if (!answer.ok) return answer.refusal
    rememberWay(associate?.provider ?? 'passcode')
    session.value = answer.value
    await open(message)
    return null
  }

  async function usePasskey(): Promise<Refusal | 'cancelled' | null> {
    if (message === null) return { code: 'bad-request' }
    const passkeys = await needs.loadPasskeys().catch(() => null)
    if (passkeys === null) return { code: 'offline' }
    const signedIn = await passkeys.signIn(message.stanza, privateComputer.value)
    if (!signedIn.ok) return signedIn.refusal ?? 'cancelled'
    rememberWay('passkey')
    session.value = signedIn.session
    await open(message)
    return null
  }

  function signInWith(provider: string, prompt: SignInPrompt): void {
    const organisation = description.value?.organisation.id ?? ''
    const isPrivate = privateComputer.value
    const start = { provider, organisation, privateComputer: isPrivate, prompt }
    needs.leaveFor(signInPath({ ...start, page: 'read' }))
  }

  async function stay(): Promise<void> {
    const answer = await portal.session()
    if (answer.ok) session.value = answer.value
  }

  async function close(how: 'signed-out' | 'session-ended'): Promise<void> {
    if (how === 'session-ended') return showClosed(how)
    const answer = await portal.signOut()
    tellSignOut()
    await showClosed(answer.ok ? how : 'sign-out-failed')
  }

  async function showClosed(how: ClosedHow): Promise<void> {
    session.value = null
    step.value = { kind: 'closed', how }
    if (how === 'session-ended') return
    message = null
    await forgetAllMessages().catch(() => undefined) // storage is blocked: there is nothing to delete
  }

  return {
    step,
    description,
    session,
    privateComputer,
    start,
    takeMessage,
    wantPasscode,
    signInWith,
    usePasskey,
    providerName: id =>
      description.value?.methods.providers.find(provider => provider.id === id)?.name ?? id,
    chooseAddress,
    chooseOtherWay,
    askPasscode,
    enterPasscode,
    passcodeDelivery: async id => {
      const answer = await portal.passcodeDelivery(id)
      return answer.ok ? answer.value : null
    },
    back: () => history.back(),
    retry: () => again(),
    stay,
    close,
    signInAgain: () => (message === null ? start() : begin(message)),
  }
}

type ClosedHow = Extract<Step, { kind: 'closed' }>['how']

function countTrouble(portal: PortalApi, trouble: Trouble): void {
  const counted = countedAs(trouble.code)
  if (counted !== null) portal.countError(counted)
}
