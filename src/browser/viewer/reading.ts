import { signal } from '../ui/signal.ts'
import type { Signal } from '../ui/signal.ts'
import type { DescribeAnswer, SessionView } from '../../core/api/messages.ts'
import type { SignInOutcome } from '../../core/api/sign-in-results.ts'
import type { KeptMessage } from '../opener/tab-store.ts'
import type { PasskeyApi } from '../passkeys/passkey-api.ts'
import type { PortalApi } from './portal-api.ts'
import type { showMessage } from './show-message.ts'
import type { Step } from './step.ts'

export interface ReaderNeeds {
  readonly portal: PortalApi
  readonly clock: () => number
  /** BCP 47 tag of the page's language, for the passcode mail. */
  readonly locale: () => string
  /** Loaded when it is needed: nobody decrypts before signing in. */
  readonly loadShowMessage: () => Promise<typeof showMessage>
  /** Loaded when a passkey is asked for. */
  readonly loadPasskeys: () => Promise<PasskeyApi>
  /** A message is shown: what the next one will be quicker with may be loaded now. */
  readonly prepareNext: () => void
  /** Leaves for another page of this portal. */
  readonly leaveFor: (path: string) => void
}

/** Where a reader stands: what the screen shows, and what that rests on. */
export interface Reading {
  readonly needs: ReaderNeeds
  readonly step: Signal<Step>
  readonly description: Signal<DescribeAnswer | null>
  readonly session: Signal<SessionView | null>
  /** What the person said about this computer, for every way in. */
  readonly privateComputer: Signal<boolean>
  /** Null before one is taken in and after it was closed. */
  message: KeptMessage | null
  /** Settles when a message that comes with the page is there, or cannot be taken in; nothing goes on before. */
  arrived: Promise<unknown>
  /** How a sign-in ended that this page began with, until a message takes it up. */
  outcome: SignInOutcome | null
  /** What failed last, to be done once more. */
  again: () => Promise<void>
  /** Ends the opening that is under way. */
  stopOpening: () => void
  /** True while the browser goes back to the first step by itself. */
  unwinding: boolean
  /** Says now and then that this tab still has its message. */
  touching: ReturnType<typeof setInterval> | undefined
}

export function newReading(needs: ReaderNeeds): Reading {
  return {
    needs,
    step: signal<Step>({ kind: 'loading' }),
    description: signal<DescribeAnswer | null>(null),
    session: signal<SessionView | null>(null),
    privateComputer: signal(false),
    message: null,
    arrived: Promise.resolve(),
    outcome: null,
    again: () => Promise.resolve(),
    stopOpening: () => undefined,
    unwinding: false,
    touching: undefined,
  }
}

/** Asks the portal who is signed in; also what keeps a session from ending. */
export async function askSession({ needs, session }: Reading): Promise<void> {
  const answer = await needs.portal.session()
  if (answer.ok) session.value = answer.value
}
