/**
 * The steps before the message as entries of the browser's history, so that Back goes to the step
 * before, and from the message to where the reader came from.
 */
export type HistoryStep = 'choose' | 'associate' | 'which' | 'code'

/** An account that was shown and is to be associated; what it is called stays with the session. */
export interface WaitingAccount {
  /** Id of the provider. */
  readonly provider: string
  /** `SessionView.account.id` */
  readonly id: string
}

interface Entry {
  readonly step: HistoryStep
  readonly depth: number
  /** For `associate` and what follows it. */
  readonly account?: WaitingAccount
}

function current(): Entry {
  const state: unknown = history.state
  if (typeof state === 'object' && state !== null && 'step' in state && 'depth' in state)
    return state as Entry
  return { step: 'choose', depth: 0 }
}

/** The step that the address bar stands at; also after a reload. */
export function historyStep(): HistoryStep {
  return current().step
}

/** The account that waits to be associated; undefined when none does. */
export function historyAccount(): WaitingAccount | undefined {
  return current().account
}

/** Goes one step deeper; the same step again changes nothing. */
export function pushStep(step: HistoryStep): void {
  const now = current()
  if (now.step === step) return
  history.pushState({ ...now, step, depth: now.depth + 1 } satisfies Entry, '', location.href)
}

/** The page began with an account that does not prove the address. */
export function beginAssociation(account: WaitingAccount): void {
  const { depth } = current()
  history.replaceState({ step: 'associate', depth, account } satisfies Entry, '', location.href)
}

/** Back to the first step, without leaving entries that Back would stop at; true when `popstate` follows. */
export function unwindSteps(): boolean {
  const { depth } = current()
  if (depth > 0) history.go(-depth)
  return depth > 0
}

/** The account is left aside: from here the choice is as if nobody had signed in. */
export function endAssociation(): void {
  const { depth } = current()
  history.pushState({ step: 'choose', depth: depth + 1 } satisfies Entry, '', location.href)
}
