import type { Signal } from '../ui/signal.ts'
import { signInPath } from '../../core/api/sign-in-results.ts'
import type { SignInPrompt } from '../../core/api/sign-in-results.ts'
import type {
  DescribeAnswer,
  PasscodeDelivery,
  PasscodeRequest,
  SessionView,
} from '../../core/api/messages.ts'
import type { KeptMessage } from '../opener/tab-store.ts'
import type { PostedPage } from '../opener/posted-page.ts'
import { begin, beginKept, takeMessage } from './begin-reading.ts'
import { closeReading, closeWithOtherTabs } from './close-reading.ts'
import { askPasscode, chooseAddress, enterPasscode, wantPasscode } from './passcode-way.ts'
import { takePasskey } from './passkey-way.ts'
import type { Refusal } from './portal-api.ts'
import { askSession, newReading } from './reading.ts'
import type { ReaderNeeds, Reading } from './reading.ts'
import { startReading } from './start-reading.ts'
import { endAssociation } from './step-history.ts'
import type { Step } from './step.ts'

/** What the reader page does; the components only draw `step` and call back. */
export interface Reader {
  readonly step: Signal<Step>
  readonly description: Signal<DescribeAnswer | null>
  readonly session: Signal<SessionView | null>
  /** What the person said about this computer, for every way in. */
  readonly privateComputer: Signal<boolean>
  /** @param posted the message that came with the page */
  readonly start: (posted?: PostedPage | null) => Promise<void>
  readonly takeMessage: (message: KeptMessage) => Promise<void>
  /** The person wants a passcode: at once when there is one address, else after saying which. */
  readonly wantPasscode: () => Promise<Refusal | null>
  /** Leaves for the provider; what comes next is a new page. */
  readonly signInWith: (provider: string, prompt: SignInPrompt) => Promise<void>
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
  /** Ends the opening that is under way; `retry` begins it anew. */
  readonly stopOpening: () => void
  readonly stay: () => Promise<void>
  readonly close: (how: 'signed-out' | 'session-ended') => Promise<void>
  readonly signInAgain: () => Promise<void>
}

/** Draws nothing and knows no element: `step` says what the screen shows. */
export function createReader(needs: ReaderNeeds): Reader {
  const reading = newReading(needs)
  const { step, description, session, privateComputer } = reading
  return {
    step,
    description,
    session,
    privateComputer,
    start: (posted = null) => {
      closeWithOtherTabs(reading)
      return startReading(reading, posted)
    },
    takeMessage: message => takeMessage(reading, message),
    wantPasscode: () => onceArrived(reading, wantPasscode),
    // What is not kept yet would not be there on coming back.
    signInWith: async (provider, prompt) =>
      void (await onceArrived(reading, async () => leaveForSignIn(reading, provider, prompt))),
    usePasskey: () => onceArrived(reading, takePasskey),
    providerName: id => providerName(description.value, id),
    chooseAddress: () => chooseAddress(reading),
    chooseOtherWay: () => {
      endAssociation()
      step.value = { kind: 'choose', trouble: null }
    },
    askPasscode: recipient => askPasscode(reading, recipient),
    enterPasscode: code => enterPasscode(reading, code),
    passcodeDelivery: async id => {
      const answer = await needs.portal.passcodeDelivery(id)
      return answer.ok ? answer.value : null
    },
    back: () => history.back(),
    retry: () => reading.again(),
    stopOpening: () => reading.stopOpening(),
    stay: () => askSession(reading),
    close: how => closeReading(reading, how),
    signInAgain: () => {
      const { message } = reading
      return message === null ? beginKept(reading) : begin(reading, message)
    },
  }
}

/** Null also where the message could not be taken in: the page says so already. */
async function onceArrived<T>(
  reading: Reading,
  takeWay: (reading: Reading) => Promise<T>,
): Promise<T | null> {
  await reading.arrived
  return reading.message === null ? null : takeWay(reading)
}

function leaveForSignIn(
  { needs, description, privateComputer }: Reading,
  provider: string,
  prompt: SignInPrompt,
): void {
  const organisation = description.value?.organisation.id ?? ''
  const isPrivate = privateComputer.value
  const start = { provider, organisation, privateComputer: isPrivate, prompt }
  needs.leaveFor(signInPath({ ...start, page: 'read' }))
}

function providerName(description: DescribeAnswer | null, id: string): string {
  return description?.methods.providers.find(provider => provider.id === id)?.name ?? id
}
