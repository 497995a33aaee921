import type { DescribeAnswer, SessionView } from '../../core/api/messages.ts'
import type { SignInOutcome } from '../../core/api/sign-in-results.ts'
import type { PasscodeRequest } from '../../core/api/messages.ts'
import type { HistoryStep, WaitingAccount } from './step-history.ts'
import type { AskedPasscode, Step, Trouble } from './step.ts'

/** Steps that the browser's Back and Forward move between. */
export function isStepOfHistory({ kind }: Step): boolean {
  return ['choose', 'associate', 'which', 'code'].includes(kind)
}

/** The step that the address bar stands at; the choice when what it needs is gone. */
export function stepOfHistory(
  at: HistoryStep,
  account: WaitingAccount | undefined,
  asked: AskedPasscode | null,
): Step {
  if (at === 'code' && asked !== null) return { kind: 'code', asked }
  if (at === 'which') return { kind: 'which' }
  if (at === 'associate' && account !== undefined) return { kind: 'associate', account }
  return { kind: 'choose', trouble: null }
}

/** Back from a provider, and the message does not open yet; `open`: ask for the key all the same. */
export function stepAfterReturn(
  outcome: SignInOutcome,
  methods: DescribeAnswer['methods'],
  account: SessionView['account'],
): Step | 'open' {
  const { result } = outcome
  const isValid = result === 'proven' || result === 'passcode-needed'
  if (isValid && methods.passcode && account !== null)
    return { kind: 'associate', account: { provider: account.provider, id: account.id } }
  return result === 'proven' ? 'open' : { kind: 'choose', trouble: null, outcome }
}

/** Refusals after which signing in (again, or with another address) is the next step. */
const signInHelps: ReadonlySet<string> = new Set([
  'sign-in-required',
  'not-a-recipient',
  'assurance-too-low',
])

export function stepAfterTrouble(trouble: Trouble): Step {
  return signInHelps.has(trouble.code) ? { kind: 'choose', trouble } : { kind: 'trouble', trouble }
}

/** Whom the passcode goes to when nobody need be asked; null when there is a choice. */
export function onlyRecipient(
  description: DescribeAnswer | null,
): PasscodeRequest['recipient'] | null {
  const [only, ...others] = description?.recipients ?? []
  return only === undefined || others.length > 0 ? null : { index: only.index }
}
